"""Properties of the delay, on simulated links: no clock, no thread."""

from __future__ import annotations

import itertools
import random
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.media.playback.av_sync import (
    DELAY_US_MAX,
    INSTANT_DELAY_US,
    OFFSET_SLACK_US,
    TEMPO_BEHIND_US,
    TEMPO_CATCH_UP,
    PlayoutClock,
)
from wire.media_packet import Kind

STEP_US = 5_000
TRANSIT_US = 20_000
LEADS_US = {Kind.VIDEO: 15_000, Kind.AUDIO: 30_000}
INTERVALS_US = {Kind.VIDEO: 33_333, Kind.AUDIO: 20_000}
PAUSED_AT_US = 8_000_000
BACK_WITHIN_US = 15_000_000
SLACK_US = OFFSET_SLACK_US + TEMPO_BEHIND_US + STEP_US
"""The clock's own tolerances, and one step of the simulation."""

delays_us = st.integers(0, DELAY_US_MAX)
jitters_us = st.integers(0, 40_000)


class Moment(NamedTuple):
    now_us: int
    target_delay_us: int
    position_us: int

    @property
    def delay_us(self) -> int:
        """What a picture is late by, above the smallest transit."""
        return self.now_us - self.position_us - TRANSIT_US


class Link:
    """When each packet of both tracks arrives: in order, with jitter and pauses."""

    def __init__(self, jitter_us: int, seed: int, pauses: list[tuple[int, int]]) -> None:
        self._jitter_us = jitter_us
        self._chance = random.Random(seed)
        self._pauses = pauses
        """Start and length; what was held leaves at once, fifty times as fast as it was made."""

    def arrivals(self, length_us: int) -> list[tuple[int, Kind, int]]:
        sent = sorted(
            (pts_us, kind)
            for kind, interval_us in INTERVALS_US.items()
            for pts_us in range(0, length_us, interval_us)
        )
        arrivals = []
        newest_us = 0
        for pts_us, kind in sent:
            at_us = pts_us + TRANSIT_US + self._chance.randint(0, self._jitter_us)
            for start_us, pause_us in self._pauses:
                if start_us <= at_us < start_us + pause_us:
                    at_us = start_us + pause_us + (at_us - start_us) // 50
            newest_us = max(newest_us, at_us)
            arrivals.append((newest_us, kind, pts_us))
        return arrivals


def _watch(delay_us: int, link: Link, length_us: int) -> list[Moment]:
    clock = PlayoutClock(delay_us=delay_us)
    for kind, lead_us in LEADS_US.items():
        clock.set_lead(kind, lead_us)
    arrivals = link.arrivals(length_us)
    moments, next_one = [], 0
    for now_us in range(0, length_us, STEP_US):
        while next_one < len(arrivals) and arrivals[next_one][0] <= now_us:
            at_us, kind, pts_us = arrivals[next_one]
            clock.observe(kind, pts_us, at_us)
            next_one += 1
        if clock.settle(now_us):
            position_us = clock.position_us(now_us)
            moments.append(Moment(now_us, clock.target_delay_us(now_us), position_us))
    return moments


@settings(max_examples=25, deadline=None)
@given(delays_us, jitters_us, st.integers(0, 9_000_000), st.integers(0, 1000))
def test_delay_when_the_link_pauses_once_then_it_is_soon_what_it_was(
    delay_us: int, jitter_us: int, pause_us: int, seed: int
) -> None:
    link = Link(jitter_us, seed, [(PAUSED_AT_US, pause_us)])
    checked_us = PAUSED_AT_US + pause_us + BACK_WITHIN_US
    moments = _watch(delay_us, link, checked_us + STEP_US)
    before = next(one for one in moments if one.now_us >= PAUSED_AT_US - STEP_US)
    after = moments[-1]
    assert after.target_delay_us <= before.target_delay_us + SLACK_US + jitter_us
    assert after.delay_us <= before.delay_us + SLACK_US + jitter_us


@settings(max_examples=25, deadline=None)
@given(
    delays_us,
    jitters_us,
    st.lists(st.tuples(st.integers(2_000_000, 20_000_000), st.integers(0, 9_000_000)), max_size=5),
    st.integers(0, 1000),
)
def test_delay_whatever_the_link_does_then_it_is_between_the_wish_and_two_seconds(
    delay_us: int, jitter_us: int, pauses: list[tuple[int, int]], seed: int
) -> None:
    moments = _watch(delay_us, Link(jitter_us, seed, pauses), 25_000_000)
    wish_us = 0 if delay_us <= INSTANT_DELAY_US else delay_us
    floor_slack_us = jitter_us  # the floor itself is known to within the jitter
    assert moments
    for one in moments:
        assert wish_us - floor_slack_us <= one.target_delay_us <= DELAY_US_MAX


@settings(max_examples=25, deadline=None)
@given(delays_us, jitters_us, st.integers(0, 3_000_000), st.integers(0, 1000))
def test_position_when_it_catches_up_then_never_faster_than_the_tempo_or_by_a_jump(
    delay_us: int, jitter_us: int, pause_us: int, seed: int
) -> None:
    moments = _watch(delay_us, Link(jitter_us, seed, [(PAUSED_AT_US, pause_us)]), 20_000_000)
    fastest_us = int(STEP_US * TEMPO_CATCH_UP) + 1
    for one, other in itertools.pairwise(moments):
        step_us = other.position_us - one.position_us
        assert 0 <= step_us <= fastest_us or step_us > 100_000


@pytest.mark.parametrize("delay_us", [0, 200_000])
def test_delay_when_the_link_pauses_again_and_again_then_it_covers_the_pauses(
    delay_us: int,
) -> None:
    pause_us = 600_000
    pauses = [(at_us, pause_us) for at_us in range(4_000_000, 40_000_000, 4_000_000)]
    moments = _watch(delay_us, Link(2_000, 1, pauses), 40_000_000)
    assert moments[-1].target_delay_us > pause_us // 2


def test_delay_when_the_way_becomes_longer_for_good_then_it_follows_at_once() -> None:
    """A step of transit that does not fall again is no pause."""
    clock = PlayoutClock(delay_us=0)
    for number in range(300):
        pts_us = number * 20_000
        longer_us = 300_000 if number >= 150 else 0
        now_us = pts_us + TRANSIT_US + longer_us
        clock.observe(Kind.AUDIO, pts_us, now_us)
        clock.settle(now_us)
        if number == 149:
            assert clock.target_delay_us(now_us) < 10_000
    assert clock.target_delay_us(299 * 20_000 + TRANSIT_US + 300_000) >= 290_000


def test_delay_when_jitter_of_two_seconds_ends_then_it_is_gone_in_half_a_minute() -> None:
    clock = PlayoutClock(delay_us=0)
    chance = random.Random(1)
    arrivals = []
    for number in range(2500):
        pts_us = number * 20_000
        late_us = chance.randint(0, 2_000_000) if number < 500 else 0
        arrivals.append((pts_us + TRANSIT_US + late_us, pts_us))
    delays = {}
    for now_us, pts_us in sorted(arrivals):
        clock.observe(Kind.AUDIO, pts_us, now_us)
        if clock.settle(now_us):
            delays[now_us // 1_000_000] = clock.target_delay_us(now_us)
    assert delays[9] > 1_000_000
    assert delays[45] < 100_000
