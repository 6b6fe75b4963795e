"""A user's data as a zip of JSON: written row by row, so that memory does not grow with it."""

from __future__ import annotations

import contextlib
import json
import zipfile
from typing import IO, TYPE_CHECKING, Final

from server.privacy.rules import file_name

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

ABOUT_FILE: Final = "about.json"


def write_zip(
    file: IO[bytes],
    about: Mapping[str, object],
    sections: Iterable[tuple[str, Generator[Mapping[str, object]]]],
    on_row: Callable[[], None],
) -> None:
    """One JSON array for each section that has rows. `on_row` may raise to give up."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(ABOUT_FILE, json.dumps(about, ensure_ascii=False, indent=1) + "\n")
        for name, rows in sections:
            with contextlib.closing(rows):
                first = next(rows, None)
                if first is None:
                    continue
                with archive.open(file_name(name), "w") as entry:
                    entry.write(b"[\n" + _line(first))
                    on_row()
                    for row in rows:
                        entry.write(b",\n" + _line(row))
                        on_row()
                    entry.write(b"\n]\n")


def _line(row: Mapping[str, object]) -> bytes:
    return json.dumps(dict(row), ensure_ascii=False).encode()
