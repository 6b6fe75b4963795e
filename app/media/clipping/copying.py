"""A piece of a recording as it is: packets are copied, nothing is encoded. Begins at a keyframe.

A recording that is still being written has no index, and a jump in it may land anywhere: packets
are looked at, not trusted. The last group of pictures before the mark is held back until the mark
is passed, so that the clip begins at the nearest keyframe before it in any case.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import av
from av.error import FFmpegError

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

HELD_BYTES_MAX: Final = 128 * 1024 * 1024
"""Of a group of pictures: far beyond any that an encoder makes."""
PROGRESS_PACKETS: Final = 50
APPLE_TAG: Final = "hvc1"
"""Of H.265; QuickTime plays no other."""


def copy_clip(source: Source, marks: Marks, path: Path, watch: Watch | None = None) -> ClipMade:
    """Write an MP4 file. Blocks. Raises ClippingFailed."""
    marks.check()
    watch = watch or Watch()
    with write_whole(path) as part:
        try:
            with open_recording(source, marks.from_ms) as recording:
                copy = _Copy(recording, marks, part, watch)
                copy.run()
        except FFmpegError as error:
            if isinstance(error, OSError):
                raise
            raise ClippingFailed(f"the recording cannot be copied: {error}", "unreadable") from None
        size = part.stat().st_size
    return ClipMade(path, copy.began_us // 1000, copy.length_us // 1000, size)


class _Copy:
    def __init__(self, recording: OpenRecording, marks: Marks, part: Path, watch: Watch) -> None:
        self._recording = recording
        self._watch = watch
        self._from_us = marks.from_ms * 1000
        self._to_us = None if marks.to_ms is None else marks.to_ms * 1000
        self._part = part
        self._held: list[Any] = []
        """From the last keyframe before the mark on."""
        self._held_bytes = 0
        self._has_start = False
        """Whether what is held begins with something that a clip may begin with."""
        self._has_begun = False
        self._open_tracks = {track.index for track in recording.tracks}
        self._out: dict[int, Any] = {}
        self.began_us = 0
        self.length_us = 0

    def run(self) -> None:
        recording = self._recording
        with av.open(str(self._part), "w", format="mp4", options={"movflags": "faststart"}) as file:
            for track in recording.tracks:
                made = self._out[track.index] = file.add_stream_from_template(track)
                if track.codec_context.name == "hevc":
                    made.codec_tag = APPLE_TAG
            is_there = bool(self._from_us) and (
                self._pass(file, is_whole=True) if recording.is_near else self._try_jump(file)
            )
            if not is_there:
                if self._from_us:
                    recording.seek(0)
                self._held, self._held_bytes, self._has_start = [], 0, False
                self._pass(file, is_whole=True)
            if not self._has_begun and self._has_start and self.began_us >= self._from_us:
                self._begin(file)
            if not self._has_begun:
                raise ClippingFailed(
                    "nothing of the recording lies between the marks", "nothing_there"
                )
        self._watch.on_progress(1.0)

    def _try_jump(self, file: Any) -> bool:
        return self._recording.seek(self._from_us) and self._pass(file)

    def _pass(self, file: Any, *, is_whole: bool = False) -> bool:
        """Copy from here on. False where the jump went too far."""
        for number, packet in enumerate(self._recording.container.demux(self._recording.tracks)):
            if self._watch.is_cancelled():
                raise ClippingCancelled("the clip was cancelled")
            if packet.dts is None or packet.pts is None or packet.is_corrupt:
                continue
            at_us = to_us(packet.pts, packet.time_base) - self._recording.starts_us
            if not self._has_begun:
                if not self._hold(packet, at_us, is_whole=is_whole):
                    return False
                if not self._is_reached(packet, at_us):
                    continue
                self._begin(file)
            elif self._copy(file, packet, at_us):
                return True
            if number % PROGRESS_PACKETS == 0:
                self._tell(at_us)
        return self._has_begun or is_whole

    def _hold(self, packet: Any, at_us: int, *, is_whole: bool) -> bool:
        """False where the first keyframe is behind the mark although there may be one before."""
        if self._is_leading(packet):
            is_start = packet.is_keyframe or self._recording.video is None
            if is_start and (at_us <= self._from_us or not self._has_start):
                if at_us > self._from_us and not is_whole:
                    return False
                self._start_holding(at_us)
            elif not self._has_start:
                return True  # pictures without their keyframe
        self._held.append(packet)
        self._held_bytes += packet.size
        if self._held_bytes > HELD_BYTES_MAX:
            raise ClippingFailed("the recording has too few keyframes to cut it", "no_keyframes")
        return True

    def _start_holding(self, at_us: int) -> None:
        """Sound that belongs to the new keyframe's time may have come before it."""
        base_us = self._recording.starts_us
        self.began_us = at_us
        self._has_start = True
        self._held = [
            packet
            for packet in self._held
            if not self._is_leading(packet)
            and to_us(packet.pts, packet.time_base) - base_us >= at_us
        ]
        self._held_bytes = sum(packet.size for packet in self._held)

    def _is_reached(self, packet: Any, at_us: int) -> bool:
        """Whether no later keyframe can be before the mark."""
        return self._is_leading(packet) and self._has_start and at_us >= self._from_us

    def _is_leading(self, packet: Any) -> bool:
        """Of the track that says where a clip may begin."""
        leading = self._recording.video or self._recording.audio
        return leading is not None and packet.stream.index == leading.index

    def _begin(self, file: Any) -> None:
        self._has_begun = True
        held, self._held = self._held, []
        for packet in held:
            at_us = to_us(packet.pts, packet.time_base) - self._recording.starts_us
            self._copy(file, packet, at_us)

    def _copy(self, file: Any, packet: Any, at_us: int) -> bool:
        """Whether all tracks have passed the end."""
        if at_us < self.began_us:
            return False
        dts_us = to_us(packet.dts, packet.time_base) - self._recording.starts_us
        if self._to_us is not None and dts_us >= self._to_us:
            self._open_tracks.discard(packet.stream.index)
            return not self._open_tracks
        step_us = to_us(packet.duration or 0, packet.time_base)
        self.length_us = max(self.length_us, at_us + step_us - self.began_us)
        shift_us = self.began_us + self._recording.starts_us
        shift = round(shift_us / 1_000_000 / packet.time_base)
        packet.pts -= shift
        packet.dts -= shift
        packet.stream = self._out[packet.stream.index]
        file.mux(packet)
        return False

    def _tell(self, at_us: int) -> None:
        to_us_ = self._to_us or self._recording.duration_us
        if to_us_ and to_us_ > self.began_us:
            share = (at_us - self.began_us) / (to_us_ - self.began_us)
            self._watch.on_progress(min(1.0, max(0.0, share)))
