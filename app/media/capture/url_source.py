"""A network stream (RTSP, RTMP, HTTP, ...) as the picture and the sound of a broadcast.

One thread reads and decodes; it may sit in the network for as long as it likes. The other lays
what comes on the clock and gives it when it is due. When nothing comes for SIGNAL_TIMEOUT_S the
"no signal" card goes out, in silence, until the address answers again.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from app.media.capture.file_timeline import FileTimeline
from app.media.capture.frame_grid import FrameGrid
from app.media.capture.media_reader import MediaReader, Picture, Sound
from app.media.capture.shared_media import SharedPicture, SharedSound
from app.media.capture.sound_timeline import duration_us_of, samples_in
from app.media.capture.source import (
    CHANNELS,
    FRAME_RATE_MAX,
    JOIN_TIMEOUT_S,
    REOPEN_INTERVAL_S,
    SIGNAL_TIMEOUT_S,
    AudioBlock,
    SourceState,
    VideoFrame,
    VideoSourceInfo,
)
from app.media.capture.test_card import TestCard
from app.media.errors import SourceError
from app.media.events import (
    PipelineEvent,
    SourceDamaged,
    SourceEnded,
    SourceLost,
    SourceRestored,
    SourceResumed,
)

if TYPE_CHECKING:
    from app.media.clock import MediaClock

OPEN_TIMEOUT_S: Final = 10.0
READ_TIMEOUT_S: Final = 5.0
"""A connection that is silent for so long is dead."""

ITEMS_QUEUED_MAX: Final = 64
"""Decoded pictures and blocks between the threads. When it is full the reader waits, and the
network's own buffers with it: nothing is dropped."""

PICTURES_AHEAD_MAX: Final = 12
"""How many pictures wait for sound that the sender keeps back."""

LATE_US_MAX: Final = 300_000
"""A stream that is further behind goes on from now: live is live."""

DAMAGE_INTERVAL_S: Final = 1.0
_POLL_S: Final = 0.1
_US: Final = 1_000_000
_OPTIONS: Final = {
    "rtsp_transport": "tcp",
    "analyzeduration": "500000",
    "probesize": "1000000",
}


class _RoundBegan(NamedTuple):
    """A connection stands, or the medium began again; what follows belongs to it."""

    frame_us: int
    has_sound: bool


class _RoundEnded(NamedTuple):
    reason: str
    is_final: bool


_Item = Picture | Sound | _RoundBegan | _RoundEnded


class UrlMedia:
    """The threads behind an address. `video` and `audio` are its two sources."""

    def __init__(
        self,
        address: str,
        *,
        wants_sound: bool,
        loop: bool,
        clock: MediaClock,
        on_event: Callable[[PipelineEvent], None],
    ) -> None:
        self._address = address
        self.name = hide_password(address)
        self._wants_sound = wants_sound
        self._loop = loop
        self._clock = clock
        self._on_event = on_event
        self._damage_told_s: float | None = None
        self._first_reader: MediaReader | None = self._open_reader()
        reader = self._first_reader
        rate = min(reader.frame_rate, FRAME_RATE_MAX)
        self.video_info = VideoSourceInfo(self.name, reader.width, reader.height, rate)
        self._pixel_shape = reader.pixel_shape
        self._grid = FrameGrid(rate)
        self._card = TestCard(1280, 720)
        self._given_us = 0
        """The pts of the last picture or card given."""
        self._next_us = 0
        """Where the next may stand at the earliest."""
        self._sound_end_us = 0
        self._reason = "it gives no picture"
        self.state = SourceState.STOPPED
        self._queue: queue.Queue[_Item] = queue.Queue(ITEMS_QUEUED_MAX)
        self._on_frame: Callable[[VideoFrame], None] = _ignore
        self._on_block: Callable[[AudioBlock], None] = _ignore
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self.video = SharedPicture(self)
        self.audio = SharedSound(self) if reader.has_sound else None

    def listen(self, on_block: Callable[[AudioBlock], None]) -> None:
        self._on_block = on_block

    def start(self, on_frame: Callable[[VideoFrame], None]) -> None:
        self._on_frame = on_frame
        self.state = SourceState.RUNNING
        reader, self._first_reader = self._first_reader, None
        self._threads = [
            threading.Thread(target=self._read, args=(reader,), name="read-url", daemon=True),
            threading.Thread(target=self._give, name="capture-url", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """A reader that waits for the network ends by itself within READ_TIMEOUT_S."""
        self._stopping.set()
        for thread in reversed(self._threads):
            thread.join(JOIN_TIMEOUT_S)
        if self._first_reader is not None:
            self._first_reader.close()
            self._first_reader = None
        self.state = SourceState.STOPPED

    # --- the reading thread ---------------------------------------------------------------------

    def _open_reader(self) -> MediaReader:
        return MediaReader(
            self._address,
            name=f"the address {self.name}",
            wants_sound=self._wants_sound,
            on_damage=self._tell_damage,
            options=dict(_OPTIONS),
            timeout_s=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
            is_live=True,
        )

    def _read(self, reader: MediaReader | None) -> None:
        while not self._stopping.is_set():
            try:
                if reader is None:
                    reader = self._open_reader()
                ended = self._read_round(reader)
            except SourceError as error:
                ended = _RoundEnded(str(error), is_final=False)
            if self._stopping.is_set() or not self._put(ended) or ended.is_final:
                break
            if ended.reason:
                # The connection is gone; a new one after a pause.
                if reader is not None:
                    reader.close()
                    reader = None
                self._stopping.wait(REOPEN_INTERVAL_S)
        if reader is not None:
            reader.close()

    def _read_round(self, reader: MediaReader) -> _RoundEnded:
        self._put(_RoundBegan(round(_US / reader.frame_rate), reader.has_sound))
        while (items := reader.read()) is not None:
            for item in items:
                if not self._put(item):
                    return _RoundEnded("", is_final=True)
        if not reader.has_length:
            return _RoundEnded("the sender ended it", is_final=False)
        if self._loop:
            reader.rewind()
        return _RoundEnded("", is_final=not self._loop)

    def _put(self, item: _Item) -> bool:
        """False when the source is being stopped."""
        while not self._stopping.is_set():
            try:
                self._queue.put(item, timeout=_POLL_S)
            except queue.Full:
                continue
            return True
        return False

    # --- the giving thread ----------------------------------------------------------------------

    def _give(self) -> None:
        self._given_us = self._next_us = self._sound_end_us = self._clock.now_us()
        while not self._stopping.is_set():
            item = self._take()
            if isinstance(item, _RoundBegan) and not self._give_round(item):
                self.state = SourceState.ENDED
                self._on_event(SourceEnded(self.name))
                return
            if isinstance(item, _RoundEnded):
                self._reason = item.reason

    def _give_round(self, began: _RoundBegan) -> bool:
        """Give one connection's pictures and sound; False when the medium has ended."""
        timeline = FileTimeline(
            frame_us=began.frame_us,
            has_sound=began.has_sound,
            pictures_max=PICTURES_AHEAD_MAX,
        )
        ended: _RoundEnded | None = None
        is_placed = False
        while not self._stopping.is_set():
            if not timeline.is_ready:
                item = self._take()
                if isinstance(item, (Picture, Sound)):
                    timeline.add(item)
                elif isinstance(item, _RoundEnded):
                    ended = item
                    self._reason = item.reason or self._reason
                    timeline.finish_round()
                continue
            if not is_placed:
                timeline.shift(max(self._clock.now_us(), self._next_us))
                is_placed = True
            due = timeline.pop()
            if due is not None:
                self._deliver(timeline, due)
            elif ended is not None:
                self._next_us = max(self._next_us, timeline.end_us)
                return not ended.is_final
        return True

    def _deliver(self, timeline: FileTimeline, item: VideoFrame | AudioBlock) -> None:
        pts_us = item.pts_us
        behind_us = self._clock.now_us() - pts_us
        if behind_us > LATE_US_MAX:
            timeline.shift(behind_us)
            pts_us += behind_us
            self._on_event(SourceResumed(self.name, behind_us // 1000))
        if self._stopping.wait(max(0, pts_us - self._clock.now_us()) / _US):
            return
        if isinstance(item, AudioBlock):
            self._sound_end_us = pts_us + duration_us_of(len(item.samples))
            self._on_block(AudioBlock(item.samples, pts_us))
            return
        self._set_signal(present=True)
        self._given_us = pts_us
        self._next_us = pts_us + 1
        self._on_frame(VideoFrame(item.image, pts_us, self._pixel_shape))

    def _take(self) -> _Item | None:
        """The next item; None after giving a card because none came in time."""
        card_us = self._given_us + int(SIGNAL_TIMEOUT_S * _US)
        if self.state is SourceState.NO_SIGNAL:
            card_us = self._given_us + self._grid.interval_us
        wait_s = (card_us - self._clock.now_us()) / _US
        try:
            return self._queue.get(timeout=min(max(0.0, wait_s), _POLL_S))
        except queue.Empty:
            pass
        now_us = self._clock.now_us()
        if now_us >= card_us and not self._stopping.is_set():
            self._set_signal(present=False)
            slot = self._grid.slot_at(now_us)
            self._given_us = max(self._next_us, self._grid.pts_us(slot))
            self._next_us = self._given_us + self._grid.interval_us // 2
            self._on_frame(VideoFrame(self._card.draw_no_signal(slot), self._given_us))
            self._give_silence(self._given_us)
        return None

    def _give_silence(self, until_us: int) -> None:
        count = samples_in(until_us - self._sound_end_us)
        if count > 0:
            silence = np.zeros((count, CHANNELS), np.float32)
            self._on_block(AudioBlock(silence, self._sound_end_us))
            self._sound_end_us += duration_us_of(count)

    def _set_signal(self, *, present: bool) -> None:
        state = SourceState.RUNNING if present else SourceState.NO_SIGNAL
        if state is self.state:
            return
        self.state = state
        name = self.name
        self._on_event(SourceRestored(name) if present else SourceLost(name, self._reason))

    def _tell_damage(self, reason: str) -> None:
        now_s = time.monotonic()
        if self._damage_told_s is None or now_s - self._damage_told_s >= DAMAGE_INTERVAL_S:
            self._damage_told_s = now_s
            self._on_event(SourceDamaged(self.name, reason))


def hide_password(address: str) -> str:
    """The address as it may be shown: without user and password, and without its query."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "(an address that does not parse)"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else address


def _ignore(_item: VideoFrame | AudioBlock) -> None:
    """Nobody listens."""
