"""Steady noise (fans, hiss, hum) taken out of a sound, by FFmpeg's `afftdn`.

Of the two filters that FFmpeg has, `arnndn` needs a trained model that would have to be fetched;
this one takes 18 dB off what lies under -30 dB in its band. (Its noise tracking, `tn=1`, was tried
and leaves white noise as it is.)
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import av
import numpy as np
from av.filter import Graph

from app.media.capture.source import CHANNELS, SAMPLE_RATE_HZ, Samples

DELAY_SAMPLES: Final = 1200
"""By which the filter's output lags behind its input: measured with a click."""

_OPTIONS: Final = "nr=18:nf=-30"


class NoiseSuppressor:
    """Belongs to one thread. Gives as many samples as it takes, later by DELAY_SAMPLES."""

    def __init__(self) -> None:
        graph = Graph()
        self._source = graph.add_abuffer(
            sample_rate=SAMPLE_RATE_HZ,
            format="fltp",
            layout="stereo",
            time_base=Fraction(1, SAMPLE_RATE_HZ),
        )
        filtering = graph.add("afftdn", _OPTIONS)
        self._sink = graph.add("abuffersink")
        self._source.link_to(filtering)
        filtering.link_to(self._sink)
        graph.configure()
        self._graph = graph
        self._pushed = 0

    def push(self, samples: Samples) -> Samples:
        """What is ready: as much as came in on the long run, in steps of the filter's window."""
        planes = np.ascontiguousarray(samples.T, np.float32)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
        frame.pts = self._pushed
        self._pushed += len(samples)
        self._source.push(frame)
        made = []
        while True:
            try:
                piece = self._sink.pull()
            except (av.BlockingIOError, av.EOFError):
                break
            if isinstance(piece, av.AudioFrame):
                made.append(piece.to_ndarray().T)
        if not made:
            return np.zeros((0, CHANNELS), np.float32)
        return np.ascontiguousarray(np.concatenate(made), np.float32)
