from __future__ import annotations

import pytest

from app.errors import RelayUnreachable
from app.state.replays import (
    SHOWN_MAX,
    Forgotten,
    Listed,
    ListFailed,
    ReplayChanged,
    ReplayGone,
    ReplaysState,
    SearchChanged,
    chapter_at,
    next_chapter_ms,
    resume_ms,
)
from wire.event_base import UserInfo
from wire.ids import ReplayId, RoomId, UserId
from wire.replay_events import Chapter, ReplayInfo

CHAPTERS = (Chapter(at_ms=0), Chapter(at_ms=60_000), Chapter(at_ms=90_000))


def replay(number: int, title: str = "Evening") -> ReplayInfo:
    return ReplayInfo(
        replay_id=ReplayId(f"v{number}"),
        room_id=RoomId("r1"),
        room_title="stage",
        title=title,
        streamer=UserInfo(user_id=UserId("u1"), name="Ann"),
        started_at_unix_ms=number,
    )


def listed(*numbers: int, following: str = "") -> ReplaysState:
    page = Listed(tuple(replay(one) for one in numbers), following, "")
    return ReplaysState().apply(page)


def ids(state: ReplaysState) -> list[str]:
    return [one.replay_id for one in state.replays]


def test_apply_when_a_page_comes_then_it_is_the_list() -> None:
    assert ids(listed(1, 2).apply(Listed((replay(3),), "", ""))) == ["v3"]


def test_apply_when_more_comes_then_nothing_is_twice() -> None:
    state = listed(1, 2, following="c").apply(Listed((replay(2), replay(3)), "", "", before="c"))
    assert ids(state) == ["v1", "v2", "v3"]
    assert not state.has_more


def test_apply_when_more_comes_of_a_list_that_began_anew_then_nothing_between_is_missing() -> None:
    more = Listed((replay(5),), "e", "", before="d")
    state = listed(1, 2, following="c")
    assert state.apply(more) == state
    assert ids(state.apply(Listed((replay(3),), "d", "", before="c")).apply(more))[-2:] == [
        "v3",
        "v5",
    ]


def test_apply_when_new_ones_come_without_end_then_the_oldest_leave() -> None:
    state = listed()
    for number in range(SHOWN_MAX + 5):
        state = state.apply(ReplayChanged(replay(number)))
    assert len(state.replays) == SHOWN_MAX
    assert ids(state)[0] == f"v{SHOWN_MAX + 4}"


def test_apply_when_the_answer_is_to_what_was_typed_before_then_it_is_passed_over() -> None:
    state = listed(1).apply(SearchChanged("music"))
    assert ids(state.apply(Listed((replay(9),), "", ""))) == ["v1"]


def test_emptiness_when_nothing_is_there_then_it_says_why() -> None:
    state = ReplaysState()
    assert state.emptiness == "loading"
    assert state.apply(Listed((), "", "")).emptiness == "no_replays"
    assert state.apply(ListFailed(RelayUnreachable("cut"))).emptiness == "failed"
    searched = state.apply(SearchChanged("x")).apply(Listed((), "", "x"))
    assert searched.emptiness == "no_match"
    assert listed(1).apply(ListFailed(RelayUnreachable("cut"))).emptiness == "not_empty"


def test_apply_when_one_changes_or_goes_then_the_others_stay() -> None:
    state = listed(1, 2, 3).apply(ReplayChanged(replay(2, "Morning"))).apply(ReplayGone("v3"))
    assert [one.title for one in state.replays] == ["Evening", "Morning"]
    assert ids(state.apply(ReplayChanged(replay(4)))) == ["v4", "v1", "v2"]
    assert ids(state.apply(Forgotten())) == []


@pytest.mark.parametrize(
    ("kept_ms", "begins_ms"), [(0, 0), (9_999, 0), (10_000, 10_000), (85_000, 85_000), (86_000, 0)]
)
def test_resume_when_it_was_left_somewhere_then_only_the_middle_counts(
    kept_ms: int, begins_ms: int
) -> None:
    assert resume_ms(kept_ms, 100_000) == begins_ms


def test_chapter_at_when_a_moment_is_given_then_it_is_the_one_that_has_begun() -> None:
    assert chapter_at(CHAPTERS, 59_999) == CHAPTERS[0]
    assert chapter_at(CHAPTERS, 60_000) == CHAPTERS[1]
    assert chapter_at((CHAPTERS[1],), 5) is None


def test_next_chapter_when_going_on_and_back_then_its_begin_is_found() -> None:
    assert next_chapter_ms(CHAPTERS, 61_000, is_back=False) == 90_000
    assert next_chapter_ms(CHAPTERS, 95_000, is_back=False) is None
    assert next_chapter_ms(CHAPTERS, 65_000, is_back=True) == 60_000
    assert next_chapter_ms(CHAPTERS, 61_000, is_back=True) == 0
