from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.harness import fanout_figures
from benchmarks.harness.fanout_figures import (
    LADDER,
    find_most,
    find_next_size,
    holds,
    judge,
    summarize,
)
from benchmarks.harness.fanout_round import Round

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.harness.fanout_figures import SenderFigures
    from benchmarks.harness.fanout_round import SenderName


def make_round(
    sender: SenderName = "always",
    *,
    cpu_ms: float = 0.7,
    p99_ms: float = 10.0,
    viewers: int = 200,
    connected: int | None = None,
    **watched: Any,
) -> Round:
    delay = {"p50": 1.0, "p99": p99_ms, "max": p99_ms * 2}
    return Round(
        sender=sender,
        viewers=viewers,
        connected=viewers if connected is None else connected,
        cpu_ms_per_viewer_s=cpu_ms,
        memory_bytes=1,
        others_load=0.0,
        watched={
            "seconds": 10.0,
            "watching": viewers,
            "closed": 0,
            "lost": 0,
            "video_packets": viewers * 300,
            "audio_packets": viewers * 500,
            "cpu_s": 1.0,
            "error": "",
            "delay_ms": {"video": delay, "audio": delay},
            **watched,
        },
        published={},
    )


def search(limit_holds: Callable[[int], bool]) -> tuple[int, dict[int, list[bool]]]:
    outcomes: dict[int, list[bool]] = {}
    while (size := find_next_size(outcomes)) is not None:
        outcomes.setdefault(size, []).append(limit_holds(size))
        assert sum(map(len, outcomes.values())) < 60
    return find_most(outcomes), outcomes


@pytest.mark.parametrize("limit", [50, 420, 600, 640, 970, 1_000, 1_590, 1_799])
def test_search_finds_the_limit_to_a_step(limit: int) -> None:
    most, outcomes = search(lambda size: size <= limit)
    assert limit - fanout_figures.STEP_VIEWERS < most <= limit
    assert outcomes[most] == [True, True]


def test_search_when_nothing_holds_finds_none() -> None:
    most, _ = search(lambda _: False)
    assert most == 0


def test_search_when_all_hold_ends_at_the_last_rung() -> None:
    most, outcomes = search(lambda _: True)
    assert most == LADDER[-1]
    assert outcomes[most] == [True, True]


def test_search_when_one_round_was_disturbed_goes_on() -> None:
    disturbed = {800}

    def limit_holds(size: int) -> bool:
        if size in disturbed:
            disturbed.discard(size)
            return False
        return size <= 1_000

    most, _ = search(limit_holds)
    assert most == 1_000


def test_search_when_a_size_held_by_luck_falls_below_it() -> None:
    lucky = {1_000}

    def limit_holds(size: int) -> bool:
        if size in lucky:
            lucky.discard(size)
            return True
        return size <= 870

    most, _ = search(limit_holds)
    assert most == 850


@pytest.mark.parametrize(
    "spoilt",
    [
        make_round(p99_ms=50.1),
        make_round(lost=1),
        make_round(closed=1),
        make_round(connected=199),
        make_round(video_packets=200 * 270),
    ],
)
def test_round_with_a_flaw_does_not_hold(spoilt: Round) -> None:
    assert holds(make_round())
    assert not holds(spoilt)


def test_ratio_is_to_the_c_round_beside_it() -> None:
    relay = [make_round(cpu_ms=0.8), make_round(cpu_ms=1.8), make_round(cpu_ms=0.9)]
    c = [make_round("c", cpu_ms=0.8), make_round("c", cpu_ms=1.5), make_round("c", cpu_ms=1.0)]
    ratio = summarize("always", relay, c).cpu_ratio
    assert ratio is not None
    assert ratio.median == pytest.approx(1.0)
    assert ratio.high == pytest.approx(1.2)


def test_judge_when_all_is_well_meets_every_target() -> None:
    c = [make_round("c")]
    figures: dict[SenderName, SenderFigures] = {
        "always": summarize("always", [make_round()], c),
        "never": summarize("never", [make_round("never", cpu_ms=1.2)], c),
    }
    assert set(judge(figures, 900).values()) == {True}


def test_judge_when_something_is_off_says_which() -> None:
    c = [make_round("c")]
    figures: dict[SenderName, SenderFigures] = {
        "always": summarize("always", [make_round(cpu_ms=0.85)], c),
        "never": summarize("never", [make_round("never", cpu_ms=1.2, p99_ms=51, lost=3)], c),
    }
    assert judge(figures, 850) == {
        "cpu_coalescing": False,
        "cpu_not_coalescing": True,
        "delay_p99": False,
        "nothing_lost": False,
        "viewers_on_one_core": False,
    }


def test_judge_without_the_c_sender_leaves_the_ratio_open() -> None:
    figures: dict[SenderName, SenderFigures] = {
        "always": summarize("always", [make_round()], []),
        "never": summarize("never", [make_round("never")], []),
    }
    meets = judge(figures, None)
    assert meets["cpu_coalescing"] is None
    assert meets["viewers_on_one_core"] is None
    assert meets["delay_p99"] is True
