"""Samples of a recording to pictures and sound: explicit codecs, and nothing that a file raises."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext

from app.media.playback.audio_decoder import CHANNELS, SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from app.media.playback.time_stretch import Samples
    from app.media.replay.fragments import Sample, Track

MICROSECONDS: Final = Fraction(1, 1_000_000)
PIXELS_MAX: Final = 4096 * 2304
THREADS: Final = 2
_DECODERS: Final = {"h264": "h264", "h265": "hevc", "av1": "libdav1d"}
_FAILURES: Final = (FFmpegError, ValueError, MemoryError, EOFError)


class PictureDecoder:
    """One thread. Nothing comes before the first keyframe after the start or a jump."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._context: VideoCodecContext | None = None
        self._is_waiting = True
        self.errors = 0

    def decode(self, sample: Sample, payload: bytes, pts_us: int) -> list[av.VideoFrame]:
        """The pictures that it completes, their pts as given."""
        if sample.is_sync:
            self._is_waiting = False
        elif self._is_waiting:
            return []
        try:
            context = self._context = self._context or self._open()
            packet = av.Packet(payload)
            packet.pts, packet.dts = pts_us, pts_us - (sample.pts_us - sample.dts_us)
            packet.time_base = MICROSECONDS
            return [one for one in context.decode(packet) if one.pts is not None]
        except _FAILURES:
            self.errors += 1
            self.jump()
            return []

    def drain(self) -> list[av.VideoFrame]:
        """Those still within: the recording is over."""
        if self._context is None:
            return []
        try:
            return [one for one in self._context.decode(None) if one.pts is not None]
        except _FAILURES:
            return []
        finally:
            self._context = None

    def jump(self) -> None:
        """The next sample does not follow the last one."""
        self._context = None
        self._is_waiting = True

    def _open(self) -> VideoCodecContext:
        codec = _DECODERS[self._track.codec or ""]
        context = av.CodecContext.create(codec, "r")
        if not isinstance(context, VideoCodecContext):
            raise TypeError(f"{codec} is not a video codec")
        if self._track.extradata:
            context.extradata = self._track.extradata
        context.options = {"max_pixels": str(PIXELS_MAX)}
        context.thread_type = "SLICE"
        context.thread_count = THREADS
        context.open()
        return context


class SoundDecoder:
    """Opus to 48 kHz stereo. One thread."""

    def __init__(self) -> None:
        self._context: AudioCodecContext | None = None
        self.errors = 0

    def decode(self, payload: bytes, pts_us: int) -> Samples | None:
        """Of shape (frames, 2); None where there is nothing to hear."""
        try:
            context = self._context = self._context or _open_opus()
            packet = av.Packet(payload)
            packet.pts = packet.dts = pts_us
            packet.time_base = MICROSECONDS
            blocks = [_to_stereo(frame) for frame in context.decode(packet)]
        except _FAILURES:
            self.errors += 1
            self._context = None
            return None
        return np.concatenate(blocks) if blocks else None

    def jump(self) -> None:
        self._context = None


def _open_opus() -> AudioCodecContext:
    context = av.CodecContext.create("libopus", "r")
    if not isinstance(context, AudioCodecContext):
        raise TypeError("libopus is not an audio codec")
    context.sample_rate = SAMPLE_RATE_HZ
    context.layout = "stereo"
    context.open()
    return context


def _to_stereo(frame: av.AudioFrame) -> Samples:
    data = frame.to_ndarray()
    channels = frame.layout.nb_channels
    interleaved = data.reshape(-1, channels) if not frame.format.is_planar else data.T
    if interleaved.dtype == np.int16:
        samples = interleaved.astype(np.float32) / 32768.0
    else:
        samples = interleaved.astype(np.float32)
    if channels == 1:
        samples = np.repeat(samples, CHANNELS, axis=1)
    return np.ascontiguousarray(samples[:, :CHANNELS])
