from __future__ import annotations

import random

from app.media.playback.av_sync import (
    JUMP_US,
    SETTLE_QUIET_US,
    TEMPO_CATCH_UP,
    TEMPO_WAIT,
    WILD_PACKETS_MAX,
    PlayoutClock,
)
from wire.media_packet import Kind

FRAME_US = 33_333
SHIFT_US = 1_000_000_000
"""Between the publisher's clock and this machine's: any number will do."""


def _feed(
    clock: PlayoutClock,
    *,
    first_us: int = 0,
    frames: int = 100,
    delay_us: int = 20_000,
    jitter_us: int = 0,
    kind: Kind = Kind.VIDEO,
) -> int:
    """Live packets; returns the time of the last one."""
    chance = random.Random(1)
    now_us = 0
    for index in range(frames):
        pts_us = first_us + index * FRAME_US
        now_us = SHIFT_US + pts_us + delay_us + chance.randint(0, jitter_us)
        clock.observe(kind, pts_us, now_us)
        clock.settle(now_us)
    return now_us


def test_due_when_the_link_is_steady_then_it_is_the_floor_and_the_wish() -> None:
    clock = PlayoutClock(delay_us=200_000)
    now_us = _feed(clock)
    assert clock.offset_us(now_us) == SHIFT_US + 20_000 + 200_000
    assert clock.target_delay_us(now_us) == 200_000


def test_delay_when_instant_is_wished_then_it_covers_jitter_and_lead_only() -> None:
    clock = PlayoutClock(delay_us=0)
    clock.set_lead(Kind.VIDEO, 10_000)
    now_us = _feed(clock, frames=400, jitter_us=8_000)
    assert 12_000 < clock.target_delay_us(now_us) <= 18_000 + 8_000


def test_delay_when_jitter_is_above_the_wish_then_it_grows() -> None:
    clock = PlayoutClock(delay_us=100_000)
    now_us = _feed(clock, frames=400, jitter_us=400_000)
    assert clock.target_delay_us(now_us) > 300_000


def test_delay_when_jitter_is_absurd_then_it_is_bounded() -> None:
    clock = PlayoutClock(delay_us=100_000)
    now_us = _feed(clock, frames=400, jitter_us=8_000_000)
    assert clock.target_delay_us(now_us) <= 2_000_000


def test_offset_when_two_tracks_differ_then_the_slower_one_decides() -> None:
    clock = PlayoutClock(delay_us=0)
    _feed(clock, delay_us=20_000, kind=Kind.AUDIO)
    now_us = _feed(clock, delay_us=70_000, kind=Kind.VIDEO)
    assert clock.offset_us(now_us) == SHIFT_US + 70_000


def test_clock_when_a_cached_gop_drains_then_it_settles_on_the_live_edge() -> None:
    clock = PlayoutClock(delay_us=200_000)
    joined_us = SHIFT_US + 2_000_000
    for index in range(60):  # 2 s of packets within 12 ms
        clock.observe(Kind.VIDEO, index * FRAME_US, joined_us + index * 200)
        assert not clock.settle(joined_us + index * 200)
    quiet_us = joined_us + 12_000 + SETTLE_QUIET_US
    assert clock.settle(quiet_us)
    live_edge_us = 59 * FRAME_US
    assert abs(clock.target_position_us(joined_us + 12_000) - (live_edge_us - 200_000)) < 1_000


def test_position_when_no_sound_leads_then_it_runs_with_time() -> None:
    clock = PlayoutClock(delay_us=200_000)
    now_us = _feed(clock)
    first = clock.position_us(now_us)
    assert clock.position_us(now_us + 500_000) - first == 500_000


def test_tempo_when_behind_then_it_catches_up_and_stops_there() -> None:
    clock = PlayoutClock(delay_us=200_000)
    now_us = _feed(clock)
    position_us = clock.target_position_us(now_us) - 300_000
    clock.follow(position_us, now_us)
    tempos = []
    for _ in range(500):
        now_us += 10_000
        position_us = clock.position_us(now_us)
        tempos.append(clock.tempo(position_us, now_us))
    assert max(tempos) == TEMPO_CATCH_UP
    assert tempos[-1] == 1.0
    assert abs(clock.target_position_us(now_us) - position_us) < 12_000


def test_tempo_when_ahead_then_it_waits() -> None:
    clock = PlayoutClock(delay_us=200_000)
    now_us = _feed(clock)
    assert clock.tempo(clock.target_position_us(now_us) + 50_000, now_us) == TEMPO_WAIT


def test_position_when_far_behind_then_it_jumps() -> None:
    clock = PlayoutClock(delay_us=200_000)
    now_us = _feed(clock)
    clock.follow(clock.target_position_us(now_us) - JUMP_US - 500_000, now_us)
    assert clock.position_us(now_us + 1_000) == clock.target_position_us(now_us + 1_000)


def test_pts_when_a_few_are_wild_then_they_are_refused() -> None:
    clock = PlayoutClock(delay_us=200_000)
    now_us = _feed(clock)
    before = clock.offset_us(now_us)
    for _ in range(WILD_PACKETS_MAX):
        assert not clock.observe(Kind.VIDEO, 2**62, now_us)
    assert clock.observe(Kind.VIDEO, 100 * FRAME_US, now_us + FRAME_US)
    assert clock.offset_us(now_us) == before


def test_pts_when_wild_ones_stay_then_they_are_the_new_timeline() -> None:
    clock = PlayoutClock(delay_us=200_000)
    now_us = _feed(clock)
    taken = [
        clock.observe(Kind.VIDEO, 90_000_000_000 + index * FRAME_US, now_us + index * FRAME_US)
        for index in range(WILD_PACKETS_MAX + 5)
    ]
    assert taken == [False] * WILD_PACKETS_MAX + [True] * 5
    assert not clock.is_settled


def test_offset_when_jitter_ends_then_it_falls_slowly() -> None:
    clock = PlayoutClock(delay_us=0)
    now_us = _feed(clock, frames=100, jitter_us=200_000)
    high = clock.offset_us(now_us)
    later_us = _feed(clock, first_us=100 * FRAME_US, frames=300)
    step = clock.offset_us(later_us)
    assert step < high
    now_us = later_us
    for _ in range(200):
        now_us += 100_000
        fallen = step - clock.offset_us(now_us)
        assert 0 <= fallen <= 2_100
        step = clock.offset_us(now_us)


def test_delay_when_less_is_wished_then_the_offset_falls_at_once() -> None:
    clock = PlayoutClock(delay_us=1_200_000)
    now_us = _feed(clock)
    assert clock.target_delay_us(now_us) == 1_200_000
    clock.set_delay(200_000, now_us)
    assert clock.target_delay_us(now_us) == 200_000
    clock.set_delay(600_000, now_us)
    assert clock.target_delay_us(now_us) == 600_000


def test_offset_when_a_full_link_is_free_again_then_it_falls_at_once() -> None:
    clock = PlayoutClock(delay_us=200_000)
    full_us = _feed(clock, frames=900, delay_us=8_000_000)
    assert clock.target_delay_us(full_us) == 200_000
    now_us = _feed(clock, first_us=900 * FRAME_US, frames=300)
    assert clock.target_delay_us(now_us) <= 2_000_000
