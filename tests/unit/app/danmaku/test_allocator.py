"""The rule of danmaku: no overlap, no unfairness, and an account of what is hidden."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.danmaku.allocator import (
    MERGE_WINDOW_MS,
    WAIT_MS_MAX,
    WAITING_A_USER_MAX,
    LaneAllocator,
    replay,
)
from app.danmaku.lanes import HOLD_MS, Box, Flight, Geometry, Mode, Text, free_at_ms, headway_ms

STAGE = Geometry(width=1280, height=720, font=24)
ONE_LANE = Geometry(width=1280, height=40, font=24)
SLACK = 1e-6

widths = st.floats(min_value=4, max_value=2400, allow_nan=False)
geometries = st.builds(
    Geometry,
    width=st.floats(200, 2600),
    height=st.floats(60, 700),
    font=st.floats(12, 60),
    area=st.sampled_from([0.25, 0.5, 0.75, 1.0]),
    duration_ms=st.floats(3000, 16_000),
    density=st.floats(0.25, 1),
)


class Said(NamedTuple):
    pause_ms: float
    width: float
    mode: Mode = Mode.SCROLL_RTL
    scale: float = 1.0
    is_privileged: bool = False
    user: int = 0
    words: int = 0


crowds = st.lists(
    st.builds(
        Said,
        pause_ms=st.floats(0, 700),
        width=widths,
        mode=st.sampled_from([Mode.SCROLL_RTL, Mode.SCROLL_RTL, *Mode]),
        scale=st.sampled_from([1.0, 1.0, 2.0]),
        is_privileged=st.sampled_from([False, False, False, True]),
        user=st.integers(0, 12),
        words=st.integers(0, 30),
    ),
    max_size=60,
)


def text(key: str, width: float = 250, **fields: object) -> Text:
    return Text(key=key, text=str(fields.pop("words", key)), width=width, **fields)


def said_text(number: int, said: Said) -> Text:
    return text(
        str(number),
        said.width,
        words=f"words {said.words}",
        mode=said.mode,
        scale=said.scale,
        is_privileged=said.is_privileged,
        user_id=str(said.user),
    )


def timed(crowd: list[Said]) -> list[tuple[float, Text]]:
    now_ms, whole = 0.0, []
    for number, said in enumerate(crowd):
        now_ms += said.pause_ms
        whole.append((now_ms, said_text(number, said)))
    return whole


class Seen:
    """All flights of a stage, and what stood in each lane when each started."""

    def __init__(self, geometry: Geometry) -> None:
        self.lanes = LaneAllocator(geometry)
        self.flights: dict[int, Flight] = {}

    def offer(self, text: Text, now_ms: float) -> None:
        self.lanes.offer(text, now_ms)
        self.flights.update({flight.serial: flight for flight in self.lanes.flights})

    def advance(self, now_ms: float) -> None:
        self.lanes.advance(now_ms)
        self.flights.update({flight.serial: flight for flight in self.lanes.flights})

    def places(self) -> list[tuple[str, int, float]]:
        return [(one.text.key, one.lane, one.started_ms) for one in self.flights.values()]


def fly(crowd: list[Said], geometry: Geometry, step_ms: float = 50) -> Seen:
    """Frame by frame, until all have left."""
    seen, now_ms = Seen(geometry), 0.0
    for at_ms, offered in timed(crowd):
        while now_ms + step_ms < at_ms:
            now_ms += step_ms
            seen.advance(now_ms)
        seen.offer(offered, at_ms)
        now_ms = at_ms
    while seen.lanes.waiting or seen.lanes.flights:
        now_ms += step_ms
        seen.advance(now_ms)
    return seen


def rows_of(flight: Flight) -> set[int]:
    return set(range(flight.lane, flight.lane + flight.text.rows))


def deepest_overlap(one: Flight, other: Flight, geometry: Geometry) -> float:
    """Pixels; their edges move in straight lines, so the ends of the common time decide."""
    begins_ms = max(one.started_ms, other.started_ms)
    ends_ms = min(one.ends_ms(geometry), other.ends_ms(geometry))
    if begins_ms >= ends_ms or not rows_of(one) & rows_of(other):
        return 0.0

    def shared(at_ms: float) -> float:
        # The stage's edges cut off what has not entered or has left.
        lefts = [max(0.0, flight.x(geometry, at_ms)) for flight in (one, other)]
        rights = [
            min(geometry.width, flight.x(geometry, at_ms) + flight.text.width)
            for flight in (one, other)
        ]
        return min(rights) - max(lefts)

    return max(shared(begins_ms), shared(ends_ms), shared((begins_ms + ends_ms) / 2))


@given(crowd=crowds, geometry=geometries)
@settings(max_examples=150, deadline=None)
def test_no_two_texts_ever_overlap_whatever_comes(crowd: list[Said], geometry: Geometry) -> None:
    flights = list(fly(crowd, geometry).flights.values())
    for index, first in enumerate(flights):
        assert 0 <= first.lane <= geometry.lanes - first.text.rows
        for second in flights[index + 1 :]:
            assert deepest_overlap(first, second, geometry) <= SLACK


@given(crowd=crowds, geometry=geometries)
@settings(max_examples=100, deadline=None)
def test_each_text_takes_the_lowest_lane_that_is_free_when_it_starts(
    crowd: list[Said], geometry: Geometry
) -> None:
    """Without privileged texts, which keep lanes for themselves."""
    plain = [said._replace(is_privileged=False) for said in crowd]
    flights = list(fly(plain, geometry).flights.values())
    for index, flight in enumerate(flights):
        last: dict[int, Flight] = {}
        for before in flights[:index]:
            last.update(dict.fromkeys(rows_of(before), before))
        lanes = range(geometry.lanes - flight.text.rows + 1)
        for lane in lanes[::-1] if flight.text.mode is Mode.BOTTOM else lanes:
            if lane == flight.lane:
                break
            free_ms = max(
                free_at_ms(geometry, last.get(row), flight.text)
                for row in range(lane, lane + flight.text.rows)
            )
            assert free_ms > flight.started_ms


@given(crowd=crowds, geometry=geometries, steps=st.tuples(st.floats(7, 40), st.floats(60, 900)))
@settings(max_examples=100, deadline=None)
def test_the_same_texts_fly_the_same_way_at_any_frame_rate(
    crowd: list[Said], geometry: Geometry, steps: tuple[float, float]
) -> None:
    fast, slow = (fly(crowd, geometry, step_ms) for step_ms in steps)
    assert fast.lanes.shown == slow.lanes.shown
    assert (fast.lanes.hidden, fast.lanes.merged) == (slow.lanes.hidden, slow.lanes.merged)
    # What lived shorter than a slow frame has been seen by the fast one alone; nothing does.
    assert fast.places() == slow.places()


@given(crowd=crowds, geometry=geometries, share=st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_a_jump_shows_the_same_stage_each_time_and_goes_on_alike(
    crowd: list[Said], geometry: Geometry, share: float
) -> None:
    said = timed(crowd)
    at_ms = share * (said[-1][0] if said else 0.0)
    once = replay(said, geometry, at_ms)
    assert replay(said, geometry, at_ms).flights == once.flights
    # It is as if it had been played, frame by frame, from where the replay begins.
    from_ms = at_ms - max(geometry.duration_ms, HOLD_MS)
    played, now_ms = LaneAllocator(geometry), from_ms
    for moment_ms, one in said:
        if from_ms <= moment_ms <= at_ms:
            while now_ms < moment_ms:
                played.advance(now_ms)
                now_ms += 33.0
            played.offer(one, moment_ms)
    played.advance(at_ms)
    assert played.flights == once.flights


@given(crowd=crowds, geometry=geometries, again=geometries)
@settings(max_examples=100, deadline=None)
def test_every_text_is_shown_merged_hidden_or_waiting(
    crowd: list[Said], geometry: Geometry, again: Geometry
) -> None:
    lanes = LaneAllocator(geometry)

    def is_balanced() -> bool:
        return lanes.offered == lanes.shown + lanes.merged + lanes.hidden + lanes.waiting

    for number, (at_ms, offered) in enumerate(timed(crowd)):
        lanes.offer(offered, at_ms)
        assert is_balanced()
        if number == len(crowd) // 2:
            lanes.resize(again, at_ms)
            lanes.take_back(str(number // 2))
        assert is_balanced()
    lanes.clear()
    assert lanes.waiting == 0
    assert is_balanced()


@given(crowd=crowds, geometry=geometries, box=st.tuples(*[st.floats(0, 1)] * 4))
@settings(max_examples=100, deadline=None)
def test_no_text_enters_the_box_that_is_kept_clear(
    crowd: list[Said], geometry: Geometry, box: tuple[float, float, float, float]
) -> None:
    left, right = sorted(edge * geometry.width for edge in box[:2])
    top, bottom = sorted(edge * geometry.height for edge in box[2:])
    kept = replace(geometry, keep_clear=Box(left, top, right, bottom))
    high = kept.line_height
    for flight in fly(crowd, kept).flights.values():
        text_top, text_bottom = flight.y(kept), flight.y(kept) + flight.text.rows * high
        if flight.text.mode.is_scrolling:
            across = right > left or right == left
        else:
            x = flight.x(kept, 0.0)
            across = x < right and x + flight.text.width > left
        assert not (across and text_top < bottom and text_bottom > top)


def test_capacity_is_what_the_rule_promises() -> None:
    lanes = LaneAllocator(STAGE)
    now_ms, most = 0.0, 0
    for number in range(1600):
        now_ms += 25
        lanes.offer(text(str(number), 250, user_id=str(number)), now_ms)
        most = max(most, len(lanes.flights))

    # 18 lanes, one text each 1.36 s at 250 px and the gap of 12 px.
    assert STAGE.lanes == 18
    assert 105 <= most <= 115
    assert 13.0 <= lanes.shown / 40 <= 14.0


def test_half_the_density_carries_half_as_many() -> None:
    shown = []
    for density in (1.0, 0.5):
        lanes = LaneAllocator(replace(STAGE, density=density))
        for number in range(1600):
            lanes.offer(text(str(number), 250, user_id=str(number)), number * 25.0)
        shown.append(lanes.shown)
    assert shown[1] / shown[0] == pytest.approx(0.5, abs=0.05)


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
    assert (lanes.hidden, lanes.waiting, lanes.merged) == (0, 0, 36)


def test_equal_texts_are_told_apart_while_there_is_room_and_after_the_window() -> None:
    lanes = LaneAllocator(STAGE)
    lanes.offer(text("a", words="hi"), 0.0)
    lanes.offer(text("b", words="hi"), 0.0)
    assert len(lanes.flights) == 2
    slow = LaneAllocator(replace(ONE_LANE, duration_ms=2 * MERGE_WINDOW_MS))
    slow.offer(text("a", 5000, words="hi"), 0.0)
    slow.offer(text("b", 5000, words="hi"), MERGE_WINDOW_MS - 1)
    assert (slow.merged, slow.waiting) == (1, 0)
    slow.offer(text("c", 5000, words="hi"), MERGE_WINDOW_MS)
    assert (slow.merged, slow.waiting) == (1, 1)


def test_own_text_is_seen_by_itself_however_many_say_the_same() -> None:
    lanes = LaneAllocator(ONE_LANE)
    lanes.offer(text("a", words="hi"), 0.0)
    lanes.offer(text("own", words="hi", is_own=True, is_privileged=True), 1.0)
    lanes.advance(8000.0)
    assert [(flight.text.key, flight.count) for flight in lanes.flights] == [("own", 1)]


def test_others_wait_three_seconds_two_a_user_and_are_counted() -> None:
    wide = 5000.0
    lanes = LaneAllocator(ONE_LANE)
    lanes.offer(text("first", wide), 0.0)
    for key in "abc":
        lanes.offer(text(key, wide, user_id="u"), 1.0)
    assert (lanes.waiting, lanes.hidden) == (WAITING_A_USER_MAX, 1)

    lanes.advance(1.0 + WAIT_MS_MAX)

    assert (lanes.waiting, lanes.hidden) == (0, 3)
    lanes.offer(text("d", wide, user_id="u"), 2.0 + WAIT_MS_MAX)
    assert lanes.waiting == 1


def test_texts_of_nobody_known_when_they_wait_then_are_not_taken_for_one_users() -> None:
    lanes = LaneAllocator(ONE_LANE)
    lanes.offer(text("first", 5000), 0.0)
    for key in "abcde":
        lanes.offer(text(key, 5000), 1.0)
    assert (lanes.waiting, lanes.hidden) == (5, 0)


def test_a_merged_text_that_is_dropped_is_hidden_as_often_as_it_was_said() -> None:
    lanes = LaneAllocator(ONE_LANE)
    lanes.offer(text("first", 5000), 0.0)
    for number in range(4):
        lanes.offer(text(str(number), 5000, words="hi", user_id=str(number)), 1.0)
    assert (lanes.merged, lanes.waiting) == (3, 1)
    lanes.advance(1.0 + WAIT_MS_MAX)
    assert (lanes.merged, lanes.hidden) == (0, 4)


def test_a_privileged_text_takes_the_lane_that_frees_first() -> None:
    lanes = LaneAllocator(ONE_LANE)
    lanes.offer(text("first", 1200), 0.0)
    lanes.offer(text("plain", 1200, user_id="u"), 1000.0)
    lanes.offer(text("host", 1200, is_privileged=True), 2000.0)

    lanes.advance(headway_ms(ONE_LANE, 1200, 1200))

    assert [flight.text.key for flight in lanes.flights] == ["first", "host"]


def test_a_privileged_text_waits_at_most_a_second_on_a_full_stage() -> None:
    """Texts of ordinary width, all the time more than fit."""
    seen = Seen(STAGE)
    for number in range(2000):
        now_ms = number * 10.0
        is_host = number % 40 == 0
        seen.offer(
            text(str(number), 120 + number * 37 % 200, user_id=str(number), is_privileged=is_host),
            now_ms,
        )
    hosts = [flight for flight in seen.flights.values() if flight.text.is_privileged]
    waited_ms = [flight.started_ms - flight.said_ms for flight in hosts]
    assert len(hosts) == 50
    assert max(waited_ms) <= 1000.0


def test_a_lane_is_kept_for_a_privileged_text_that_needs_it_empty() -> None:
    lanes = LaneAllocator(ONE_LANE)
    lanes.offer(text("a", 100), 0.0)
    lanes.offer(text("gift", mode=Mode.TOP, is_privileged=True), 1.0)
    for number in range(60):
        lanes.offer(text(str(number), 100, user_id=str(number)), 100.0 * (number + 1))
    lanes.advance(8000.0)
    assert [flight.text.key for flight in lanes.flights] == ["gift"]


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
    assert (lanes.offered, lanes.shown) == (0, 0)


def test_what_a_viewer_blocks_leaves_the_stage_and_the_queue() -> None:
    lanes = LaneAllocator(ONE_LANE)
    lanes.offer(text("a", 1200, user_id="u", words="spoiler one"), 0.0)
    lanes.offer(text("b", 1200, user_id="u", words="other"), 1.0)
    lanes.remove(fold="spoiler")
    assert (lanes.flights, lanes.waiting) == ((), 1)
    lanes.remove(user_id="u")
    assert lanes.waiting == 0
    assert math.isclose(lanes.offered, lanes.shown + lanes.hidden)
