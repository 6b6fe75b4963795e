"""Reading a log of choices from a CSV file: `user,item,timestamp[,weight][,live_from,live_to]`.

A first line that names the columns may put them in any order; without one they stand as above.
Times are Unix seconds, Unix milliseconds or ISO 8601; times without a zone are taken as UTC.
"""

from __future__ import annotations

import csv
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from server.discovery.log import Log, Numbers
from server.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COLUMNS: Final = ("user", "item", "timestamp", "weight", "live_from", "live_to")
ROWS_MAX: Final = 50_000_000
FIELD_CHARACTERS_MAX: Final = 1_000
_MILLISECONDS_FROM: Final = 1e11
"""As seconds this would be the year 5138."""


class Named(NamedTuple):
    """A log, and whom its numbers mean."""

    log: Log
    users: Numbers[str]
    items: Numbers[str]


def read_csv(path: Path) -> Log:
    """As `read_csv_named`, without the names."""
    return read_csv_named(path).log


def read_csv_named(path: Path) -> Named:
    """Sorted by time, weights cut at the top 0.1 %, visits of one sitting joined.

    Raises SettingsError with the line and what is wrong with it.
    """
    csv.field_size_limit(FIELD_CHARACTERS_MAX)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read(csv.reader(file), path.name)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name} is not UTF-8 text") from None
    except csv.Error as error:
        raise SettingsError(f"{path.name} is no CSV file: {error}") from None


def _read(lines: csv._reader, name: str) -> Named:  # type: ignore[name-defined] # the stubs call it so
    users: Numbers[str] = Numbers()
    items: Numbers[str] = Numbers()
    table: list[tuple[float, ...]] = []
    columns: tuple[int | None, ...] | None = None
    for number, line in enumerate(lines, start=1):
        if not line or (len(line) == 1 and not line[0].strip()):
            continue
        if columns is None:
            columns = _find_columns(line, f"{name}, line {number}")
            if _is_heading(line):
                continue
        where = f"{name}, line {number}"
        if len(table) >= ROWS_MAX:
            raise SettingsError(f"{name} has more than {ROWS_MAX} rows")
        table.append(_parse(line, columns, users, items, where))
    if not table:
        raise SettingsError(f"{name} has no rows")
    values = np.array(table, dtype=np.float64)
    has_times = columns is not None and columns[4] is not None and columns[5] is not None
    log = Log(
        users=values[:, 0].astype(np.int64),
        streamers=values[:, 1].astype(np.int64),
        at_s=values[:, 2],
        weights=values[:, 3],
        users_count=len(users),
        streamers_count=len(items),
        live_from=values[:, 4] if has_times else None,
        live_to=values[:, 5] if has_times else None,
    )
    return Named(log.sorted().winsorised().sessionised(), users, items)


def _is_heading(line: Sequence[str]) -> bool:
    return "user" in [field.strip().lower() for field in line]


def _find_columns(line: Sequence[str], where: str) -> tuple[int | None, ...]:
    """Where each of COLUMNS stands."""
    if _is_heading(line):
        names = [field.strip().lower() for field in line]
        places = tuple(names.index(one) if one in names else None for one in COLUMNS)
        missing = [one for one, place in zip(COLUMNS[:3], places, strict=False) if place is None]
        if missing:
            raise SettingsError(f"{where}: there is no column {missing[0]}")
        return places
    count = len(line)
    if count == 5:  # user, item, timestamp, live_from, live_to
        return (0, 1, 2, None, 3, 4)
    if not 3 <= count <= len(COLUMNS):
        raise SettingsError(
            f"{where}: {count} fields, wanted user,item,timestamp[,weight][,live_from,live_to]"
        )
    return tuple(place if place < count else None for place in range(len(COLUMNS)))


def _parse(
    line: Sequence[str],
    columns: tuple[int | None, ...],
    users: Numbers[str],
    items: Numbers[str],
    where: str,
) -> tuple[float, ...]:
    def field(column: int) -> str | None:
        place = columns[column]
        if place is None:
            return None
        if place >= len(line):
            raise SettingsError(f"{where}: there is no {COLUMNS[column]}")
        return line[place].strip()

    user, item, at = field(0), field(1), field(2)
    if not user or not item or not at:
        raise SettingsError(f"{where}: user, item and timestamp must not be empty")
    at_s = _parse_time(at, where)
    weight = field(3)
    begins, ends = field(4), field(5)
    return (
        float(users.number(user)),
        float(items.number(item)),
        at_s,
        _parse_number(weight, where) if weight else 1.0,
        _parse_time(begins, where) if begins else at_s,
        _parse_time(ends, where) if ends else at_s,
    )


def _parse_time(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise SettingsError(f"{where}: {text[:40]!r} is no time") from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.timestamp()
    if not math.isfinite(value):
        raise SettingsError(f"{where}: {text[:40]!r} is no time")
    return value / 1000.0 if abs(value) >= _MILLISECONDS_FROM else value


def _parse_number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SettingsError(f"{where}: {text[:40]!r} is no weight")
    return value
