"""A media file as the picture and the sound of a broadcast, in real time.

One thread demuxes, decodes and delivers both, so that they share one notion of now.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.media.capture.file_timeline import FileTimeline
from app.media.capture.media_reader import MediaReader
from app.media.capture.shared_media import SharedPicture, SharedSound
from app.media.capture.source import (
    FRAME_RATE_MAX,
    JOIN_TIMEOUT_S,
    AudioBlock,
    SourceState,
    VideoFrame,
    VideoSourceInfo,
)
from app.media.errors import SourceError
from app.media.events import PipelineEvent, SourceDamaged, SourceEnded, SourceResumed

if TYPE_CHECKING:
    from fractions import Fraction

    from app.media.clock import MediaClock

PICTURES_READ_AHEAD: Final = 4
"""Decoded while the next picture is not due: one that takes long to decode is still on time."""

READ_AHEAD_US_MIN: Final = 10_000
"""Reading ahead stops when something is due this soon."""

LATE_US_MAX: Final = 1_000_000
"""Further behind than this, the file goes on from now instead of hurrying."""

DAMAGE_INTERVAL_S: Final = 1.0
"""At most one event about damaged parts in this time."""

_US: Final = 1_000_000


class FileMedia:
    """The thread behind a file's picture and sound. `video` and `audio` are its two sources."""

    def __init__(
        self,
        path: Path,
        *,
        wants_sound: bool,
        loop: bool,
        clock: MediaClock,
        on_event: Callable[[PipelineEvent], None],
    ) -> None:
        self.name = path.name
        self._loop = loop
        self._clock = clock
        self._on_event = on_event
        self._goes_on = False
        """Whether another round follows; known at the end of each."""
        self._damage_told_s: float | None = None
        self._reader = MediaReader(
            str(path), name=f"the file {path}", wants_sound=wants_sound, on_damage=self._tell_damage
        )
        self.state = SourceState.STOPPED
        self._on_frame: Callable[[VideoFrame], None] = _ignore
        self._on_block: Callable[[AudioBlock], None] = _ignore
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.video = SharedPicture(self)
        self.audio = SharedSound(self) if self._reader.has_sound else None

    @property
    def video_info(self) -> VideoSourceInfo:
        reader = self._reader
        return VideoSourceInfo(
            self.name, reader.width, reader.height, thinned_rate(reader.frame_rate)
        )

    def listen(self, on_block: Callable[[AudioBlock], None]) -> None:
        self._on_block = on_block

    def start(self, on_frame: Callable[[VideoFrame], None]) -> None:
        self._on_frame = on_frame
        self.state = SourceState.RUNNING
        self._thread = threading.Thread(target=self._run, name="capture-file", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._thread is None:
            self._reader.close()
        else:
            self._thread.join(JOIN_TIMEOUT_S)
        self.state = SourceState.STOPPED

    def _run(self) -> None:
        reader = self._reader
        timeline = FileTimeline(
            frame_us=round(_US / reader.frame_rate),
            has_sound=reader.has_sound,
            picture_bytes=reader.width * reader.height * 3 // 2,
        )
        try:
            self._play(timeline)
        finally:
            reader.close()
        if not self._stopping.is_set():
            self.state = SourceState.ENDED
            self._on_event(SourceEnded(self.name))

    def _play(self, timeline: FileTimeline) -> None:
        self._fill(timeline)
        timeline.shift(self._clock.now_us())
        while not self._stopping.is_set():
            self._play_round(timeline)
            if not self._goes_on or not timeline.has_pictures:
                break
            timeline.begin_round(timeline.end_us)
        # The last picture stays for as long as it is meant to be seen.
        self._wait_until(timeline.end_us)

    def _play_round(self, timeline: FileTimeline) -> None:
        while not self._stopping.is_set():
            self._fill(timeline)
            item = timeline.pop()
            if item is None:
                return
            behind_us = self._clock.now_us() - item.pts_us
            if behind_us > LATE_US_MAX:
                timeline.shift(behind_us)
                item = _later(item, behind_us)
                self._on_event(SourceResumed(self.name, behind_us // 1000))
            self._read_ahead(timeline, item.pts_us)
            if not self._wait_until(item.pts_us):
                return
            if isinstance(item, VideoFrame):
                shape = self._reader.pixel_shape
                self._on_frame(VideoFrame(item.image, item.pts_us, shape))
            else:
                self._on_block(item)

    def _fill(self, timeline: FileTimeline) -> None:
        while not timeline.is_ready and not self._stopping.is_set():
            self._read(timeline)

    def _read_ahead(self, timeline: FileTimeline, due_us: int) -> None:
        while (
            timeline.pictures_waiting < PICTURES_READ_AHEAD
            and not timeline.is_finished
            and due_us - self._clock.now_us() > READ_AHEAD_US_MIN
        ):
            self._read(timeline)

    def _read(self, timeline: FileTimeline) -> None:
        try:
            items = self._reader.read()
        except SourceError as error:
            self._tell_damage(error.message)
            items = None
        if items is None:
            timeline.finish_round()
            self._rewind()
            return
        for item in items:
            timeline.add(item)

    def _rewind(self) -> None:
        """At once, while the round's last pictures still wait: opening may take long."""
        self._goes_on = self._loop
        if not self._loop:
            return
        try:
            self._reader.rewind()
        except SourceError as error:
            self._goes_on = False
            self._on_event(SourceDamaged(self.name, f"it cannot be played again: {error}"))

    def _wait_until(self, due_us: int) -> bool:
        """False when the source is being stopped."""
        return not self._stopping.wait(max(0, due_us - self._clock.now_us()) / _US)

    def _tell_damage(self, reason: str) -> None:
        now_s = time.monotonic()
        if self._damage_told_s is None or now_s - self._damage_told_s >= DAMAGE_INTERVAL_S:
            self._damage_told_s = now_s
            self._on_event(SourceDamaged(self.name, reason))


def thinned_rate(frame_rate: Fraction) -> Fraction:
    """The rate that is left of `frame_rate` when at most FRAME_RATE_MAX is let through."""
    return min(frame_rate, FRAME_RATE_MAX)


def _later(item: VideoFrame | AudioBlock, later_us: int) -> VideoFrame | AudioBlock:
    if isinstance(item, VideoFrame):
        return VideoFrame(item.image, item.pts_us + later_us)
    return AudioBlock(item.samples, item.pts_us + later_us)


def _ignore(_item: VideoFrame | AudioBlock) -> None:
    """Nobody listens."""
