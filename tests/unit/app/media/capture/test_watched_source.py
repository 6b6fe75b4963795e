from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from app.media.capture import watched_source
from app.media.capture.watched_source import WatchedSource
from app.media.clock import MediaClock
from app.media.errors import SourceNotFound
from app.media.events import PipelineEvent, SourceLost, SourceRestored

if TYPE_CHECKING:
    from app.media.capture.source import VideoFrame

FRAME_S = 1 / 30


class FakeCamera:
    """A camera on a cable that the test pulls out and puts back."""

    width, height = 320, 180

    def __init__(self) -> None:
        self.plugged_in = threading.Event()
        self.plugged_in.set()
        self.hang = threading.Event()
        self.opened = 0
        self.closed = 0

    def open(self) -> FakeCamera:
        if not self.plugged_in.is_set():
            raise SourceNotFound("camera 0 is not there")
        self.opened += 1
        return self

    def read(self) -> av.VideoFrame:
        threading.Event().wait(FRAME_S)
        if self.hang.is_set():
            threading.Event().wait(1.0)
        if not self.plugged_in.is_set():
            raise SourceNotFound("camera 0 gives no picture")
        image = np.full((self.height, self.width, 3), 200, np.uint8)
        return av.VideoFrame.from_ndarray(image, format="bgr24")

    def close(self) -> None:
        self.closed += 1


class Watcher:
    def __init__(self, camera: FakeCamera) -> None:
        self.frames: list[VideoFrame] = []
        self.events: list[PipelineEvent] = []
        self.changed = threading.Condition()
        self.source = WatchedSource(
            "camera 0", camera.open, clock=MediaClock(), on_event=self.on_event
        )
        self.source.start(self.on_frame)

    def on_frame(self, frame: VideoFrame) -> None:
        with self.changed:
            self.frames.append(frame)
            self.changed.notify_all()

    def on_event(self, event: PipelineEvent) -> None:
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def wait_for_frames(self, count: int) -> None:
        with self.changed:
            wanted = len(self.frames) + count
            assert self.changed.wait_for(lambda: len(self.frames) >= wanted, 10)

    def wait_for_event(self, kind: type[PipelineEvent]) -> PipelineEvent:
        def find() -> PipelineEvent | None:
            return next((event for event in self.events if isinstance(event, kind)), None)

        with self.changed:
            found = self.changed.wait_for(find, 10)
        assert found is not None
        return found


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_source, "SIGNAL_TIMEOUT_S", 0.2)
    monkeypatch.setattr(watched_source, "REOPEN_INTERVAL_S", 0.1)
    monkeypatch.setattr(watched_source, "READ_HANGS_S", 0.3)


@pytest.fixture
def camera() -> FakeCamera:
    return FakeCamera()


@pytest.fixture
def watcher(camera: FakeCamera) -> Iterator[Watcher]:
    watcher = Watcher(camera)
    yield watcher
    watcher.source.stop()


def test_camera_when_it_runs_then_pictures_come_at_a_constant_rate(watcher: Watcher) -> None:
    watcher.wait_for_frames(20)
    frames = tuple(watcher.frames)
    slots = [round(frame.pts_us * 30 / 1e6) for frame in frames]
    assert [frame.pts_us for frame in frames] == pytest.approx(
        [slot * 1e6 / 30 for slot in slots], abs=1
    )
    # What a busy machine leaves out is counted; no other slot is empty, none is filled twice.
    empty = [step - 1 for step in np.diff(slots)]
    assert min(empty) == 0
    assert sum(empty) <= watcher.source.frames_missed
    assert watcher.frames[0].image.format.name == "bgr24"


def test_camera_when_unplugged_and_back_then_a_card_goes_out_and_the_picture_returns(
    camera: FakeCamera, watcher: Watcher
) -> None:
    watcher.wait_for_frames(5)
    camera.plugged_in.clear()
    lost = watcher.wait_for_event(SourceLost)
    assert "camera 0" in str(lost)
    watcher.wait_for_frames(5)
    assert watcher.frames[-1].image.format.name == "yuv420p"
    assert watcher.source.state == "no_signal"
    camera.plugged_in.set()
    watcher.wait_for_event(SourceRestored)
    watcher.wait_for_frames(5)
    assert watcher.frames[-1].image.format.name == "bgr24"
    assert watcher.source.state == "running"
    pts = [frame.pts_us for frame in watcher.frames]
    assert (np.diff(pts) > 0).all()
    assert np.diff(pts).max() < 150_000
    assert camera.opened == 2


def test_camera_when_its_read_hangs_then_it_is_opened_anew(
    camera: FakeCamera, watcher: Watcher
) -> None:
    watcher.wait_for_frames(5)
    camera.hang.set()
    watcher.wait_for_event(SourceLost)
    watcher.wait_for_frames(15)
    camera.hang.clear()
    watcher.wait_for_event(SourceRestored)
    assert camera.opened >= 2


def test_camera_when_missing_at_the_start_then_fails_at_once(camera: FakeCamera) -> None:
    camera.plugged_in.clear()
    with pytest.raises(SourceNotFound):
        Watcher(camera)


def test_stop_when_never_started_then_closes_the_camera(camera: FakeCamera) -> None:
    source = WatchedSource("camera 0", camera.open, clock=MediaClock(), on_event=lambda event: None)
    source.stop()
    assert camera.closed == 1
