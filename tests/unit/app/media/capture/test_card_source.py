from __future__ import annotations

import queue
import threading
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.media.capture.card_source import CARD_LATE_US_MAX, CardSource, ToneSource
from app.media.capture.test_card import read_blocks
from app.media.clock import MediaClock
from tests.unit.app.media.media_files import luma

if TYPE_CHECKING:
    from app.media.capture.source import AudioBlock, VideoFrame


class SlowReceiver:
    """Holds the source up once, as a machine without processor time would."""

    def __init__(self, hold_s: float, enough: int) -> None:
        self.frames: list[VideoFrame] = []
        self.done = threading.Event()
        self._hold_s = hold_s
        self._enough = enough

    def on_frame(self, frame: VideoFrame) -> None:
        self.frames.append(frame)
        if len(self.frames) == 3:
            threading.Event().wait(self._hold_s)
        if len(self.frames) >= self._enough:
            self.done.set()


@pytest.mark.parametrize(("hold_s", "is_gap"), [(0.12, False), (0.6, True)])
def test_card_when_the_machine_stalls_then_only_a_long_stall_leaves_cards_out(
    hold_s: float, is_gap: bool
) -> None:
    receiver = SlowReceiver(hold_s, 20)
    clock = MediaClock()
    source = CardSource(width=320, height=180, frame_rate=Fraction(30), clock=clock)
    source.start(receiver.on_frame)
    assert receiver.done.wait(10)
    source.stop()
    steps = np.diff([frame.pts_us for frame in receiver.frames])
    assert bool(steps.max() > 33_334) is is_gap
    assert (source.frames_missed > 0) is is_gap
    readings = [read_blocks(luma(frame.image)) for frame in receiver.frames]
    numbers = [reading.frame_number for reading in readings if reading]
    assert len(numbers) == len(receiver.frames)
    # Numbers count the cards left out too, so a viewer can tell.
    assert numbers[-1] - (len(numbers) - 1) == source.frames_missed
    assert readings[0] is not None
    assert readings[0].captured_at_unix_us == clock.unix_us(receiver.frames[0].pts_us)


def test_card_when_it_rests_then_gives_nothing_and_misses_nothing() -> None:
    frames: queue.SimpleQueue[VideoFrame] = queue.SimpleQueue()
    source = CardSource(width=320, height=180, frame_rate=Fraction(30), clock=MediaClock())
    source.rest(is_resting=True)
    source.start(frames.put)
    with pytest.raises(queue.Empty):
        frames.get(timeout=CARD_LATE_US_MAX * 1.2 / 1e6)
    source.rest(is_resting=False)
    first, second = frames.get(timeout=10), frames.get(timeout=10)
    source.stop()
    assert second.pts_us - first.pts_us in {33_333, 33_334}
    assert source.frames_missed == 0


def test_tone_when_it_runs_then_blocks_follow_each_other_without_a_gap() -> None:
    blocks: list[AudioBlock] = []
    done = threading.Event()

    def on_block(block: AudioBlock) -> None:
        blocks.append(block)
        if len(blocks) >= 20:
            done.set()

    source = ToneSource(clock=MediaClock(first_pts_us=3_000))
    source.start(on_block)
    assert done.wait(10)
    source.stop()
    assert [block.pts_us for block in blocks] == list(
        range(10_000, 10_000 + 10_000 * len(blocks), 10_000)
    )
