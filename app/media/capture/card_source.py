"""The test card and the test tone as sources: each draws at the instants of its own grid."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.media.capture.card_looks import BARS
from app.media.capture.frame_grid import FrameGrid
from app.media.capture.source import (
    JOIN_TIMEOUT_S,
    SAMPLE_RATE_HZ,
    AudioBlock,
    AudioSourceInfo,
    SourceState,
    VideoFrame,
    VideoSourceInfo,
)
from app.media.capture.test_card import TestCard
from app.media.capture.test_tone import make_tone

if TYPE_CHECKING:
    from fractions import Fraction

    from app.media.clock import MediaClock

BLOCK_SAMPLES: Final = SAMPLE_RATE_HZ // 100
"""10 ms: what a sound card would give."""

CARD_LATE_US_MAX: Final = 250_000
_US: Final = 1_000_000
_LATE_US_MAX: Final = _US
"""A tone that is later than this jumps to now; the gap becomes silence."""


class CardSource:
    """Draws the card at its frame rate. A card that is a little late is drawn all the same, as a
    camera's driver would have kept it; later than CARD_LATE_US_MAX it is left out and counted.

    A RestingSource.
    """

    def __init__(
        self,
        *,
        width: int,
        height: int,
        frame_rate: Fraction,
        clock: MediaClock,
        look: str = BARS,
    ) -> None:
        self.info = VideoSourceInfo("test card", width, height, frame_rate)
        self.state = SourceState.STOPPED
        self.frames_missed = 0
        self._card = TestCard(width, height, look)
        self._grid = FrameGrid(frame_rate)
        self._clock = clock
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._awake.set()
        self._thread: threading.Thread | None = None

    def rest(self, *, is_resting: bool) -> None:
        if is_resting:
            self._awake.clear()
        else:
            self._awake.set()

    def start(self, on_frame: Callable[[VideoFrame], None]) -> None:
        self.state = SourceState.RUNNING
        self._thread = threading.Thread(
            target=self._run, args=(on_frame,), name="capture-card", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)
        self.state = SourceState.STOPPED

    def _run(self, on_frame: Callable[[VideoFrame], None]) -> None:
        first = slot = self._grid.slot_after(self._clock.now_us())
        while True:
            if not self._awake.is_set():
                self._awake.wait()
                slot = self._grid.slot_after(self._clock.now_us())
            frame = self._draw(slot, slot - first)
            wait_us = frame.pts_us - self._clock.now_us()
            if self._stopping.wait(max(0, wait_us) / _US):
                return
            now_us = self._clock.now_us()
            if now_us - frame.pts_us > CARD_LATE_US_MAX:
                current = self._grid.slot_at(now_us)
                self.frames_missed += current - slot
                slot = current
                frame = self._draw(slot, slot - first)
            on_frame(frame)
            slot += 1

    def _draw(self, slot: int, number: int) -> VideoFrame:
        pts_us = self._grid.pts_us(slot)
        before_us = self._grid.pts_us(slot - 1)
        image = self._card.draw(
            frame_number=number,
            captured_at_unix_us=self._clock.unix_us(pts_us),
            flash=pts_us // _US != before_us // _US,
        )
        return VideoFrame(image, pts_us)


class ToneSource:
    """Gives blocks of 10 ms of the tone when their last sample would have been heard."""

    def __init__(self, *, clock: MediaClock) -> None:
        self.info = AudioSourceInfo("test tone")
        self.state = SourceState.STOPPED
        self.samples_lost = 0
        self._clock = clock
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, on_block: Callable[[AudioBlock], None]) -> None:
        self.state = SourceState.RUNNING
        self._thread = threading.Thread(
            target=self._run, args=(on_block,), name="capture-tone", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)
        self.state = SourceState.STOPPED

    def _run(self, on_block: Callable[[AudioBlock], None]) -> None:
        block_us = BLOCK_SAMPLES * _US // SAMPLE_RATE_HZ
        block = -(-self._clock.now_us() // block_us)
        while True:
            now_us = self._clock.now_us()
            if now_us - (block + 1) * block_us > _LATE_US_MAX:
                self.samples_lost += (now_us // block_us - block) * BLOCK_SAMPLES
                block = now_us // block_us
            if self._stopping.wait(max(0, (block + 1) * block_us - now_us) / _US):
                return
            samples = make_tone(block * BLOCK_SAMPLES, BLOCK_SAMPLES)
            on_block(AudioBlock(samples, block * block_us))
            block += 1
