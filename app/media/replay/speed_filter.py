"""Sound at half to double speed, its pitch kept: FFmpeg's atempo.

The stretching of live playback (app/media/playback/time_stretch.py) leaves out one period a packet
at most: right for catching up by a tenth, too little for a replay at double speed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.error import BlockingIOError as NothingYet
from av.error import EOFError as NothingMore

from app.media.playback.audio_decoder import CHANNELS, SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from av.filter import Graph

    from app.media.playback.time_stretch import Samples

_SILENT: Final = np.zeros((0, CHANNELS), np.float32)


class SpeedFilter:
    """One thread. At speed 1 sound goes through untouched."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._graph: Graph | None = None if speed == 1.0 else _make_graph(speed)
        self._frames = 0

    def apply(self, block: Samples) -> Samples:
        """What may be played of it by now; some stays within."""
        if self._graph is None or not len(block):
            return block
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(block.reshape(1, -1)), format="flt", layout="stereo"
        )
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = self._frames
        frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
        self._frames += len(block)
        self._graph.push(frame)
        return self._pull()

    def _pull(self) -> Samples:
        pieces = []
        while self._graph is not None:
            try:
                frame = self._graph.pull()
            except (NothingYet, NothingMore):
                break
            if not isinstance(frame, AudioFrame):
                break
            pieces.append(frame.to_ndarray().reshape(-1, CHANNELS))
        return np.concatenate(pieces) if pieces else _SILENT


def _make_graph(speed: float) -> Graph:
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=SAMPLE_RATE_HZ,
        format="flt",
        layout="stereo",
        time_base=Fraction(1, SAMPLE_RATE_HZ),
    )
    tempo = graph.add("atempo", f"{speed:.3f}")
    sink = graph.add("abuffersink")
    source.link_to(tempo)
    tempo.link_to(sink)
    graph.configure()
    return graph
