"""The `Range` of a request (RFC 9110 14.2): one at a time, in bytes. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_ONE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Span(NamedTuple):
    start: int
    end: int
    """The last byte, included."""

    @property
    def length(self) -> int:
        return self.end - self.start + 1


class NotSatisfiable(Exception):
    """Nothing of the file lies there: answered with 416."""


def find_span(wanted: str | None, size: int) -> Span | None:
    """What a `Range` asks for; None: the whole. What we do not understand is no range.

    Raises NotSatisfiable.
    """
    match = _ONE.fullmatch(wanted.strip()) if wanted is not None else None
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise NotSatisfiable
        return Span(size - length, size - 1)
    if int(first) >= size or (last and int(last) < int(first)):
        raise NotSatisfiable
    return Span(int(first), min(int(last), size - 1) if last else size - 1)
