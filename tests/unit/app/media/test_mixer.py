"""Mixing: places in time, gain without a step, mute, holding, the limit, meters."""

from __future__ import annotations

import queue
from collections.abc import Callable

import numpy as np
import pytest

from app.media.capture.source import AudioBlock, AudioSourceInfo, SourceState
from app.media.clock import MediaClock
from app.media.mixer import BLOCK_SAMPLES, SILENCE_DB, Mixer, limit


class Hand:
    """An AudioSource played by hand."""

    def __init__(self) -> None:
        self.info = AudioSourceInfo("hand")
        self.state = SourceState.RUNNING
        self.samples_lost = 0
        self.give: Callable[[AudioBlock], None] = lambda _block: None

    def start(self, on_block: Callable[[AudioBlock], None]) -> None:
        self.give = on_block

    def stop(self) -> None:
        self.state = SourceState.STOPPED

    def play(self, block: int, level: float) -> None:
        samples = np.full((BLOCK_SAMPLES, 2), level, np.float32)
        self.give(AudioBlock(samples, block * 10_000))


@pytest.fixture
def mixer() -> Mixer:
    return Mixer(MediaClock())


def mix(mixer: Mixer, block: int) -> float:
    """The last sample of a block: gains have settled by then."""
    return float(mixer.mix(block * BLOCK_SAMPLES).samples[-1, 0])


def test_mix_adds_channels(mixer: Mixer) -> None:
    one, other = Hand(), Hand()
    mixer.add("one", one)
    mixer.add("other", other)
    one.play(0, 0.25)
    other.play(0, 0.125)
    assert mix(mixer, 0) == pytest.approx(0.375)


def test_source_when_it_plays_from_its_first_moment_then_as_it_was_set(mixer: Mixer) -> None:
    muted, soft = Hand(), Hand()
    mixer.add("muted", muted, is_muted=True)
    mixer.add("soft", soft, gain_db=-6.0206)
    muted.play(0, 0.25)
    soft.play(0, 0.5)
    assert mix(mixer, 0) == pytest.approx(0.25, abs=0.001)


def test_mix_gives_sound_at_its_own_time(mixer: Mixer) -> None:
    hand = Hand()
    mixer.add("a", hand)
    hand.play(2, 0.5)
    assert [mix(mixer, block) for block in range(4)] == pytest.approx([0, 0, 0.5, 0])


def test_mix_of_a_late_block_leaves_it_out(mixer: Mixer) -> None:
    hand = Hand()
    mixer.add("a", hand)
    mix(mixer, 5)
    hand.play(5, 0.5)
    assert mix(mixer, 6) == 0


def test_gain_goes_up_without_a_step(mixer: Mixer) -> None:
    hand = Hand()
    mixer.add("a", hand)
    for block in range(2):
        hand.play(block, 0.25)
    mixer.set_gain("a", 6.0206)
    first = mixer.mix(0).samples[:, 0]
    assert np.abs(np.diff(first)).max() < 0.01
    assert mix(mixer, 1) == pytest.approx(0.5, abs=0.001)


def test_muted_and_held_microphones_are_silent(mixer: Mixer) -> None:
    microphone, music = Hand(), Hand()
    mixer.add("mic", microphone, is_microphone=True)
    mixer.add("music", music)
    mixer.hold_microphones(held=True)
    for hand in (microphone, music):
        hand.play(0, 0.25)
        hand.play(1, 0.25)
    assert mix(mixer, 0) == pytest.approx(0.25)
    mixer.set_muted("music", muted=True)
    assert mix(mixer, 1) == 0


def test_remove_stops_the_source(mixer: Mixer) -> None:
    hand = Hand()
    mixer.add("a", hand)
    mixer.remove("a")
    assert hand.state is SourceState.STOPPED
    assert mixer.levels() == {}


def test_meter_shows_peak_and_silence(mixer: Mixer) -> None:
    hand = Hand()
    mixer.add("a", hand)
    assert mixer.levels()["a"].peak_db == SILENCE_DB
    hand.play(0, 0.5)
    mix(mixer, 0)
    assert mixer.levels()["a"].peak_db == pytest.approx(-6, abs=0.1)


def test_limit_never_passes_full_scale() -> None:
    loud = np.linspace(-4, 4, 1000, dtype=np.float32)[:, None].repeat(2, axis=1)
    assert np.abs(limit(loud)).max() <= 1
    quiet = loud * 0.1
    assert limit(quiet) is quiet


def test_noise_suppression_keeps_the_time_and_takes_hiss_away(mixer: Mixer) -> None:
    hand = Hand()
    mixer.add("a", hand)
    mixer.set_noise_suppressed("a", suppressed=True)
    random = np.random.default_rng(7)
    heard = []
    for block in range(300):
        hiss = random.standard_normal((BLOCK_SAMPLES, 2)).astype(np.float32) * 0.02
        hand.give(AudioBlock(hiss, block * 10_000))
        if block >= 8:
            heard.append(mixer.mix((block - 8) * BLOCK_SAMPLES).samples)
    late = np.concatenate(heard[200:])
    assert 0 < float(late.std()) < 0.014


def test_noise_suppression_keeps_a_voice_and_takes_the_hiss_between_its_words(
    mixer: Mixer,
) -> None:
    hand = Hand()
    mixer.add("a", hand, is_microphone=True)
    mixer.set_noise_suppressed("a", suppressed=True)
    random = np.random.default_rng(11)
    time_s = np.arange(600 * BLOCK_SAMPLES) / 48_000
    # A voice at 140 Hz with its harmonics, half a second on and half a second off.
    voice = sum(np.sin(2 * np.pi * 140 * n * time_s) / n for n in range(1, 9)) * 0.12
    is_speaking = (time_s % 1.0) < 0.5
    hiss = random.standard_normal(len(time_s)) * 0.01
    samples = np.where(is_speaking, voice, 0.0) + hiss
    heard = []
    for block in range(600):
        part = samples[block * BLOCK_SAMPLES : (block + 1) * BLOCK_SAMPLES].astype(np.float32)
        hand.give(AudioBlock(np.repeat(part[:, None], 2, axis=1), block * 10_000))
        if block >= 8:
            heard.append(mixer.mix((block - 8) * BLOCK_SAMPLES).samples[:, 0])
    result = np.concatenate(heard)
    settled = slice(48_000 * 2, len(result))
    # Within a word and within a pause, away from where one becomes the other.
    place = time_s[: len(result)] % 1.0
    in_word, in_pause = (place > 0.15) & (place < 0.4), (place > 0.7) & (place < 0.9)
    before, after = samples[: len(result)][settled], result[settled]
    in_word, in_pause = in_word[settled], in_pause[settled]
    kept_db = 20 * np.log10(after[in_word].std() / before[in_word].std())
    taken_db = 20 * np.log10(after[in_pause].std() / before[in_pause].std())
    assert kept_db == pytest.approx(0, abs=1.0)
    assert taken_db < -5


def test_held_microphones_when_let_go_are_heard_again_without_a_step(mixer: Mixer) -> None:
    hand = Hand()
    mixer.add("mic", hand, is_microphone=True)
    for block in range(4):
        hand.play(block, 0.25)
    assert mix(mixer, 0) == pytest.approx(0.25)
    mixer.hold_microphones(held=True)
    going = mixer.mix(BLOCK_SAMPLES).samples[:, 0]
    assert going[-1] == 0
    assert np.abs(np.diff(going)).max() < 0.01
    assert mix(mixer, 2) == 0
    mixer.hold_microphones(held=False)
    coming = mixer.mix(3 * BLOCK_SAMPLES).samples[:, 0]
    assert coming[-1] == pytest.approx(0.25)
    assert np.abs(np.diff(coming)).max() < 0.01


def test_state_of_a_channel_is_its_sources_and_stopped_without_one(mixer: Mixer) -> None:
    hand = Hand()
    mixer.add("a", hand)
    hand.state = SourceState.NO_SIGNAL
    assert mixer.state_of("a") is SourceState.NO_SIGNAL
    assert mixer.state_of("b") is SourceState.STOPPED


def test_mixer_when_nobody_listens_or_looks_then_rests_and_goes_on_in_step() -> None:
    clock = MediaClock()
    mixer = Mixer(clock)
    mixed: queue.SimpleQueue[AudioBlock] = queue.SimpleQueue()
    hand = Hand()
    mixer.add("one", hand)
    mixer.set_metered(metered=False)
    mixer.start()
    try:
        hand.play(clock.now_us() // 10_000, 0.5)
        assert mixer.master_level.peak_db == SILENCE_DB
        mixer.connect(mixed.put)
        first, second = mixed.get(timeout=10), mixed.get(timeout=10)
        assert second.pts_us - first.pts_us == 10_000
        assert mixer.blocks_skipped == 0
    finally:
        mixer.stop()
