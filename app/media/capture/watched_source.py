"""A live picture that may vanish and return: cameras and screens.

Two threads: one sits in the device's blocking read, the other gives pictures at a constant rate
whatever the first does. A slot without a picture repeats the last; after SIGNAL_TIMEOUT_S the
"no signal" card goes out until the device is back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from app.media.capture.frame_grid import FrameGrid, FrameSlots
from app.media.capture.source import (
    FRAME_RATE_DEFAULT,
    JOIN_TIMEOUT_S,
    REOPEN_INTERVAL_S,
    SIGNAL_TIMEOUT_S,
    SourceState,
    VideoFrame,
    VideoSourceInfo,
)
from app.media.capture.test_card import SIDE_MIN, TestCard
from app.media.errors import SourceError
from app.media.events import PipelineEvent, SourceLost, SourceRestored

if TYPE_CHECKING:
    from fractions import Fraction

    import av

    from app.media.clock import MediaClock

READ_HANGS_S: Final = 5.0
"""A read that takes longer is left to its thread, and the device opened anew in another."""

HANGING_THREADS_MAX: Final = 3

_US: Final = 1_000_000
_CARD_SIZE: Final = (1280, 720)


class FrameReader(Protocol):
    """An open device."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def read(self) -> av.VideoFrame:
        """The next picture; blocks. Raises SourceError when the device is gone."""
        ...

    def close(self) -> None: ...


class WatchedSource:
    """A VideoSource around a reader that `open_reader` opens, at first in the constructor."""

    def __init__(
        self,
        name: str,
        open_reader: Callable[[], FrameReader],
        *,
        clock: MediaClock,
        on_event: Callable[[PipelineEvent], None],
        frame_rate: Fraction = FRAME_RATE_DEFAULT,
    ) -> None:
        self._open_reader = open_reader
        self._first_reader: FrameReader | None = open_reader()
        width, height = self._first_reader.width, self._first_reader.height
        self.info = VideoSourceInfo(name, width, height, frame_rate)
        self.state = SourceState.STOPPED
        self._clock = clock
        self._on_event = on_event
        self._grid = FrameGrid(frame_rate)
        self._slots = FrameSlots(self._grid)
        self._card = _make_card(width, height)
        self._changed = threading.Condition()
        self._arrived: tuple[av.VideoFrame, int] | None = None
        self._reason = "it gives no picture"
        self._generation = 0
        self._read_since_us = 0
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def frames_missed(self) -> int:
        return self._slots.skipped

    def start(self, on_frame: Callable[[VideoFrame], None]) -> None:
        self.state = SourceState.RUNNING
        self._slots = FrameSlots(self._grid, self._clock.now_us())
        self._start_reader()
        giver = threading.Thread(
            target=self._give, args=(on_frame,), name="capture-picture", daemon=True
        )
        self._threads.append(giver)
        giver.start()

    def stop(self) -> None:
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads[-2:]:
            thread.join(JOIN_TIMEOUT_S)
        if self._first_reader is not None:
            self._first_reader.close()
            self._first_reader = None
        self.state = SourceState.STOPPED

    # --- the reading thread ---------------------------------------------------------------------

    def _start_reader(self) -> None:
        self._generation += 1
        self._read_since_us = self._clock.now_us()
        reader, self._first_reader = self._first_reader, None
        thread = threading.Thread(
            target=self._read, args=(self._generation, reader), name="read-picture", daemon=True
        )
        self._threads.insert(0, thread)
        thread.start()

    def _is_current(self, generation: int) -> bool:
        return generation == self._generation and not self._stopping.is_set()

    def _read(self, generation: int, reader: FrameReader | None) -> None:
        while self._is_current(generation):
            if reader is None:
                reader = self._reopen(generation)
                continue
            try:
                image = reader.read()
            except SourceError as error:
                self._reason = str(error)
                reader.close()
                reader = None
                continue
            if not self._is_current(generation):
                break
            with self._changed:
                self._read_since_us = self._clock.now_us()
                self._arrived = image, self._read_since_us
                self._changed.notify_all()
        if reader is not None:
            reader.close()

    def _reopen(self, generation: int) -> FrameReader | None:
        try:
            return self._open_reader()
        except SourceError as error:
            self._reason = str(error)
        if self._is_current(generation):
            # The thread is alive and trying: it does not hang.
            self._read_since_us = self._clock.now_us()
            self._stopping.wait(REOPEN_INTERVAL_S)
        return None

    # --- the giving thread ----------------------------------------------------------------------

    def _give(self, on_frame: Callable[[VideoFrame], None]) -> None:
        last_image: av.VideoFrame | None = None
        last_us = self._clock.now_us()
        cards = 0
        while not self._stopping.is_set():
            arrived = self._wait_for_picture()
            if self._stopping.is_set():
                return
            if arrived is not None:
                last_image, last_us = arrived
                if (pts_us := self._slots.take(last_us)) is not None:
                    self._set_signal(present=True)
                    on_frame(VideoFrame(last_image, pts_us))
                continue
            now_us = self._clock.now_us()
            if now_us - last_us > SIGNAL_TIMEOUT_S * _US:
                self._set_signal(present=False)
                self._replace_hanging_reader(now_us)
                on_frame(VideoFrame(self._card.draw_no_signal(cards), self._slots.fill(now_us)))
                cards += 1
            elif last_image is not None:
                on_frame(VideoFrame(last_image, self._slots.fill(now_us)))
            else:
                # Nothing has come yet: not worth a repetition, the card is near.
                self._slots.fill(now_us)

    def _wait_for_picture(self) -> tuple[av.VideoFrame, int] | None:
        with self._changed:
            now_us = self._clock.now_us()
            due_us = self._slots.next_due_us(now_us)
            while self._arrived is None and now_us < due_us and not self._stopping.is_set():
                self._changed.wait((due_us - now_us) / _US)
                now_us = self._clock.now_us()
            arrived, self._arrived = self._arrived, None
            return arrived

    def _set_signal(self, *, present: bool) -> None:
        state = SourceState.RUNNING if present else SourceState.NO_SIGNAL
        if state is self.state:
            return
        self.state = state
        name = self.info.name
        self._on_event(SourceRestored(name) if present else SourceLost(name, self._reason))

    def _replace_hanging_reader(self, now_us: int) -> None:
        hangs = now_us - self._read_since_us > READ_HANGS_S * _US
        if hangs and len(self._threads) - 2 < HANGING_THREADS_MAX:
            self._start_reader()


def _make_card(width: int, height: int) -> TestCard:
    width, height = width // 2 * 2, height // 2 * 2
    if width < SIDE_MIN or height * 16 < SIDE_MIN * 9:
        width, height = _CARD_SIZE
    return TestCard(width, height)
