"""Time stretch, ring and the clock that swallows sound."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from app.media.playback.audio_output import NullAudioOutput
from app.media.playback.audio_ring import CAPACITY_FRAMES, AudioRing
from app.media.playback.time_stretch import Samples, TimeStretch


def _sine(frames: int, *, first: int = 0, hz: float = 220.0) -> Samples:
    at = (np.arange(frames) + first) / 48_000
    mono = np.sin(2 * np.pi * hz * at).astype(np.float32)
    return np.stack((mono, mono), axis=1)


@pytest.mark.parametrize(("tempo", "share"), [(1.1, 1 / 1.1), (0.95, 1 / 0.95), (1.0, 1.0)])
def test_stretch_when_tempo_is_given_then_the_mean_length_follows(
    tempo: float, share: float
) -> None:
    stretch = TimeStretch()
    played = sum(len(stretch.apply(_sine(960, first=960 * i), tempo)) for i in range(200))
    assert played / (200 * 960) == pytest.approx(share, rel=0.01)


def test_stretch_when_a_tone_is_shortened_then_it_stays_a_clean_tone() -> None:
    stretch = TimeStretch()
    played = np.concatenate([stretch.apply(_sine(960, first=960 * i), 1.1) for i in range(50)])
    spectrum = np.abs(np.fft.rfft(played[:24_000, 0] * np.hanning(24_000)))
    peak_hz = int(np.argmax(spectrum)) * 2
    assert abs(peak_hz - 220) <= 4, "the pitch must not change"
    assert float(np.abs(np.diff(played[:, 0])).max()) < 0.1, "no clicks"


def test_ring_when_half_is_read_then_the_pts_heard_follows() -> None:
    ring = AudioRing()
    ring.write(_sine(960), 1_000_000, 20_000)
    assert ring.heard_pts_us(0) is None
    ring.read(480, 5_000_000)
    assert ring.heard_pts_us(5_000_000) == 1_000_000
    assert ring.heard_pts_us(5_005_000) == pytest.approx(1_005_000, abs=2)
    assert ring.heard_pts_us(5_900_000) == pytest.approx(1_010_000, abs=2), "not beyond what left"


def test_ring_when_samples_were_shortened_then_media_time_runs_faster() -> None:
    ring = AudioRing()
    ring.write(_sine(480), 0, 20_000)  # 20 ms of media in 10 ms
    ring.read(480, 0)
    assert ring.heard_pts_us(5_000) == pytest.approx(10_000, abs=2)


def test_ring_when_it_runs_dry_then_silence_comes_and_time_stands() -> None:
    ring = AudioRing()
    ring.write(_sine(480), 0, 10_000)
    ring.read(480, 0)
    assert not ring.read(480, 10_000).any()
    assert ring.heard_pts_us(20_000) == 10_000
    assert ring.starved_frames == 480
    ring.write(_sine(480), 10_000, 10_000)
    ring.read(480, 30_000)
    assert ring.heard_pts_us(35_000) == pytest.approx(15_000, abs=2)


def test_ring_when_it_wraps_then_samples_are_intact() -> None:
    ring = AudioRing()
    written = np.arange(CAPACITY_FRAMES * 2, dtype=np.float32)
    block = 9_600
    for start in range(0, len(written), block):
        part = np.stack((written[start : start + block],) * 2, axis=1)
        ring.write(part, start, block)
        assert (ring.read(block, 0)[:, 0] == part[:, 0]).all()


def test_ring_when_it_is_full_then_it_takes_no_more() -> None:
    ring = AudioRing()
    for _ in range(6):
        ring.write(_sine(48_000), 0, 1_000_000)
    assert ring.fill_us == 4_000_000


def test_null_output_when_time_passes_then_it_swallows_as_much() -> None:
    now_us = 0
    has_read = threading.Event()

    def monotonic_us() -> int:
        nonlocal now_us
        now_us += 500
        if now_us > 100_000:
            has_read.set()
        return now_us

    output = NullAudioOutput(monotonic_us=monotonic_us)
    output.ring.write(_sine(48_000), 0, 1_000_000)
    output.start()
    assert has_read.wait(10)
    output.stop()
    heard_us = output.ring.heard_pts_us(now_us)
    assert heard_us is not None
    assert abs(heard_us - now_us) < 10_000


def test_ring_when_the_volume_is_set_then_it_is_reached_without_a_click() -> None:
    ring = AudioRing()
    ring.write(np.ones((1440, 2), np.float32), 0, 30_000)
    assert ring.read(480, 0)[:, 0] == pytest.approx(1.0)
    ring.gain = 0.0
    fading = ring.read(480, 10_000)[:, 0]
    assert fading[0] == pytest.approx(1.0)
    assert fading[-1] == pytest.approx(0.0)
    assert float(np.abs(np.diff(fading)).max()) < 0.01
    assert not ring.read(480, 20_000).any()
