"""Floods: the same text, or nearly the same, again and again, from one sender or from many.

A text is remembered as 64 bits that change little when the text does (simhash over its folded
letters by threes), so a room's last half minute takes a few kilobytes and one comparison is a
count of bits.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

import numpy as np

from server.moderation.folding import fold

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

WINDOW_S: Final = 30.0
TEXTS_MAX: Final = 300
"""Texts of one room that are remembered."""
ROOMS_MAX: Final = 500
ONE_TEXTS: Final = 3
MANY_SENDERS: Final = 6
DISTANCE_MAX: Final = 16
"""Bits in which two texts that are nearly the same may differ."""
NEAR_LETTERS_MIN: Final = 10
"""Shorter texts must be the same: one letter more is another word."""
MANY_LETTERS_MIN: Final = 6
"""What a whole room shouts at once ("666", "well played") is no flood of many."""

_DIGITS: Final = re.compile(r"\d+")
_GAPS: Final = re.compile("[ ,]+")
_RUN: Final = re.compile(r"(.)\1+", re.DOTALL)
_21: Final = np.uint64(21)
_42: Final = np.uint64(42)


class Print(NamedTuple):
    """What is remembered of a text."""

    bits: int
    letters: int


class Repeated(NamedTuple):
    """How often a text was said within the window, this time included."""

    by_sender: int
    senders: int


class _Room:
    """The last texts of a room, in rings that are compared all at once."""

    def __init__(self) -> None:
        self._bits = np.zeros(TEXTS_MAX, np.uint64)
        self._letters = np.zeros(TEXTS_MAX, np.int64)
        self._said_at_s = np.full(TEXTS_MAX, -np.inf)
        self._senders: list[Hashable] = [None] * TEXTS_MAX
        self._next = 0

    def add(self, sender: Hashable, found: Print, now_s: float) -> None:
        at = self._next
        self._bits[at], self._letters[at] = found.bits, found.letters
        self._said_at_s[at], self._senders[at] = now_s, sender
        self._next = (at + 1) % TEXTS_MAX

    def senders_of(self, found: Print, since_s: float) -> list[Hashable]:
        differing = np.bitwise_count(self._bits ^ np.uint64(found.bits))
        is_near = differing == 0
        if found.letters >= NEAR_LETTERS_MIN:
            is_near |= (differing <= DISTANCE_MAX) & (self._letters >= NEAR_LETTERS_MIN)
        is_near &= self._said_at_s >= since_s
        return [self._senders[at] for at in np.flatnonzero(is_near)]


class Floods:
    """Time is handed in, in seconds of a clock that only goes forward."""

    def __init__(self) -> None:
        self._rooms: OrderedDict[Hashable, _Room] = OrderedDict()

    def count(self, room: Hashable, sender: Hashable, found: Print, now_s: float) -> Repeated:
        """Note a text and tell how often it was said."""
        known = self._find(room)
        known.add(sender, found, now_s)
        near = known.senders_of(found, now_s - WINDOW_S)
        return Repeated(near.count(sender), len(set(near)))

    def _find(self, room: Hashable) -> _Room:
        known = self._rooms.setdefault(room, _Room())
        self._rooms.move_to_end(room)
        if len(self._rooms) > ROOMS_MAX:
            self._rooms.popitem(last=False)
        return known


def print_of(text: str) -> Print:
    """Of the letters without gaps and runs; of a text that has none, its characters."""
    letters = _squeeze(fold(text)) or _squeeze(text) or text
    if len(letters) < NEAR_LETTERS_MIN:
        encoded = letters.encode("utf-8", "surrogatepass")
        return Print(crc32(encoded) << 32 | crc32(encoded[::-1]), len(letters))
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    hashes = _mix((codes[:-2] << _42) ^ (codes[1:-1] << _21) ^ codes[2:])
    ones = np.unpackbits(hashes.view(np.uint8).reshape(-1, 8), axis=1).sum(axis=0)
    return Print(int.from_bytes(np.packbits(ones * 2 > len(hashes)).tobytes()), len(letters))


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each bit of a value decides about each bit of the result (splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _squeeze(text: str) -> str:
    """Numbers are one, for they are what is changed from one time to the next."""
    return _RUN.sub(r"\1", _GAPS.sub("", _DIGITS.sub("0", text)))
