"""Small pictures of any moment of a recording, for the pointer over the seek bar.

One thread with a source of its own, so that nothing here delays what is played. Only the newest
wish counts; the keyframe at or before the moment is shown, and the last `KEPT_MAX` are kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.media.playback.isolated_decoder import IsolatedDecoder
from app.media.replay.fragment_finder import FragmentFinder
from app.media.replay.fragments import BrokenRecording
from app.media.replay.sample_decoder import SampleDecoder

if TYPE_CHECKING:
    import av

    from app.media.playback.video_decoder import PictureDecoder
    from app.media.replay.byte_source import ByteSource

KEPT_MAX: Final = 64
STEP_US: Final = 2_000_000
"""Moments this near to each other have one picture."""

OnStill = Callable[[int, "av.VideoFrame"], None]


class StillFinder:
    """`want` from any thread; the answer comes on the finder's own."""

    def __init__(
        self, make_source: Callable[[], ByteSource], decoder: PictureDecoder | None = None
    ) -> None:
        """The decoder is a child process as a rule, and starts with the first wish."""
        self._make_source = make_source
        self._decoder = decoder or IsolatedDecoder()
        self._has_decoder = False
        self._source: ByteSource | None = None
        self._changed = threading.Condition()
        self._wish: tuple[int, OnStill] | None = None
        self._is_stopping = False
        self._kept: OrderedDict[int, av.VideoFrame] = OrderedDict()
        self._thread = threading.Thread(target=self._run, name="replay-stills", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        source = self._source
        if source is not None:
            source.close()
        self._decoder.interrupt()
        self._thread.join()

    def want(self, at_us: int, on_still: OnStill) -> None:
        """Called with the moment that was asked for; perhaps never."""
        with self._changed:
            self._wish = (at_us, on_still)
            self._changed.notify_all()

    def _run(self) -> None:
        try:
            self._serve()
        finally:
            if self._has_decoder:
                self._decoder.stop()
            self._close()

    def _serve(self) -> None:
        finder: FragmentFinder | None = None
        while True:
            with self._changed:
                while self._wish is None and not self._is_stopping:
                    self._changed.wait()
                if self._is_stopping or self._wish is None:
                    return
                (at_us, on_still), self._wish = self._wish, None
            try:
                if finder is None:
                    source = self._source = self._make_source()
                    finder = FragmentFinder(source)
                    finder.open()
                frame = self._find(finder, at_us)
            except (OSError, BrokenRecording):
                finder = None  # the next wish is another try
                self._close()
                continue
            if frame is not None:
                on_still(at_us, frame)

    def _close(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.close()

    def _find(self, finder: FragmentFinder, at_us: int) -> av.VideoFrame | None:
        step = at_us // STEP_US
        frame = self._kept.get(step)
        if frame is None:
            frame = self._decode(finder, at_us)
        if frame is not None:
            self._kept[step] = frame
            self._kept.move_to_end(step)
            if len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
        return frame

    def _decode(self, finder: FragmentFinder, at_us: int) -> av.VideoFrame | None:
        """The keyframe at or before the moment, made small: many are kept in little room."""
        track = finder.init.video
        if track is None:
            return None
        if not self._has_decoder:
            self._has_decoder = True
            self._decoder.start()
        fragment = finder.find(at_us)
        keyframe_us = finder.keyframe_us(fragment, at_us)
        data = finder.load(fragment)
        decoder = SampleDecoder(track, self._decoder)
        decoder.jump()
        has_key = False
        for sample in fragment.of(track):
            pts_us = sample.pts_us - finder.origin_us
            has_key |= sample.is_sync and (keyframe_us is None or pts_us >= keyframe_us)
            if not has_key:
                continue
            # With B-frames the keyframe comes out with one of the samples behind it.
            start = sample.offset - fragment.data_start
            for frame in decoder.decode(sample, data[start : start + sample.size], pts_us):
                return _shrink(frame)
        return next(map(_shrink, decoder.drain()), None)


def _shrink(frame: av.VideoFrame) -> av.VideoFrame:
    width = 192
    height = max(2, frame.height * width // max(1, frame.width) // 2 * 2)
    return frame.reformat(width=width, height=height)
