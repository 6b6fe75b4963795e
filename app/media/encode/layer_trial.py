"""Encodes a few pictures in several qualities at once, to learn what this machine can do.

Blocks for about a second: call it on a worker thread. The answer is kept for the program's life,
as is which encoders work.
"""

from __future__ import annotations

import functools
import statistics
import threading
import time
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np

from app.media.encode.cpu_budget import Verdict, judge_machine
from app.media.encode.probing import AUTO, find_working, list_candidates
from app.media.encode.video_encoder import AvVideoEncoder, EncoderSettings
from app.media.errors import EncoderFailed
from app.media.picture import NEUTRAL, PIXEL_FORMAT, planes_of, tag_bt709
from app.media.scene.picture_fitter import PictureFitter

if TYPE_CHECKING:
    from app.media.encode.layers import LayerSpec

ROUNDS: Final = 3
PICTURES: Final = 8
WIDTH: Final = 1280
HEIGHT: Final = 720
_FRAME_RATE: Final = Fraction(30)
_STEP: Final = 8
"""Pixels that the picture moves from one to the next: something to search for."""
_lock: Final = threading.Lock()


def try_machine(codec: str = "h264", encoder: str = AUTO) -> Verdict:
    """Raises EncoderFailed where no encoder works."""
    with _lock:
        return _judge(codec, encoder)


@functools.cache
def _judge(codec: str, encoder: str) -> Verdict:
    return judge_machine(
        lambda specs: measure_ms(specs, codec=codec, encoder=encoder), 1000 / float(_FRAME_RATE)
    )


def measure_ms(specs: Sequence[LayerSpec], *, codec: str = "h264", encoder: str = AUTO) -> float:
    """What one picture takes in all these qualities, encoded in parallel: the median of rounds."""
    candidates = list_candidates(codec, encoder)
    workers = [_Worker(spec, codec, candidates) for spec in specs]
    pictures = _paint()
    for worker in workers:
        worker.run(pictures[:1])  # what is set up at the first picture is not measured
    took_ms = []
    for _ in range(ROUNDS):
        threads = [
            threading.Thread(target=worker.run, args=(pictures,), name="layer-trial", daemon=True)
            for worker in workers
        ]
        began_s = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for worker in workers:
            if worker.failure is not None:
                raise worker.failure
        took_ms.append((time.perf_counter() - began_s) * 1000 / len(pictures))
    for worker in workers:
        worker.close()
    return round(statistics.median(took_ms), 2)


class _Worker:
    """One quality's encoder, used by one thread at a time."""

    def __init__(self, spec: LayerSpec, codec: str, candidates: Sequence[str]) -> None:
        settings = EncoderSettings(codec, spec.width, spec.height, _FRAME_RATE, spec.bit_rate_bps)
        name = find_working(candidates, settings)
        if name is None:
            raise EncoderFailed(f"no {codec} encoder works here")
        self._encoder = AvVideoEncoder(name, settings)
        self._fitter = PictureFitter(spec.width, spec.height)
        self._pts_us = 0
        self.failure: EncoderFailed | None = None

    def run(self, pictures: Sequence[av.VideoFrame]) -> None:
        try:
            for picture in pictures:
                image = self._fitter.fit(picture)
                self._encoder.encode(image, pts_us=self._pts_us, force_keyframe=self._pts_us == 0)
                self._pts_us += round(1_000_000 / _FRAME_RATE)
        except EncoderFailed as error:
            self.failure = error

    def close(self) -> None:
        self._encoder.close()


def _paint() -> list[av.VideoFrame]:
    """A soft random landscape that moves: neither a still nor noise."""
    random = np.random.default_rng(720)
    coarse = random.integers(40, 216, (HEIGHT // 16 + 1, (WIDTH + PICTURES * _STEP) // 16 + 1))
    ground = np.kron(coarse, np.ones((16, 16))).astype(np.uint8)
    pictures = []
    for number in range(PICTURES):
        frame = av.VideoFrame(WIDTH, HEIGHT, PIXEL_FORMAT)
        tag_bt709(frame)
        luma, *chroma = planes_of(frame)
        left = number * _STEP
        luma[:] = ground[:HEIGHT, left : left + WIDTH]
        luma[::3] += 7
        for plane in chroma:
            plane[:] = NEUTRAL
        pictures.append(frame)
    return pictures
