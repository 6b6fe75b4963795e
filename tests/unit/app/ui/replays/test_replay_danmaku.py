from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from app.ui.replays.replay_danmaku import ReplayDanmaku
from tests.unit.app.ui.replays.replay_states import said

if TYPE_CHECKING:
    from wire.events import TimelineEntry

SECOND = 1000.0


class Recording:
    """What was said, and where it stands."""

    def __init__(self, entries: Sequence[TimelineEntry]) -> None:
        self.entries = entries
        self.at_ms = 0.0
        self.layer = ReplayDanmaku(lambda: self.at_ms, self.between)
        self.layer.resize(1280, 720)
        self.layer.jump()

    def between(self, after_ms: float, to_ms: float) -> list[TimelineEntry]:
        return [one for one in self.entries if after_ms < one.at_ms <= to_ms]

    def play_to(self, at_ms: float, step_ms: float) -> None:
        while self.at_ms < at_ms:
            self.at_ms = min(at_ms, self.at_ms + step_ms)
            self.layer._tick()
            self.layer._lanes.advance(self.at_ms)

    def stage(self) -> list[tuple[str, int, float]]:
        return [(one.text.key, one.lane, one.started_ms) for one in self.layer.flights]


def talk(count: int, seconds: float) -> list[TimelineEntry]:
    """Everybody says something else, at some length."""
    chance = random.Random(7)
    moments = sorted(chance.randrange(1, int(seconds * SECOND)) for _ in range(count))
    entries = []
    for at_ms in dict.fromkeys(moments):
        words = f"{at_ms} " * (1 + at_ms % 4)
        entries.append(said(partial(_say, words), at_ms))
    return entries


def _say(words: str, _usual: str) -> str:
    return words


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("step_ms", [16.7, 33.4, 140.0, 1500.0])
def test_play_when_it_is_painted_seldom_or_at_another_speed_then_the_lanes_are_the_same(
    step_ms: float,
) -> None:
    entries = talk(300, 30)
    smooth, rough = Recording(entries), Recording(entries)
    smooth.play_to(20 * SECOND, 5.0)
    rough.play_to(20 * SECOND, step_ms)
    assert rough.stage() == smooth.stage()
    assert smooth.stage()


@pytest.mark.usefixtures("qapp")
def test_jump_when_it_goes_to_the_same_moment_twice_then_the_stage_is_the_same() -> None:
    recording = Recording(talk(300, 60))
    recording.at_ms = 40 * SECOND
    recording.layer.jump()
    first = recording.stage()
    recording.at_ms = 5 * SECOND
    recording.layer.jump()
    recording.at_ms = 40 * SECOND
    recording.layer.jump()
    assert recording.stage() == first
    assert first


@pytest.mark.usefixtures("qapp")
def test_jump_when_it_goes_back_then_what_is_said_later_is_not_there_yet() -> None:
    recording = Recording(talk(100, 60))
    recording.play_to(50 * SECOND, 500.0)
    recording.at_ms = 10 * SECOND
    recording.layer.jump()
    assert all(start_ms <= 10 * SECOND for _key, _lane, start_ms in recording.stage())


@pytest.mark.usefixtures("qapp")
def test_pause_when_the_clock_stands_then_so_do_the_texts() -> None:
    recording = Recording(talk(50, 20))
    recording.play_to(10 * SECOND, 100.0)
    recording.layer.set_paused(is_paused=True)
    before = recording.stage()
    for _ in range(20):
        recording.layer._tick()
    assert recording.stage() == before
    assert recording.layer.interval_ms is None


@pytest.mark.usefixtures("qapp")
def test_play_when_danmaku_are_off_and_on_again_then_only_the_new_ones_fly() -> None:
    recording = Recording(talk(100, 40))
    settings = recording.layer.settings
    recording.layer.choose(replace(settings, is_on=False))
    recording.play_to(20 * SECOND, 100.0)
    assert not recording.stage()
    recording.layer.choose(settings)
    recording.play_to(25 * SECOND, 100.0)
    assert all(start_ms > 20 * SECOND for _key, _lane, start_ms in recording.stage())
    assert recording.stage()


@pytest.mark.usefixtures("qapp")
def test_jump_when_they_are_a_list_then_the_last_lines_are_there() -> None:
    recording = Recording(talk(100, 40))
    recording.layer.choose(replace(recording.layer.settings, is_list=True))
    recording.at_ms = 30 * SECOND
    recording.layer.jump()
    assert recording.layer.lines
    assert not recording.layer.flights
