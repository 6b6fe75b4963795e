from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.media.capture import microphone
from app.media.capture.microphone import Microphone, OnSamples
from app.media.capture.test_tone import find_clicks, make_tone
from app.media.clock import MediaClock
from app.media.errors import SourceNotFound
from app.media.events import PipelineEvent, SourceLost, SourceRestored

if TYPE_CHECKING:
    from app.media.capture.source import AudioBlock


class FakeInput:
    """A device that gives the test tone in real time until it is unplugged."""

    name = "microphone 0"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.sample_rate_hz = desk.sample_rate_hz
        self.channels = desk.channels
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, on_samples: OnSamples) -> None:
        self._thread = threading.Thread(target=self._run, args=(on_samples,), daemon=True)
        self._thread.start()

    def is_present(self) -> bool:
        return not self._desk.replaced.is_set()

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, on_samples: OnSamples) -> None:
        if self._closing.wait(self._desk.wakes_up_s):
            return
        clock, count = self._desk.clock, self.sample_rate_hz // 100
        place_us = clock.now_us() // 10_000 * 10_000
        while True:
            wait_us = place_us + 10_000 - clock.now_us()
            if self._closing.wait(max(0, wait_us) / 1e6) or not self._desk.plugged_in.is_set():
                return
            tone = make_tone(round(place_us * 0.048), 480)[np.arange(count) * 480 // count]
            age_s = (clock.now_us() - place_us) / 1e6
            on_samples(np.ascontiguousarray(tone[:, : self.channels]), age_s)
            place_us += 10_000


class Desk:
    """The device, what it is plugged into, and what was heard."""

    def __init__(self, sample_rate_hz: int = 48_000, channels: int = 2) -> None:
        self.sample_rate_hz = sample_rate_hz
        self.channels = channels
        self.clock = MediaClock()
        self.plugged_in = threading.Event()
        self.plugged_in.set()
        self.wakes_up_s = 0.0
        self.replaced = threading.Event()
        """The sound server gives another microphone's sound in its place."""
        self.blocks: list[AudioBlock] = []
        self.events: list[PipelineEvent] = []
        self.changed = threading.Condition()
        self.microphone = Microphone(self._open, clock=self.clock, on_event=self._on_event)

    def _open(self) -> FakeInput:
        if not self.plugged_in.is_set() or self.replaced.is_set():
            raise SourceNotFound("microphone 0 is not there")
        return FakeInput(self)

    def _on_event(self, event: PipelineEvent) -> None:
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def on_block(self, block: AudioBlock) -> None:
        with self.changed:
            self.blocks.append(block)
            self.changed.notify_all()

    @property
    def heard_samples(self) -> int:
        return sum(len(block.samples) for block in self.blocks)

    def wait_for_samples(self, count: int) -> None:
        with self.changed:
            wanted = self.heard_samples + count
            assert self.changed.wait_for(lambda: self.heard_samples >= wanted, 10)

    def wait_for_event(self, kind: type[PipelineEvent]) -> None:
        with self.changed:
            assert self.changed.wait_for(
                lambda: any(isinstance(event, kind) for event in self.events), 10
            )

    def assert_unbroken(self) -> None:
        end_us = self.blocks[0].pts_us
        for block in self.blocks:
            assert abs(block.pts_us - end_us) <= 42
            end_us = block.pts_us + round(len(block.samples) * 1e6 / 48_000)


@pytest.mark.parametrize(("sample_rate_hz", "channels"), [(48_000, 2), (48_000, 1), (44_100, 2)])
def test_microphone_when_it_runs_then_sound_is_unbroken_and_on_the_clock(
    sample_rate_hz: int, channels: int
) -> None:
    desk = Desk(sample_rate_hz, channels)
    desk.microphone.start(desk.on_block)
    desk.wait_for_samples(62_000)
    desk.microphone.stop()
    desk.assert_unbroken()
    run = np.concatenate([block.samples for block in desk.blocks])
    assert run.shape[1] == 2
    clicks_us = [desk.blocks[0].pts_us + click * 1e6 / 48_000 for click in find_clicks(run)]
    clicks_us = [click_us for click_us in clicks_us if click_us > 100_000]
    assert clicks_us
    assert all(min(click % 1e6, 1e6 - click % 1e6) < 5_000 for click in clicks_us)
    assert desk.microphone.samples_lost == 0


def test_microphone_when_unplugged_and_back_then_silence_goes_out_and_time_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(microphone, "SIGNAL_TIMEOUT_S", 0.2)
    monkeypatch.setattr(microphone, "START_TIMEOUT_S", 0.2)
    monkeypatch.setattr(microphone, "REOPEN_INTERVAL_S", 0.1)
    desk = Desk()
    desk.microphone.start(desk.on_block)
    desk.wait_for_samples(9_600)
    desk.plugged_in.clear()
    desk.wait_for_event(SourceLost)
    desk.wait_for_samples(9_600)
    assert not desk.blocks[-1].samples.any()
    desk.plugged_in.set()
    desk.wait_for_event(SourceRestored)
    desk.wait_for_samples(9_600)
    assert desk.blocks[-1].samples.any()
    desk.microphone.stop()
    desk.assert_unbroken()
    assert desk.microphone.state == "stopped"


def test_microphone_when_another_one_speaks_in_its_place_then_silence_goes_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(microphone, "SIGNAL_TIMEOUT_S", 0.2)
    monkeypatch.setattr(microphone, "START_TIMEOUT_S", 0.2)
    monkeypatch.setattr(microphone, "REOPEN_INTERVAL_S", 0.1)
    desk = Desk()
    desk.microphone.start(desk.on_block)
    desk.wait_for_samples(9_600)
    desk.replaced.set()
    desk.wait_for_event(SourceLost)
    heard_before = len(desk.blocks)
    desk.wait_for_samples(9_600)
    assert not any(block.samples.any() for block in desk.blocks[heard_before:])
    desk.replaced.clear()
    desk.wait_for_event(SourceRestored)
    desk.wait_for_samples(9_600)
    assert desk.blocks[-1].samples.any()
    desk.microphone.stop()
    desk.assert_unbroken()


def test_microphone_when_it_wakes_up_slowly_then_silence_and_nothing_is_called_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(microphone, "SIGNAL_TIMEOUT_S", 0.1)
    monkeypatch.setattr(microphone, "REOPEN_INTERVAL_S", 0.05)
    desk = Desk()
    desk.wakes_up_s = 0.5
    desk.microphone.start(desk.on_block)
    desk.wait_for_samples(4_800)
    assert not desk.blocks[-1].samples.any()
    with desk.changed:
        assert desk.changed.wait_for(lambda: bool(desk.blocks[-1].samples.any()), 10)
    desk.microphone.stop()
    desk.assert_unbroken()
    assert desk.events == []
