"""Studio's state: layouts, moves, snapping, mixer, phases, and whom the health names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.state import studio, studio_events
from app.state.studio import StudioState
from app.state.studio_health import Figures, judge
from app.state.studio_qualities import MachineJudged, Qualities, QualitiesChosen
from app.state.studio_scene import (
    FULL,
    SIDE_MIN,
    Box,
    Corner,
    LayoutName,
    StudioItem,
    arrange,
    find_guides,
    resize,
    snap,
)
from app.state.studio_sound import Channel

CAMERA = StudioItem("cam", "camera", "Camera")
SCREEN = StudioItem("scr", "screen", "Screen")
TEXT = StudioItem("txt", "text", "Hello", box=Box(0.1, 0.8, 0.4, 0.1))


def with_items(*items: StudioItem) -> StudioState:
    state = StudioState()
    for item in items:
        state = state.apply(studio_events.ItemAdded(item))
    return state


def visible(state: StudioState) -> list[str]:
    return [item.key for item in state.items if item.is_visible]


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("camera", ["cam", "txt"]),
        ("screen", ["scr", "txt"]),
        ("screen_camera", ["scr", "cam", "txt"]),
        ("slides", ["scr", "cam", "txt"]),
    ],
)
def test_layout_shows_its_sources_in_drawing_order(layout: LayoutName, expected: list[str]) -> None:
    state = with_items(TEXT, CAMERA, SCREEN).apply(studio_events.LayoutChosen(layout))
    assert visible(state) == expected


def test_layout_with_two_rivals_shows_one() -> None:
    card = StudioItem("card", "testcard", "Test card")
    shown = [item.key for item in arrange([card, CAMERA], "camera") if item.is_visible]
    assert shown == ["cam"]


def test_overlays_keep_their_place_in_every_layout() -> None:
    state = with_items(TEXT, CAMERA).apply(studio_events.LayoutChosen("slides"))
    item = state.find_item("txt")
    assert item is not None
    assert item.box == TEXT.box


def test_moved_item_stays_inside_and_catchable() -> None:
    state = with_items(CAMERA).apply(studio_events.ItemMoved("cam", Box(0.9, -0.5, 0.4, 0.0)))
    item = state.find_item("cam")
    assert item is not None
    assert item.box == Box(0.6, 0.0, 0.4, 0.05)


def test_source_when_added_to_a_full_layout_then_takes_the_place() -> None:
    second = StudioItem("cam-2", "camera", "Second camera")
    assert visible(with_items(CAMERA, second)) == ["cam-2"]
    assert visible(with_items(second, CAMERA)) == ["cam"]


def test_source_when_added_before_the_kept_scene_came_back_then_stays_in_front() -> None:
    channel = Channel("txt", "Hello")
    state = with_items(TEXT).apply(studio_events.ChannelAdded(channel))
    state = state.apply(studio_events.SceneRestored("camera", (CAMERA,), ()))
    assert visible(state) == ["cam", "txt"]
    assert state.channels == (channel,)


def test_box_when_moved_near_a_line_then_rests_on_it() -> None:
    assert snap(Box(0.01, 0.3, 0.2, 0.2), []).x == 0.0
    moved = snap(Box(0.4, 0.3, 0.205, 0.205), [])
    assert moved.x == pytest.approx(0.3975)
    assert find_guides(moved, []) == ((0.5,), (0.5,))
    beside = snap(Box(0.52, 0.3, 0.2, 0.2), [Box(0.1, 0.1, 0.41, 0.3)])
    assert beside.x == pytest.approx(0.51)
    assert find_guides(beside, [Box(0.1, 0.1, 0.41, 0.3)])[0] == pytest.approx((0.51,))


@pytest.mark.parametrize(
    ("corner", "kept"),
    [
        ("top_left", ("right", "bottom")),
        ("top_right", ("x", "bottom")),
        ("bottom_left", ("right", "y")),
        ("bottom_right", ("x", "y")),
    ],
)
def test_corner_when_dragged_then_the_opposite_one_stays_and_the_shape_too(
    corner: Corner, kept: tuple[str, str]
) -> None:
    box = Box(0.3, 0.3, 0.3, 0.4)
    shape = 16 / 9 * 0.3 / 0.4
    for way in (-0.07, 0.09, 3.0, -3.0):
        changed = resize(box, corner, way, shape, ())
        for name in kept:
            assert getattr(changed, name) == pytest.approx(getattr(box, name))
        assert changed.width / changed.height == pytest.approx(0.75)
        assert changed.x >= -1e-9
        assert changed.y >= -1e-9
        assert changed.right <= 1 + 1e-9
        assert changed.bottom <= 1 + 1e-9
        assert changed.width >= SIDE_MIN


def test_corner_when_near_a_line_then_jumps_to_it_in_shape() -> None:
    wide = resize(Box(0.2, 0.2, 0.2, 0.2), "bottom_right", 0.095, 16 / 9, ())
    assert wide.right == pytest.approx(0.5)
    assert wide.bottom == pytest.approx(0.5)
    other = [Box(0.0, 0.0, 0.1, 0.44)]
    tall = resize(Box(0.2, 0.2, 0.2, 0.2), "bottom_right", 0.03, 16 / 9, other)
    assert tall.bottom == pytest.approx(0.44)
    assert tall.width == pytest.approx(tall.height)


def test_raised_item_lies_above_the_next() -> None:
    state = with_items(SCREEN, CAMERA)
    keys = [item.key for item in state.items]
    raised = state.apply(studio_events.ItemRaised(keys[0]))
    assert [item.key for item in raised.items] == keys[::-1]
    assert raised.apply(studio_events.ItemRaised(keys[0])).items == raised.items


def test_removed_item_is_no_longer_selected() -> None:
    state = with_items(CAMERA)
    assert state.selected == "cam"
    assert state.apply(studio_events.ItemRemoved("cam")).selected == ""


def test_channel_changes_one_thing_and_keeps_the_others() -> None:
    state = StudioState().apply(studio_events.ChannelAdded(Channel("mic", "Mic", gain_db=3)))
    state = state.apply(studio_events.ChannelChanged("mic", is_muted=True))
    state = state.apply(studio_events.LevelsMeasured((("mic", -6.0, -12.0), ("gone", 0, 0)), -5.0))
    assert state.channels == (
        Channel("mic", "Mic", gain_db=3, is_muted=True, peak_db=-6.0, rms_db=-12.0),
    )


def test_history_is_bounded_and_empty_while_nothing_is_live() -> None:
    state = StudioState().apply(studio_events.FiguresMeasured(Figures()))
    assert state.history == ()
    state = state.apply(studio_events.PhaseChanged("live"))
    for number in range(studio.HISTORY_MAX + 5):
        state = state.apply(studio_events.FiguresMeasured(Figures(elapsed_s=number)))
    assert len(state.history) == studio.HISTORY_MAX
    assert state.history[-1].elapsed_s == studio.HISTORY_MAX + 4


FINE = Figures(fps=30, round_trip_ms=10, encode_ms=8)


@pytest.mark.parametrize(
    ("changes", "culprit"),
    [
        ({}, "none"),
        ({"queued_ms": 300.0}, "uplink"),
        ({"dropped_uplink": 3}, "uplink"),
        ({"round_trip_ms": 900.0}, "uplink"),
        ({"encode_ms": 40.0, "queued_ms": 300.0}, "encoder"),
        ({"dropped_encoder": 1}, "encoder"),
        ({"compose_ms": 50.0}, "scene"),
        ({"sources_lost": ("Camera",)}, "source"),
        ({"unacknowledged_ms": 4000.0}, "relay"),
        ({"audio_blocks_lost": 2}, "sound"),
        ({"late_ms": 900.0}, "none"),
        ({"is_starved": True}, "none"),
        ({"is_starved": True, "late_ms": 301.0}, "busy"),
        ({"is_starved": True, "queued_ms": 300.0}, "busy"),
        ({"is_starved": True, "dropped_uplink": 3}, "busy"),
        ({"is_starved": True, "round_trip_ms": 900.0}, "busy"),
        ({"is_starved": True, "unacknowledged_ms": 4000.0}, "busy"),
        ({"is_starved": True, "encode_ms": 40.0}, "encoder"),
        ({"is_starved": True, "encode_ms": 40.0, "late_ms": 900.0}, "busy"),
    ],
)
def test_health_names_the_culprit(changes: dict[str, object], culprit: str) -> None:
    now = replace(FINE, **changes)  # type: ignore[arg-type] # the cases above
    assert judge(now, FINE, "live").culprit == culprit


def test_health_forgives_what_was_dropped_long_ago() -> None:
    old = replace(FINE, dropped_uplink=90, dropped_encoder=4)
    assert judge(old, old, "live").severity == "good"


def test_health_does_not_blame_the_uplink_for_what_found_no_link() -> None:
    back = replace(FINE, dropped_uplink=FINE.dropped_uplink + 90, reconnects=FINE.reconnects + 1)
    assert judge(back, FINE, "live").severity == "good"
    assert judge(replace(back, dropped_uplink=99999), back, "live").culprit == "uplink"


LOWERED = replace(FINE, cap_kbps=2500.0, allowed_kbps=440.0, height=540)


@pytest.mark.parametrize(
    ("changes", "culprit", "severity"),
    [
        ({}, "narrow", "warn"),
        ({"is_widening": True}, "widening", "warn"),
        ({"allowed_kbps": 2500.0}, "none", "good"),
        ({"allowed_kbps": 2500.0, "is_machine_short": True}, "machine", "warn"),
        ({"is_machine_short": True}, "narrow", "warn"),
        ({"queued_ms": 300.0}, "uplink", "bad"),  # what is left out now comes first
        ({"encode_ms": 40.0}, "encoder", "bad"),
    ],
)
def test_health_says_why_the_picture_is_less_than_was_chosen(
    changes: dict[str, object], culprit: str, severity: str
) -> None:
    health = judge(
        replace(LOWERED, **changes),  # type: ignore[arg-type] # names and types are the table's
        LOWERED,
        "live",
    )
    assert (health.culprit, health.severity) == (culprit, severity)


def test_health_of_a_narrow_uplink_tells_its_figures() -> None:
    assert judge(LOWERED, LOWERED, "live").figures == (
        ("rate", 440.0),
        ("cap", 2500.0),
        ("height", 540.0),
    )


def test_qualities_when_chosen_and_measured_then_both_are_known() -> None:
    state = StudioState().apply(QualitiesChosen(is_several=True))
    assert state.qualities == Qualities(is_several=True)
    state = state.apply(MachineJudged(("720p", "360p"), is_whole=False))
    assert state.qualities == Qualities(is_several=True, machine=("720p", "360p"), is_whole=False)
    assert not state.apply(QualitiesChosen(is_several=False)).qualities.is_several


def test_full_box_is_the_canvas() -> None:
    assert FULL.clamped() == FULL


def test_notices_when_there_were_many_then_the_newest_are_kept_and_all_are_counted() -> None:
    state = StudioState()
    for number in range(studio.NOTICES_MAX + 5):
        state = state.apply(
            studio_events.Noticed(studio_events.Notice("source_restored", str(number)))
        )
    assert len(state.notices) == studio.NOTICES_MAX
    assert state.notices[-1].source == str(studio.NOTICES_MAX + 4)
    assert state.notices_count == studio.NOTICES_MAX + 5
