"""Remote video to pictures: an explicit codec, bounded memory, and nothing that a stream raises.

Garbage costs the pictures up to the next keyframe and no more. What a picture may measure is given
to FFmpeg itself (`max_pixels`): a 197 KB packet that claims 8192x8192 is refused in 21 ms instead
of taking 159 MB and 305 ms.

`PictureCodec` is what the decoder child runs; `VideoDecoder` is the same within this process, for
measuring what the child costs and for machines where none can be started.
"""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol

import av
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext

from app.media.playback.decoder_messages import PIXELS_MAX

if TYPE_CHECKING:
    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo

MICROSECONDS: Final = Fraction(1, 1_000_000)
THREADS: Final = 2
"""Slice threads: frame threads would each add a frame of delay."""
UNITS_MAX: Final = 2000
"""Of one packet; level 6.2 of H.265 allows 600 slices. FFmpeg keeps a record of each: 2 MB of empty
ones took it 1.2 s and more than 1 GB."""
DECODE_ERRORS: Final = (FFmpegError, ValueError, ArithmeticError, MemoryError, EOFError)

_DECODERS: Final = {"h264": "h264", "h265": "hevc", "av1": "libdav1d"}
_CODECS_OF_UNITS: Final = frozenset({"h264", "h265"})
_UNIT_START: Final = b"\x00\x00\x01"
_LOW_DELAY: Final = 1 << 19
"""AV_CODEC_FLAG_LOW_DELAY."""


class PictureDecoder(Protocol):
    """What a `VideoPlayer` needs. `interrupt` comes from any thread, the rest from one."""

    errors: int

    @property
    def restarts(self) -> int:
        """How often a child had to be replaced."""

    @property
    def is_waiting(self) -> bool:
        """Nothing can be decoded before the next keyframe."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def interrupt(self) -> None:
        """Whatever is being decoded is not wanted any more, and nothing will be."""

    def decode(
        self, packet: MediaPacket, track: TrackInfo, *, is_wanted: bool = True
    ) -> list[av.VideoFrame]:
        """The pictures that this packet completes, their pts in microseconds. Never raises.

        Not wanted: it is decoded for the sake of later ones, and gives none.
        """

    def drain(self) -> list[av.VideoFrame]:
        """The stream ends here: the pictures that waited for later ones, as with B-frames. Never
        raises. The next keyframe starts afresh."""

    def reset(self) -> None:
        """Forget the references: the next keyframe starts afresh."""


class PictureCodec:
    """FFmpeg's decoder of one codec at a time. Raises DECODE_ERRORS. One thread."""

    def __init__(self) -> None:
        self._context: VideoCodecContext | None = None
        self._codec = ""

    def decode(self, codec: str, payload: bytes, pts_us: int) -> list[av.VideoFrame]:
        if codec in _CODECS_OF_UNITS and payload.count(_UNIT_START) > UNITS_MAX:
            raise ValueError("more units than a picture has")
        if self._context is None or self._codec != codec:
            self._context = _open(codec)
            self._codec = codec
        encoded = av.Packet(payload)
        encoded.pts = encoded.dts = pts_us
        encoded.time_base = MICROSECONDS
        return _timed(self._context.decode(encoded))

    def drain(self) -> list[av.VideoFrame]:
        """All that waits for later packets; none may follow but a keyframe."""
        context, self._context = self._context, None
        return _timed(context.decode(None)) if context is not None else []

    def reset(self) -> None:
        self._context = None


class VideoDecoder:
    """In this process. One layer's decoder at a time. One thread."""

    def __init__(self) -> None:
        self._codec = PictureCodec()
        self._is_waiting = True
        self.errors = 0
        self.restarts = 0

    @property
    def is_waiting(self) -> bool:
        return self._is_waiting

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        self.reset()

    def interrupt(self) -> None:
        """A decoder within the process cannot be interrupted: that is why there is a child."""

    def decode(
        self, packet: MediaPacket, track: TrackInfo, *, is_wanted: bool = True
    ) -> list[av.VideoFrame]:
        if packet.is_keyframe:
            self._is_waiting = False
        elif self._is_waiting:
            return []
        try:
            pictures = self._codec.decode(track.codec, packet.payload, packet.pts_us)
        except DECODE_ERRORS:
            self.errors += 1
            self.reset()
            return []
        return pictures if is_wanted else []

    def drain(self) -> list[av.VideoFrame]:
        try:
            return self._codec.drain()
        except DECODE_ERRORS:
            self.errors += 1
            return []
        finally:
            self.reset()

    def reset(self) -> None:
        self._codec.reset()
        self._is_waiting = True


def _timed(pictures: list[av.VideoFrame]) -> list[av.VideoFrame]:
    for picture in pictures:
        picture.time_base = MICROSECONDS
    return [picture for picture in pictures if picture.pts is not None]


def _open(codec: str) -> VideoCodecContext:
    context = av.CodecContext.create(_DECODERS[codec], "r")
    if not isinstance(context, VideoCodecContext):
        raise TypeError(f"{codec} is not a video codec")
    context.options = {"max_pixels": str(PIXELS_MAX)}
    context.flags |= _LOW_DELAY
    context.thread_type = "SLICE"
    context.thread_count = THREADS
    context.open()
    return context


def measure_decode_us(started_ns: int) -> int:
    """Time since, in microseconds."""
    return (time.perf_counter_ns() - started_ns) // 1000
