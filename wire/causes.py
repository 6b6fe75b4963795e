"""Why the relay itself did something, as one line that clients say in their own language. Pure.

The line stands wherever a reason stands: in a sanction, the book, a refusal. It is a kind and its
signals with their numbers, as in `auto:score writes_fast=12 same_text=8`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from wire.detection_events import SignalName
from wire.limits import REASON_CHARACTERS_MAX

CauseKind = Literal["score", "raid", "return"]
"""How somebody behaves, many newcomers at once, somebody banned who came back."""
PREFIX: Final = "auto:"
COUNT_MAX: Final = 10**9
_LINE: Final = re.compile(r"auto:([a-z]+)(?: x([0-9]{1,9}))?((?: [a-z_]+=[0-9]{1,9})*)(?: (\S.*))?")


@dataclass(frozen=True, slots=True)
class Causes:
    kind: CauseKind
    signals: tuple[tuple[SignalName, int], ...] = ()
    """With the number that the signal has: messages, minutes or people."""
    people: int = 0
    """Of a raid."""
    name: str = ""
    """Whom somebody may be."""


def pack_causes(
    kind: CauseKind,
    signals: Iterable[tuple[SignalName, int]] = (),
    *,
    people: int = 0,
    name: str = "",
) -> str:
    """Signals that do not fit any more are left out, the last first."""
    line = f"{PREFIX}{kind}" + (f" x{min(people, COUNT_MAX - 1)}" if people else "")
    for signal, count in signals:
        longer = f"{line} {signal}={min(max(0, count), COUNT_MAX - 1)}"
        if len(longer) + len(name) + 1 > REASON_CHARACTERS_MAX:
            break
        line = longer
    return f"{line} {name}" if name else line


def parse_causes(line: str) -> Causes | None:
    """None for the words of a person. Signals that are not known here are left out."""
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    kind = next((one for one in get_args(CauseKind) if one == match[1]), None)
    if kind is None:
        return None
    known: tuple[SignalName, ...] = get_args(SignalName)
    pairs = dict(pair.split("=") for pair in match[3].split())
    signals = tuple((one, int(pairs[one])) for one in pairs if one in known)
    return Causes(kind, _typed(signals, known), int(match[2] or 0), match[4] or "")


def _typed(
    pairs: tuple[tuple[str, int], ...], known: tuple[SignalName, ...]
) -> tuple[tuple[SignalName, int], ...]:
    names = {str(name): name for name in known}
    return tuple((names[name], count) for name, count in pairs)
