"""A piece of a recording from picture to picture: its pictures are encoded again, with others laid
over them where wanted. Sound is copied: its packets are 20 ms.

All of the clip is encoded and not only its edges. A file has one set of parameters for all its
pictures, and those of the recording's encoder are another's; clips are short.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
from av.error import FFmpegError, InvalidDataError

from app.media.clipping.overlay import Placed, is_bt709, lay_over
from app.media.clipping.part_file import write_whole
from app.media.clipping.recording import (
    ClipMade,
    Marks,
    OpenRecording,
    Source,
    Watch,
    open_recording,
    to_us,
)
from app.media.errors import ClippingCancelled, ClippingFailed

EXACT_MS_MAX: Final = 6 * 3_600_000
"""Longer ones would take days on a small machine."""
TICKS: Final = Fraction(1, 90_000)
ENCODER: Final = "libx264"
OPTIONS: Final = {"preset": "veryfast", "crf": "20", "forced-idr": "1"}
GOP_FRAMES: Final = 60
FRAME_RATE_DEFAULT: Final = Fraction(30)
PassOver = Callable[[float, int, int, bool], list[Placed]]
"""What lies over the picture at a moment in ms of the recording, for its width and height, in
BT.709 or BT.601."""


def encode_clip(
    source: Source,
    marks: Marks,
    path: Path,
    watch: Watch | None = None,
    *,
    lay: PassOver | None = None,
) -> ClipMade:
    """Write an MP4 file. Blocks. Raises ClippingFailed."""
    marks.check()
    if marks.to_ms is not None and marks.to_ms - marks.from_ms > EXACT_MS_MAX:
        raise _too_long()
    with write_whole(path) as part:
        try:
            with open_recording(source, marks.from_ms) as recording:
                encoding = _Encoding(recording, marks, part, watch or Watch(), lay)
                encoding.run()
        except FFmpegError as error:
            if isinstance(error, OSError):
                raise
            raise ClippingFailed(f"the clip cannot be encoded: {error}", "cannot_encode") from None
        size = part.stat().st_size
    return ClipMade(path, encoding.began_us // 1000, encoding.length_us // 1000, size)


def _too_long() -> ClippingFailed:
    return ClippingFailed(f"an exact clip has at most {EXACT_MS_MAX // 60_000} minutes", "too_long")


class _Encoding:
    def __init__(
        self,
        recording: OpenRecording,
        marks: Marks,
        part: Path,
        watch: Watch,
        lay: PassOver | None,
    ) -> None:
        self._recording = recording
        self._from_us = marks.from_ms * 1000
        self._to_us = (marks.from_ms + EXACT_MS_MAX if marks.to_ms is None else marks.to_ms) * 1000
        self._is_open_ended = marks.to_ms is None
        self._part = part
        self._watch = watch
        self._lay = lay
        self._rate: Fraction = FRAME_RATE_DEFAULT
        self._file: Any = None
        self._pictures: Any = None
        self._sound: Any = None
        self._last_tick = -1
        self._decoded = 0
        self.began_us = self._from_us
        self.length_us = 0

    def run(self) -> None:
        recording = self._recording
        if recording.video is None:
            raise ClippingFailed("the recording has no pictures to encode", "no_pictures")
        options = {"movflags": "faststart"}
        with av.open(str(self._part), "w", format="mp4", options=options) as self._file:
            self._add_tracks(recording.video)
            if self._from_us and not recording.is_near and not self._seek():
                recording.seek(0)
            self._take()
            if self._last_tick < 0:
                raise ClippingFailed(
                    "nothing of the recording lies between the marks", "nothing_there"
                )
            self._mux(self._pictures.encode(None))
        self._watch.on_progress(1.0)

    def _seek(self) -> bool:
        """Whether a keyframe before the mark is what comes next."""
        if not self._recording.seek(self._from_us):
            return False
        for packet in self._recording.container.demux(self._recording.video):
            if packet.pts is None:
                return False
            if packet.is_keyframe:
                is_before = self._moment_us(packet) <= self._from_us
                return is_before and self._recording.seek(self._from_us)
        return False

    def _add_tracks(self, video: Any) -> None:
        self._rate = video.average_rate or FRAME_RATE_DEFAULT
        self._pictures = self._file.add_stream(ENCODER, rate=self._rate, options=OPTIONS)
        context = self._pictures.codec_context
        context.width, context.height = video.width // 2 * 2, video.height // 2 * 2
        context.pix_fmt = "yuv420p"
        context.time_base = TICKS
        context.gop_size = GOP_FRAMES
        if self._recording.audio is not None:
            self._sound = self._file.add_stream_from_template(self._recording.audio)

    def _take(self) -> None:
        passed: set[int] = set()
        tracks = self._recording.tracks
        for packet in self._recording.container.demux(tracks):
            if self._watch.is_cancelled():
                raise ClippingCancelled("the clip was cancelled")
            index = packet.stream.index
            if index in passed:
                continue
            if packet.stream is self._recording.audio:
                is_over = self._copy_sound(packet)
            else:
                is_over = self._take_pictures(packet)
            if is_over:
                passed.add(index)
                if len(passed) == len(tracks):
                    return

    def _take_pictures(self, packet: Any) -> bool:
        """Whether the end is passed."""
        try:
            frames = packet.decode()
        except InvalidDataError:
            return False  # one broken picture does not end the clip
        for frame in frames:
            if frame.pts is None:
                continue
            at_us = self._moment_us(frame)
            if at_us >= self._to_us:
                if self._is_open_ended:
                    raise _too_long()
                return True
            if at_us >= self._from_us:
                self._encode(frame, at_us)
        return False

    def _encode(self, frame: Any, at_us: int) -> None:
        tick = max(self._last_tick + 1, round((at_us - self._from_us) * 9 / 100))
        self._last_tick = tick
        placed = []
        if self._lay is not None:
            is_709 = is_bt709(int(frame.colorspace), frame.height)
            placed = self._lay(at_us / 1000, frame.width, frame.height, is_709)
        picture = lay_over(frame, placed)
        picture.pts, picture.time_base = tick, TICKS
        self._mux(self._pictures.encode(picture))
        step_us = round(1_000_000 / self._rate)
        self.length_us = max(self.length_us, at_us - self._from_us + step_us)
        ends_us = min(self._to_us, self._recording.duration_us or self._to_us)
        if ends_us > self._from_us:
            self._watch.on_progress(min(1.0, (at_us - self._from_us) / (ends_us - self._from_us)))

    def _copy_sound(self, packet: Any) -> bool:
        """Whether the end is passed."""
        if packet.pts is None or packet.dts is None or packet.is_corrupt:
            return False
        at_us = self._moment_us(packet)
        if at_us >= self._to_us:
            return True
        if at_us >= self._from_us:
            shift_us = self._from_us + self._recording.starts_us
            shift = round(shift_us / 1_000_000 / packet.time_base)
            packet.pts -= shift
            packet.dts -= shift
            packet.stream = self._sound
            self._file.mux(packet)
        return False

    def _mux(self, packets: list[Any]) -> None:
        for packet in packets:
            self._file.mux(packet)

    def _moment_us(self, timed: Any) -> int:
        return to_us(timed.pts, timed.time_base) - self._recording.starts_us
