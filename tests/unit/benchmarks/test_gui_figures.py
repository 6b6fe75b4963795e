from __future__ import annotations

from typing import Any

import pytest

from benchmarks.harness import gui_report
from benchmarks.harness.gui_figures import (
    SWITCHES,
    GuiRound,
    LiveFigures,
    LostPictures,
    SwitchFigures,
    judge,
    summarize,
)

INTERVAL_US = 33_333


def make_live(**changed: Any) -> LiveFigures:
    live = LiveFigures(
        preview_fps=30.0,
        stage_fps=29.9,
        viewer_fps=29.9,
        received_lost=0,
        stalls=0,
        stall_ms_p99=2.0,
        stall_ms_max=12.0,
        worked_ms_max=9.0,
        cores={"publisher": 0.5, "viewer": 0.2},
    )
    return live._replace(**changed)


def make_switch(**changed: Any) -> SwitchFigures:
    switch = SwitchFigures(
        received_lost=0,
        painted_lost=1,
        sound_jumps=0,
        dropped=0,
        stalls=0,
        stall_ms_max=20.0,
        worked_ms_max=15.0,
        is_same_broadcast=True,
    )
    return switch._replace(**changed)


def make_round(
    *,
    live: LiveFigures | None = None,
    idle: float = 0.01,
    walk_stalls: int = 0,
    switches: dict[str, list[SwitchFigures]] | None = None,
) -> GuiRound:
    return GuiRound(
        idle_cores={"Discover": idle},
        relay_cores=0.002,
        live={"1280x800": live or make_live()},
        walk_stalls=walk_stalls,
        walk_ms_max=20.0,
        walk_worked_ms_max=15.0,
        switches={kind: [make_switch()] for kind in SWITCHES} | (switches or {}),
        worst=[],
        others_load=0.1,
    )


def test_judge_when_all_is_well_meets_every_target() -> None:
    meets = judge(summarize([make_round(), make_round()]))
    assert set(meets.values()) == {True}
    assert len(meets) == 3 + len(SWITCHES)


@pytest.mark.parametrize(
    ("bad", "missed"),
    [
        (make_round(live=make_live(stalls=1)), "no_stall_while_live"),
        (make_round(walk_stalls=1), "no_stall_while_live"),
        (make_round(switches={"theme": [make_switch(stalls=1)]}), "switch_theme"),
        (make_round(switches={"source": [make_switch(received_lost=3)]}), "switch_source"),
        (make_round(switches={"layout": [make_switch(painted_lost=3)]}), "switch_layout"),
        (make_round(switches={"quality": [make_switch(sound_jumps=1)]}), "switch_quality"),
        (
            make_round(switches={"language": [make_switch(is_same_broadcast=False)]}),
            "switch_language",
        ),
    ],
)
def test_judge_when_one_round_stalls_or_loses_then_that_target_is_missed(
    bad: GuiRound, missed: str
) -> None:
    meets = judge(summarize([make_round(), bad, make_round()]))
    assert [name for name, is_met in meets.items() if not is_met] == [missed]


def test_judge_when_rates_differ_then_takes_the_median() -> None:
    slow = make_round(live=make_live(stage_fps=20.0), idle=0.5)
    assert set(judge(summarize([make_round(), slow, make_round()])).values()) == {True}
    meets = judge(summarize([make_round(), slow, slow]))
    assert meets["preview_and_stage_fps"] is False
    assert meets["idle_cores"] is False


def test_judge_when_nothing_was_switched_then_leaves_the_target_open() -> None:
    assert judge(summarize([make_round(switches={"theme": []})]))["switch_theme"] is None


def test_lost_pictures_when_times_have_holes_then_counts_what_is_missing() -> None:
    pictures = LostPictures()
    for slot in (0, 1, 2, 5, 6):
        pictures.add(slot * INTERVAL_US + slot % 3)
    assert pictures.take() == (5, 2)
    pictures.add(8 * INTERVAL_US)
    assert pictures.take() == (1, 1)


def test_lost_pictures_when_the_timeline_is_another_then_counts_no_loss() -> None:
    pictures = LostPictures()
    for pts_us in (90_000_000, 0, INTERVAL_US, 200_000_000):
        pictures.add(pts_us)
    assert pictures.take() == (4, 0)


def test_show_when_a_round_stalled_then_names_the_place_and_every_switch(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stall = {
        "window": "viewer",
        "length_ms": 91.4,
        "worked_ms": 11.0,
        "starved_ms": 80.2,
        "stack": ("main", "app/ui/room/stage.py:12 paintEvent"),
    }
    unknown = {**stall, "length_ms": 60.0, "starved_ms": None}
    gui_report.show(summarize([make_round()]), [unknown, stall], put_aside=1)
    words = capsys.readouterr().out
    assert "91 ms in the viewer's window, of which it worked 11 ms and had no core for 80" in words
    assert "had no core for ? ms" in words
    assert "stage.py:12 paintEvent" in words
    assert all(f"switch {kind}" in words for kind in SWITCHES)
