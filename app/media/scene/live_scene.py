"""The running scene: sources in, one composed picture 30 times a second out.

Sources call back on their own threads and leave their newest picture; one thread composes at the
instants of the grid, a third of an interval late, so that a source on the same grid has just given
the picture of that instant. Whoever is connected gets the same frozen frame: the broadcast and the
preview show one picture. Sources come and go while it runs; nothing downstream is restarted.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import av
import numpy as np

from app.media.capture.frame_grid import FrameGrid
from app.media.capture.source import JOIN_TIMEOUT_S, RestingSource, VideoFrame
from app.media.publish_stats import percentile
from app.media.scene.compositor import Compositor
from app.media.scene.scene_item import CANVAS_HEIGHT, CANVAS_RATE, CANVAS_WIDTH, SceneItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.media.capture.source import VideoSource
    from app.media.clock import MediaClock
    from app.media.scene.filters_on_demand import Pixels
    from app.media.scene.scene_item import FilterName

LATE_US_MAX: Final = 250_000
"""Later than this and the pictures between are left out and counted."""
_US: Final = 1_000_000
_TIMES_KEPT: Final = 90


class LiveScene:
    """All methods from any thread."""

    def __init__(
        self,
        clock: MediaClock,
        *,
        width: int = CANVAS_WIDTH,
        height: int = CANVAS_HEIGHT,
    ) -> None:
        self.clock = clock
        self.width = width
        self.height = height
        self.frames_missed = 0
        self.compose_ms: deque[float] = deque(maxlen=_TIMES_KEPT)
        self._grid = FrameGrid(CANVAS_RATE)
        self._compositor = Compositor(width, height)
        self._items: tuple[SceneItem, ...] = ()
        self._lock = threading.Lock()
        self._sources: dict[str, VideoSource] = {}
        self._newest: dict[str, VideoFrame] = {}
        self._outputs: tuple[Callable[[VideoFrame], None], ...] = ()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="compose", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Bounded; stops all sources too."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)
        for key in list(self._sources):
            self.remove(key)

    def add(self, key: str, source: VideoSource) -> None:
        """Takes the source over and starts it; an older one of the same key is stopped."""
        self.remove(key)
        with self._lock:
            self._sources[key] = source

        def on_frame(frame: VideoFrame) -> None:
            with self._lock:
                if self._sources.get(key) is not source:
                    return
                is_first = key not in self._newest
                self._newest[key] = frame
                if is_first:
                    self._rest_or_wake()

        source.start(on_frame)

    def add_still(self, key: str, pixels: Pixels) -> None:
        """A picture that stands: RGBA of shape (height, width, 4). Replaces one of the same key."""
        image = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), "rgba")
        with self._lock:
            self._newest[key] = VideoFrame(image, 0)

    def remove(self, key: str) -> None:
        with self._lock:
            source = self._sources.pop(key, None)
            self._newest.pop(key, None)
        if source is not None:
            source.stop()

    def arrange(self, items: Sequence[SceneItem]) -> None:
        """What is shown from the next picture on, the lowest first."""
        self._items = tuple(items)

    def shape_of(self, key: str) -> float | None:
        """Width over height of the source's newest picture, None while it has given none."""
        with self._lock:
            frame = self._newest.get(key)
        if frame is None:
            return None
        return float(frame.image.width * frame.pixel_shape / frame.image.height)

    def state_of(self, key: str) -> str:
        """As SourceState; `still` for pictures that stand."""
        with self._lock:
            source = self._sources.get(key)
        return "still" if source is None else source.state.value

    def connect(self, on_frame: Callable[[VideoFrame], None]) -> None:
        """`on_frame` is called on the composing thread and must not block."""
        with self._lock:
            self._outputs = (*self._outputs, on_frame)
            self._rest_or_wake()

    def disconnect(self, on_frame: Callable[[VideoFrame], None]) -> None:
        with self._lock:
            self._outputs = tuple(output for output in self._outputs if output != on_frame)
            self._rest_or_wake()

    def costs_ms(self) -> dict[tuple[str, FilterName], float]:
        """What each filter takes for a picture, by source and filter."""
        return self._compositor.costs_ms()

    def compose_ms_p95(self) -> float:
        return percentile(self.compose_ms.copy(), 0.95)

    def compose(self) -> av.VideoFrame:
        """One picture of what is there now. Only for the composing thread, or before `start`."""
        with self._lock:
            pictures = dict(self._newest)
        begun = time.perf_counter()
        image = self._compositor.compose(self._items, pictures)
        self.compose_ms.append((time.perf_counter() - begun) * 1000)
        return image

    def _rest_or_wake(self) -> None:
        """With the lock held. A source rests once it has given a picture, which stays."""
        for key, source in self._sources.items():
            if key in self._newest and isinstance(source, RestingSource):
                source.rest(is_resting=not self._outputs)

    def _run(self) -> None:
        delay_us = self._grid.interval_us // 3
        slot = self._grid.slot_after(self.clock.now_us())
        while True:
            late_us = self.clock.now_us() - self._grid.pts_us(slot) - delay_us
            if late_us > LATE_US_MAX:
                current = self._grid.slot_at(self.clock.now_us())
                self.frames_missed += current - slot
                slot = current
                continue
            if self._stopping.wait(max(0, -late_us) / _US):
                return
            # Nobody looks and nothing is live: an idle studio costs next to nothing.
            if outputs := self._outputs:
                frame = VideoFrame(self.compose(), self._grid.pts_us(slot))
                for output in outputs:
                    output(frame)
            slot += 1
