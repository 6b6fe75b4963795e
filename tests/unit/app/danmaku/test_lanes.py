"""The rule of danmaku: no overlap, no unfairness, and an account of what is hidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.danmaku.lanes import (
    HOLD_MS,
    WAIT_MS_MAX,
    Flight,
    Geometry,
    LaneAllocator,
    Mode,
    Text,
    headway_ms,
)

STAGE = Geometry(width=1280, height=720, font=24)
ONE_LANE = Geometry(width=1280, height=40, font=24)

widths = st.floats(min_value=4, max_value=2400, allow_nan=False)
modes = st.sampled_from(list(Mode))


def text(key: str, width: float = 250, **fields: object) -> Text:
    return Text(key=key, text=fields.pop("words", key), width=width, **fields)


def overlap(first: Flight, second: Flight, geometry: Geometry, now_ms: float) -> float:
    """Pixels that the two share in a lane; 0 and less when they do not."""
    rows = range(
        max(first.lane, second.lane),
        min(first.lane + first.text.rows, second.lane + second.text.rows),
    )
    if not rows:
        return 0.0
    left = max(first.x(geometry, now_ms), second.x(geometry, now_ms))
    right = min(
        first.x(geometry, now_ms) + first.text.width, second.x(geometry, now_ms) + second.text.width
    )
    return right - left


@given(before=widths, after=widths)
@settings(max_examples=400, deadline=None)
def test_headway_is_the_least_that_keeps_two_texts_apart(before: float, after: float) -> None:
    def smallest_gap(after_ms: float) -> float:
        first = Flight(text("p", before), 0, 0.0)
        second = Flight(text("n", after), 0, after_ms)
        # Both edges move in straight lines: the ends of the time that both are there decide.
        return min(
            second.x(STAGE, at) - (first.x(STAGE, at) + before)
            for at in (after_ms, STAGE.duration_ms)
        )

    bound_ms = headway_ms(STAGE, before, after)

    assert smallest_gap(bound_ms) >= -1e-6
    assert smallest_gap(bound_ms) <= STAGE.gap + 1e-6 or before != max(before, after)
    # 3 % sooner, and without the gap that forgives some pixels, they touch.
    tight = Geometry(STAGE.width, STAGE.height, font=1e-9)
    first, second = Flight(text("p", before), 0, 0.0), Flight(text("n", after), 0, 0.0)
    sooner_ms = headway_ms(tight, before, after) * 0.97
    second = Flight(second.text, 0, sooner_ms)
    assert (
        min(
            second.x(tight, at) - first.x(tight, at) - before
            for at in (sooner_ms, tight.duration_ms)
        )
        < 0
    )


@given(
    crowd=st.lists(
        st.tuples(
            st.floats(min_value=0, max_value=400, allow_nan=False),
            widths,
            modes,
            st.integers(min_value=1, max_value=2),
            st.booleans(),
        ),
        max_size=60,
    )
)
@settings(max_examples=150, deadline=None)
def test_no_two_texts_ever_overlap_whatever_comes(
    crowd: list[tuple[float, float, Mode, int, bool]],
) -> None:
    geometry = Geometry(width=800, height=160, font=20)
    lanes = LaneAllocator(geometry)
    now_ms = 0.0
    for number, (pause_ms, width, mode, rows, is_privileged) in enumerate(crowd):
        now_ms += pause_ms
        lanes.offer(
            text(str(number), width, mode=mode, rows=rows, is_privileged=is_privileged), now_ms
        )
        for index, first in enumerate(lanes.flights):
            assert 0 <= first.lane <= geometry.lanes - first.text.rows
            for second in lanes.flights[index + 1 :]:
                assert overlap(first, second, geometry, now_ms) <= 1e-6


@given(
    offers=st.lists(st.tuples(st.floats(min_value=0, max_value=500), widths), max_size=40),
)
@settings(max_examples=50, deadline=None)
def test_the_same_texts_fly_the_same_way_each_time(offers: list[tuple[float, float]]) -> None:
    def fly() -> tuple[Flight, ...]:
        lanes = LaneAllocator(ONE_LANE)
        now_ms = 0.0
        for number, (pause_ms, width) in enumerate(offers):
            now_ms += pause_ms
            lanes.offer(text(str(number), width), now_ms)
        return lanes.flights

    assert fly() == fly()


def test_capacity_is_what_the_rule_promises() -> None:
    lanes = LaneAllocator(STAGE)
    now_ms, most, shown = 0.0, 0, set[str]()
    for number in range(1600):
        now_ms += 25
        lanes.offer(text(str(number), 250, user_id=str(number)), now_ms)
        shown.update(flight.text.key for flight in lanes.flights)
        most = max(most, len(lanes.flights))

    # 18 lanes, one text each 1.36 s at 250 px and the gap of 12 px.
    assert STAGE.lanes == 18
    assert 100 <= most <= 115
    assert 12.0 <= len(shown) / 40 <= 14.0


def test_the_lowest_free_lane_is_taken_and_bottom_texts_take_the_highest() -> None:
    lanes = LaneAllocator(STAGE)
    for key, mode in (("a", Mode.SCROLL_RTL), ("b", Mode.TOP), ("c", Mode.BOTTOM)):
        lanes.offer(text(key, mode=mode), 0.0)

    assert [flight.lane for flight in lanes.flights] == [0, 1, STAGE.lanes - 1]


def test_a_standing_text_holds_its_lane_for_five_seconds() -> None:
    lanes = LaneAllocator(ONE_LANE)
    lanes.offer(text("top", mode=Mode.TOP), 0.0)
    lanes.offer(text("later", is_privileged=True), HOLD_MS - 1)
    assert [flight.text.key for flight in lanes.flights] == ["top"]

    lanes.advance(HOLD_MS)

    assert [flight.text.key for flight in lanes.flights] == ["later"]


def test_a_text_against_the_stream_waits_for_an_empty_lane() -> None:
    lanes = LaneAllocator(ONE_LANE)
    lanes.offer(text("a"), 0.0)
    lanes.offer(text("b", mode=Mode.SCROLL_LTR, is_privileged=True), 4000.0)
    assert len(lanes.flights) == 1

    lanes.advance(8000.0)

    assert [flight.text.key for flight in lanes.flights] == ["b"]


def test_equal_texts_merge_when_all_lanes_are_busy() -> None:
    lanes = LaneAllocator(ONE_LANE)
    for number in range(37):
        words = ("hahaha", "哈哈 hahaha!"[3:], "HAHAHA!!", "ｈａhaha")[number % 4]
        lanes.offer(text(str(number), words=words, user_id=str(number)), float(number))

    assert [flight.count for flight in lanes.flights] == [37]
    assert lanes.hidden == 0
    assert lanes.waiting == 0


def test_others_wait_three_seconds_two_a_user_and_are_counted() -> None:
    wide = 5000.0
    lanes = LaneAllocator(ONE_LANE)
    lanes.offer(text("first", wide), 0.0)
    for key in "abc":
        lanes.offer(text(key, wide, user_id="u"), 1.0)
    assert (lanes.waiting, lanes.hidden) == (2, 1)

    lanes.advance(1.0 + WAIT_MS_MAX)

    assert (lanes.waiting, lanes.hidden) == (0, 3)


def test_a_privileged_text_takes_the_lane_that_frees_first() -> None:
    lanes = LaneAllocator(ONE_LANE)
    lanes.offer(text("first", 1200), 0.0)
    lanes.offer(text("plain", 1200, user_id="u"), 1000.0)
    lanes.offer(text("host", 1200, is_privileged=True), 2000.0)

    lanes.advance(headway_ms(ONE_LANE, 1200, 1200))

    assert [flight.text.key for flight in lanes.flights] == ["first", "host"]


def test_resize_keeps_how_far_a_text_has_come() -> None:
    lanes = LaneAllocator(STAGE)
    lanes.offer(text("a", 200), 0.0)
    lanes.offer(text("t", 200, mode=Mode.TOP), 0.0)
    before = [flight.progress(STAGE, 3000.0) for flight in lanes.flights]
    other = Geometry(width=640, height=360, font=12, duration_ms=4000)

    lanes.resize(other, 3000.0)

    assert [flight.progress(other, 3000.0) for flight in lanes.flights] == pytest.approx(before)
    assert lanes.flights[0].text.width == 100
    lanes.offer(text("b", 100), 3001.0)
    assert lanes.flights[-1].lane == 0


def test_a_stage_without_room_hides_and_counts() -> None:
    lanes = LaneAllocator(Geometry(width=300, height=10, font=24))
    lanes.offer(text("a"), 0.0)
    assert (lanes.flights, lanes.hidden) == ((), 1)


def test_own_text_is_taken_back_when_it_is_refused() -> None:
    lanes = LaneAllocator(STAGE)
    lanes.offer(text("mine", is_privileged=True, is_own=True), 0.0)
    lanes.take_back("mine")
    assert lanes.flights == ()
