"""The composed picture for the local screen, the first thing to be left out.

A thread converts the newest frame to the preview's own size; while the window has not taken the
last one, frames pass by untouched. The composing thread only leaves a reference.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from app.media.capture.source import JOIN_TIMEOUT_S

if TYPE_CHECKING:
    from app.media.capture.source import VideoFrame
    from app.media.scene.filters_on_demand import Pixels

_SWS_BT709: Final = 1
_SIDE_MIN: Final = 32


class Preview:
    """`push` is the scene's output; `on_pixels` is called on the preview's thread with BGRA of
    shape (height, width, 4), the caller's to keep."""

    def __init__(self, on_pixels: Callable[[Pixels], None]) -> None:
        self._on_pixels = on_pixels
        self._changed = threading.Condition()
        self._newest: VideoFrame | None = None
        self._is_wanted = True
        self._is_shown = False
        self._size = 640, 360
        self._stopping = False
        self._reformatter = VideoReformatter()
        self._thread: threading.Thread | None = None
        self.frames_skipped = 0

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="preview", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)

    def push(self, frame: VideoFrame) -> None:
        """Never blocks."""
        with self._changed:
            if self._is_shown and not self._is_wanted:
                self.frames_skipped += 1
            self._newest = frame
            self._changed.notify()

    def set_shown(self, *, shown: bool, width: int, height: int) -> None:
        """Whether anybody looks, and how many pixels there are."""
        with self._changed:
            self._is_shown = shown
            self._size = max(_SIDE_MIN, width) // 2 * 2, max(_SIDE_MIN, height) // 2 * 2
            self._is_wanted = True
            self._changed.notify()

    def taken(self) -> None:
        """The window has painted the last picture and would like another."""
        with self._changed:
            self._is_wanted = True
            self._changed.notify()

    def _run(self) -> None:
        while (frame := self._wait()) is not None:
            picture = self._reformatter.reformat(
                frame.image,
                width=self._size[0],
                height=self._size[1],
                format="bgra",
                src_colorspace=_SWS_BT709,
                src_color_range=ColorRange.MPEG,
                dst_color_range=ColorRange.JPEG,
                interpolation=Interpolation.FAST_BILINEAR,
            )
            self._on_pixels(np.ascontiguousarray(picture.to_ndarray(), np.uint8))

    def _wait(self) -> VideoFrame | None:
        with self._changed:
            while not self._stopping:
                if self._is_shown and self._is_wanted and self._newest is not None:
                    frame, self._newest = self._newest, None
                    self._is_wanted = False
                    return frame
                self._changed.wait()
            return None
