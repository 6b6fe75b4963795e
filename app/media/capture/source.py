"""What every source gives: pictures and sound on the broadcast's clock.

A source is open once it exists: what can fail early fails in its constructor, with a SourceError.
It calls back on its own thread from `start` to `stop`; the callback must not block. What happens
on the way (lost, back, damaged, ended) it tells by `app.media.events`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import av

SAMPLE_RATE_HZ: Final = 48_000
CHANNELS: Final = 2
FRAME_RATE_MAX: Final = Fraction(60)
"""Faster sources are thinned to this."""

FRAME_RATE_DEFAULT: Final = Fraction(30)
REOPEN_INTERVAL_S: Final = 1.0
"""A lost device or address is tried again this often."""

SIGNAL_TIMEOUT_S: Final = 1.0
"""A source that has given nothing for so long shows its "no signal" card, or silence."""

JOIN_TIMEOUT_S: Final = 3.0
"""How long `stop` waits for a thread; a device that hangs in its driver is left behind."""

Samples = npt.NDArray[np.float32]
"""Shape (n, CHANNELS), full scale -1..1, SAMPLE_RATE_HZ."""


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """A raw picture of any size and pixel format. Whoever receives it may read it for ever and
    never writes to it: several encoders share it."""

    image: av.VideoFrame
    pts_us: int
    """When it was captured, on the broadcast's clock."""
    pixel_shape: Fraction = Fraction(1)
    """Width of a pixel over its height; not 1 in old video formats."""


@dataclass(frozen=True, slots=True)
class AudioBlock:
    """A run of sound, of any length."""

    samples: Samples
    pts_us: int
    """When its first sample was captured, on the broadcast's clock."""


class SourceState(StrEnum):
    RUNNING = "running"
    NO_SIGNAL = "no_signal"
    ENDED = "ended"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class VideoSourceInfo:
    name: str
    """For people: "test card", "camera 0", a file's name."""
    width: int
    height: int
    frame_rate: Fraction
    """Nominal; the pts decide."""


@dataclass(frozen=True, slots=True)
class AudioSourceInfo:
    name: str


class VideoSource(Protocol):
    @property
    def info(self) -> VideoSourceInfo: ...

    @property
    def state(self) -> SourceState: ...

    @property
    def frames_missed(self) -> int:
        """Frames that should have come and did not, because this machine was late."""
        ...

    def start(self, on_frame: Callable[[VideoFrame], None]) -> None: ...

    def stop(self) -> None:
        """Bounded; joins its thread and closes what it opened. Also for a source never started."""
        ...


@runtime_checkable
class RestingSource(Protocol):
    """A VideoSource that need not make pictures while nobody sees them."""

    def rest(self, *, is_resting: bool) -> None:
        """Any thread. What is left out meanwhile was not missed."""
        ...


class AudioSource(Protocol):
    @property
    def info(self) -> AudioSourceInfo: ...

    @property
    def state(self) -> SourceState: ...

    @property
    def samples_lost(self) -> int:
        """Samples that the device gave and that could not be kept."""
        ...

    def start(self, on_block: Callable[[AudioBlock], None]) -> None: ...

    def stop(self) -> None: ...
