"""What comes in from a foreign encoder, and its place on the broadcast's clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from fractions import Fraction

    from app.media.capture.source import Samples
    from app.media.flv.bitstream import Codec

HELD_MAX: Final = 1_200
"""Ten seconds of 60 pictures and 47 pieces of sound."""
AHEAD_US_MAX: Final = 1_000_000
BEHIND_US_MAX: Final = 2_000_000
"""Outside of these the sender's time jumped, or its clock runs too differently from ours."""


@dataclass(frozen=True, slots=True)
class ArrivedPicture:
    """One access unit, Annex B, times in the sender's microseconds."""

    payload: bytes
    pts_us: int
    dts_us: int
    is_keyframe: bool


@dataclass(frozen=True, slots=True)
class ArrivedSound:
    """Decoded, 48 kHz stereo."""

    samples: Samples
    pts_us: int


@dataclass(frozen=True, slots=True)
class StreamShape:
    """What must be known before a broadcast can begin."""

    codec: Codec
    width: int
    height: int
    frame_rate: Fraction
    has_sound: bool
    is_reordered: bool
    """B-frames: pictures come in another order than they are shown."""


class Intake(Protocol):
    """Where arrivals go. `push` is called from one thread and does not block for long."""

    def push(self, item: ArrivedPicture | ArrivedSound) -> None: ...


class HeldGop:
    """What came since the last keyframe, while nobody takes it yet: a foreign encoder cannot be
    asked for another, and its next may be eight seconds away. A longer one is given up."""

    def __init__(self) -> None:
        self._items: list[ArrivedPicture | ArrivedSound] = []
        self._is_whole = False

    def push(self, item: ArrivedPicture | ArrivedSound) -> None:
        if isinstance(item, ArrivedPicture) and item.is_keyframe:
            self._items, self._is_whole = [item], True
        elif self._is_whole and len(self._items) < HELD_MAX:
            self._items.append(item)
        else:
            # A gap would break what comes behind it: wait for the next keyframe.
            self._items, self._is_whole = [], False

    def take(self) -> list[ArrivedPicture | ArrivedSound]:
        items, self._items, self._is_whole = self._items, [], False
        return items


class Anchor:
    """Lays the sender's time on ours: the first item is now, and the rest keeps its distance."""

    def __init__(self) -> None:
        self._offset_us: int | None = None
        self.jumps = 0
        """How often the sender's time jumped, the first placing not counted."""

    def place(self, time_us: int, now_us: int) -> int:
        """Our time of the sender's."""
        if self._offset_us is None:
            self._offset_us = now_us - time_us
        elif not -BEHIND_US_MAX <= time_us + self._offset_us - now_us <= AHEAD_US_MAX:
            self._offset_us = now_us - time_us
            self.jumps += 1
        return time_us + self._offset_us

    def set(self, time_us: int, our_time_us: int) -> None:
        """The sender's time is ours of that instant."""
        self._offset_us = our_time_us - time_us

    def release(self) -> None:
        """The connection ended: the next one is placed anew."""
        if self._offset_us is not None:
            self._offset_us = None
            self.jumps += 1
