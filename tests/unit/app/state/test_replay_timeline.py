from __future__ import annotations

from app.state.replay_timeline import AHEAD_MS, ENTRIES_MAX, LOOK_BACK_MS, ReplayTimeline, Wanted
from wire.chat_events import LikesCounted
from wire.coin_events import GiftSent
from wire.event_base import DanmakuPosted
from wire.events import TimelineEntry, TimelinePage
from wire.ids import GiftId, MessageId, RoomId, TransferId, UserId
from wire.room_events import ViewersChanged


def said(at_ms: int, number: int = 0) -> TimelineEntry:
    return TimelineEntry(
        at_ms=at_ms,
        event=DanmakuPosted(
            room_id=RoomId("r1"),
            message_id=MessageId(f"m{at_ms}-{number}"),
            user_id=UserId("u1"),
            name="Ann",
            role="viewer",
            text="hello",
            sent_at_unix_ms=at_ms,
        ),
    )


def page(*times: int, following: str = "") -> TimelinePage:
    entries = tuple(said(at_ms, number) for number, at_ms in enumerate(times))
    return TimelinePage(re=1, entries=entries, next=following)


def loaded(*times: int, following: str = "", at_ms: int = 0) -> ReplayTimeline:
    timeline = ReplayTimeline()
    assert timeline.want(at_ms, 0.0) is not None
    timeline.add(page(*times, following=following))
    return timeline


def times(timeline: ReplayTimeline, after_ms: float, to_ms: float) -> list[int]:
    return [entry.at_ms for entry in timeline.between(after_ms, to_ms)]


def test_want_when_nothing_is_known_then_it_begins_before_the_moment() -> None:
    assert ReplayTimeline().want(100_000, 0.0) == Wanted(100_000 - LOOK_BACK_MS)
    assert ReplayTimeline().want(5_000, 0.0) == Wanted(0)


def test_want_when_a_page_is_on_its_way_then_nothing_more_is_wanted() -> None:
    timeline = ReplayTimeline()
    assert timeline.want(0, 0.0) is not None
    assert timeline.want(0, 1.0) is None
    timeline.fail()
    assert timeline.want(0, 2.0) is not None


def test_want_when_little_is_known_ahead_then_the_next_page_is_wanted() -> None:
    timeline = loaded(0, 10_000, following="c1")
    assert timeline.want(0, 0.0) == Wanted(0, "c1")


def test_want_when_enough_is_known_ahead_then_nothing_is_wanted() -> None:
    timeline = loaded(0, AHEAD_MS + 5_000, following="c1")
    assert timeline.want(0, 0.0) is None
    assert timeline.want(10_000, 0.0) == Wanted(0, "c1")


def test_want_when_all_is_known_then_nothing_is_wanted_wherever_it_goes() -> None:
    timeline = loaded(0, 10_000)
    assert timeline.want(0, 0.0) is None
    assert timeline.want(5_000_000, 0.0) is None


def test_want_when_it_jumps_out_of_what_is_known_then_another_stretch_begins() -> None:
    timeline = loaded(100_000, 140_000, following="c1", at_ms=100_000)
    assert timeline.want(900_000, 0.0) == Wanted(900_000 - LOOK_BACK_MS)
    timeline.add(page(880_000, following="c9"))
    assert times(timeline, 0, 2_000_000) == [880_000]
    assert timeline.want(50_000, 0.0) == Wanted(50_000 - LOOK_BACK_MS)


def test_add_when_pages_follow_each_other_then_no_entry_is_twice_or_missing() -> None:
    timeline = loaded(0, 1_000, following="c1")
    assert timeline.want(0, 0.0) == Wanted(0, "c1")
    assert timeline.add(page(1_000, 1_500, 2_000)) == 1_000
    assert times(timeline, -1, 5_000) == [0, 1_000, 1_000, 1_500, 2_000]


def test_between_when_two_moments_are_given_then_the_first_is_left_out() -> None:
    timeline = loaded(1_000, 2_000, 3_000)
    assert times(timeline, 1_000, 3_000) == [2_000, 3_000]


def test_messages_when_other_things_happened_too_then_only_what_was_said_is_given() -> None:
    timeline = ReplayTimeline()
    assert timeline.want(0, 0.0) is not None
    other = TimelineEntry(at_ms=5, event=ViewersChanged(room_id=RoomId("r1"), viewers=3))  # type: ignore[arg-type] # any other event
    timeline.add(TimelinePage(re=1, entries=(said(1), other, said(9), said(20))))
    assert [one.sent_at_unix_ms for one in timeline.messages(10)] == [1, 9]


def test_forget_before_when_there_is_much_then_what_is_long_over_goes() -> None:
    timeline = loaded(*range(0, 4 * ENTRIES_MAX * 10, 10))
    timeline.forget_before(200_000)
    assert times(timeline, -1, 10**9)[0] == 200_000 - LOOK_BACK_MS
    assert timeline.from_ms == 200_000 - LOOK_BACK_MS


def test_want_when_the_recording_grows_then_its_end_is_asked_for_now_and_then() -> None:
    timeline = ReplayTimeline(is_growing=True)
    assert timeline.want(0, 0.0) == Wanted(0)
    timeline.add(page(0, 900))
    assert timeline.want(1_000, 10_000.0) == Wanted(900)
    assert timeline.add(page(900, 1_700)) == 900
    assert timeline.want(1_800, 10_100.0) is None
    assert timeline.want(3_000, 13_000.0) == Wanted(1_700)


def test_add_when_the_end_of_a_growing_recording_has_no_news_then_nothing_is_new() -> None:
    timeline = ReplayTimeline(is_growing=True)
    timeline.want(0, 0.0)
    timeline.add(page(0, 900))
    assert timeline.want(60_000, 10_000.0) == Wanted(900)
    assert timeline.add(TimelinePage(re=1, entries=(said(900, 1),))) is None


def test_want_when_the_end_of_a_growing_recording_is_far_then_it_is_not_asked_for() -> None:
    timeline = ReplayTimeline(is_growing=True)
    timeline.want(0, 0.0)
    timeline.add(page(0, AHEAD_MS, 10 * AHEAD_MS))
    assert timeline.want(0, 10_000.0) is None
    assert timeline.want(9 * AHEAD_MS + 1, 20_000.0) == Wanted(10 * AHEAD_MS)


def test_want_when_it_jumps_back_to_the_beginning_of_a_stretch_then_what_was_before_is_wanted() -> (
    None
):
    timeline = loaded(80_000, 200_000, following="c1", at_ms=100_000)
    assert timeline.from_ms == 100_000 - LOOK_BACK_MS
    assert timeline.want(86_000, 0.0) is None
    assert timeline.want(80_000, 0.0) == Wanted(80_000 - LOOK_BACK_MS)


def test_forget_before_when_nothing_happened_lately_then_nothing_is_read_again() -> None:
    timeline = loaded(*range(ENTRIES_MAX + 1), 500_000)
    timeline.forget_before(490_000)
    assert times(timeline, -1, 10**9) == [500_000]
    assert timeline.want(490_000, 0.0) is None


def test_add_when_the_end_of_a_growing_recording_comes_again_then_nothing_is_twice() -> None:
    timeline = ReplayTimeline(is_growing=True)
    timeline.want(0, 0.0)
    timeline.add(page(0, 900))
    timeline.want(1_000, 10_000.0)
    timeline.add(TimelinePage(re=1, entries=(said(900, 1), said(1_200, 7))))
    assert times(timeline, -1, 9_000) == [0, 900, 1_200]


def liked(at_ms: int, total: int) -> TimelineEntry:
    return TimelineEntry(at_ms=at_ms, event=LikesCounted(room_id=RoomId("r1"), total=total))


def given(at_ms: int, coins: int) -> TimelineEntry:
    return TimelineEntry(
        at_ms=at_ms,
        event=GiftSent(
            room_id=RoomId("r1"),
            transfer_id=TransferId(f"t{at_ms}"),
            user_id=UserId("u1"),
            name="Ann",
            gift_id=GiftId("candy"),
            count=1,
            combo=1,
            coins=coins,
            sent_at_unix_ms=at_ms,
        ),
    )


def test_totals_when_it_goes_on_then_what_was_before_the_stretch_counts_too() -> None:
    timeline = ReplayTimeline()
    assert timeline.totals(0) == (None, None)
    timeline.want(100_000, 0.0)
    entries = (given(80_000, 10), liked(90_000, 75), given(95_000, 5), liked(120_000, 80))
    timeline.add(TimelinePage(re=1, entries=entries, likes=70, gift_coins=500))
    assert timeline.totals(70_000) == (70, 500)
    assert timeline.totals(95_000) == (75, 515)
    assert timeline.totals(200_000) == (80, 515)


def test_totals_when_the_past_is_forgotten_then_it_still_counts() -> None:
    timeline = ReplayTimeline()
    timeline.want(0, 0.0)
    entries = tuple(given(at_ms, 1) for at_ms in range(ENTRIES_MAX + 1_000))
    timeline.add(TimelinePage(re=1, entries=entries, likes=0, gift_coins=0))
    end_ms = ENTRIES_MAX + LOOK_BACK_MS
    timeline.forget_before(end_ms)
    assert timeline.from_ms > 0
    assert timeline.totals(end_ms) == (0, ENTRIES_MAX + 1_000)


def test_totals_when_the_relay_does_not_tell_them_then_only_hearts_are_found() -> None:
    timeline = ReplayTimeline()
    timeline.want(0, 0.0)
    timeline.add(TimelinePage(re=1, entries=(liked(5, 3), given(6, 10))))
    assert timeline.totals(4) == (None, None)
    assert timeline.totals(6) == (3, None)
