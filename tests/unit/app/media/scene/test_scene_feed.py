"""The running scene and its feed: the broadcast's times, and switching under a running pipeline."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from app.media.capture.sources import open_sources, parse_source
from app.media.clock import MediaClock
from app.media.mixer import Mixer
from app.media.scene.live_scene import LiveScene
from app.media.scene.preview import Preview
from app.media.scene.scene_feed import make_feeds
from app.media.scene.scene_item import SceneItem

if TYPE_CHECKING:
    import numpy as np

    from app.media.capture.source import AudioBlock, VideoFrame

BEGIN_US = 7_000_000


@pytest.fixture
def scene() -> Iterator[LiveScene]:
    clock = MediaClock()
    scene = LiveScene(clock, width=320, height=180)
    card = parse_source("testcard:320x180")
    opened = open_sources(card, None, clock=clock, on_event=lambda _event: None, loop=True)
    scene.add("card", opened.video)
    scene.arrange([SceneItem("card", 0, 0, 1, 1)])
    scene.start()
    yield scene
    scene.stop()


def wait_for(is_so: Callable[[], bool], timeout_s: float = 10.0) -> None:
    until = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_feed_gives_the_broadcasts_times_from_its_begin_on(scene: LiveScene) -> None:
    mixer = Mixer(scene.clock)
    mixer.start()
    broadcast = MediaClock()
    broadcast.start_at(BEGIN_US)
    frames: list[VideoFrame] = []
    blocks: list[AudioBlock] = []
    opened = make_feeds(scene, mixer)(None, None, clock=broadcast)
    assert opened.audio is not None
    opened.audio.start(blocks.append)
    opened.video.start(frames.append)
    wait_for(lambda: len(frames) > 5 and len(blocks) > 5)
    scene.arrange([SceneItem("card", 0.5, 0.5, 0.5, 0.5)])
    count = len(frames)
    wait_for(lambda: len(frames) > count + 5)
    opened.video.stop()
    opened.audio.stop()
    mixer.stop()
    times = [frame.pts_us for frame in frames]
    assert min(times) >= BEGIN_US
    assert min(block.pts_us for block in blocks) >= BEGIN_US
    assert all(later > earlier for earlier, later in itertools.pairwise(times))


def test_scene_without_an_output_composes_nothing(scene: LiveScene) -> None:
    wait_for(lambda: scene.shape_of("card") is not None)
    assert not scene.compose_ms


def test_scene_without_an_output_lets_its_card_rest(scene: LiveScene) -> None:
    wait_for(lambda: scene.shape_of("card") is not None)
    first = scene.compose()
    assert scene.compose() is first
    frames: list[VideoFrame] = []
    scene.connect(frames.append)
    wait_for(lambda: len({id(frame.image) for frame in frames}) > 3)


def test_preview_that_is_not_taken_leaves_frames_out(scene: LiveScene) -> None:
    shapes: list[tuple[int, ...]] = []
    arrived = threading.Event()

    def on_pixels(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
        shapes.append(pixels.shape)
        arrived.set()

    preview = Preview(on_pixels)
    preview.set_shown(shown=True, width=160, height=90)
    preview.start()
    scene.connect(preview.push)
    assert arrived.wait(10)
    wait_for(lambda: preview.frames_skipped > 3)
    assert shapes == [(90, 160, 4)]
    preview.taken()
    wait_for(lambda: len(shapes) > 1)
    scene.disconnect(preview.push)
    preview.stop()


def test_removed_source_is_stopped_and_gone(scene: LiveScene) -> None:
    wait_for(lambda: scene.shape_of("card") is not None)
    scene.remove("card")
    assert scene.shape_of("card") is None
    assert scene.state_of("card") == "still"
