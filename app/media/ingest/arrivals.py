"""What comes in from a foreign encoder, and its place on the broadcast's clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from fractions import Fraction

    from app.media.capture.source import Samples
    from app.media.flv.bitstream import Codec

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

    def release(self) -> None:
        """The connection ended: the next one is placed anew."""
        if self._offset_us is not None:
            self._offset_us = None
            self.jumps += 1
