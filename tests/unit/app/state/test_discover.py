from __future__ import annotations

import msgspec
import pytest

from app.errors import RelayUnreachable
from app.state.discover import (
    CATEGORIES_MAX,
    FEW_LIVE,
    CategoryChosen,
    DiscoverState,
    Forgotten,
    Listed,
    ListFailed,
    SearchChanged,
    reason_key,
)
from wire import event_base
from wire.ids import BroadcastId, RoomId, UserId


def room(
    name: str,
    *,
    viewers: int = 0,
    state: event_base.BroadcastState | None = None,
    category: str = "",
) -> event_base.RoomInfo:
    broadcast = (
        event_base.BroadcastInfo(
            broadcast_id=BroadcastId("b-" + name), started_at_unix_us=0, state=state
        )
        if state is not None
        else None
    )
    return event_base.RoomInfo(
        room_id=RoomId(name),
        name=name,
        owner=event_base.UserInfo(user_id=UserId("u-" + name), name="ann"),
        viewers=viewers,
        category=category,
        broadcast=broadcast,
    )


def test_live_rooms_come_fullest_first_and_absent_hosts_after() -> None:
    rooms = (
        room("quiet", viewers=1, state="live"),
        room("away", viewers=9, state="away"),
        room("full", viewers=5, state="live"),
        room("resting"),
    )
    state = DiscoverState().apply(Listed(rooms, "", ""))
    assert [r.name for r in state.live] == ["full", "quiet", "away"]
    assert [r.name for r in state.resting] == ["resting"]
    assert state.live_broadcasts == ("b-full", "b-quiet", "b-away")


def test_rooms_of_followed_owners_when_live_then_stand_apart_and_first() -> None:
    rooms = (
        room("full", viewers=5, state="live"),
        room("friend", viewers=1, state="live"),
        room("other friend", viewers=2, state="live"),
        room("resting friend"),
    )
    followed = frozenset(RoomId(name) for name in ("friend", "other friend", "resting friend"))
    state = DiscoverState().apply(Listed(rooms, "", "", followed))
    assert [r.name for r in state.following] == ["other friend", "friend"]
    assert [r.name for r in state.live] == ["full"]
    assert [r.name for r in state.resting] == ["resting friend"]
    assert state.live_broadcasts == ("b-other friend", "b-friend", "b-full")
    assert reason_key(rooms[1], user_id="me", is_followed=True) == "followed"
    assert reason_key(rooms[3], user_id="me", is_followed=True) == "followed"
    assert reason_key(rooms[1], user_id="u-friend", is_followed=True) == "own"


@pytest.mark.parametrize(
    ("state", "emptiness"),
    [
        (DiscoverState(), "loading"),
        (DiscoverState().apply(ListFailed(RelayUnreachable("lost"))), "failed"),
        (DiscoverState().apply(Listed((), "", "")), "no_rooms"),
        (DiscoverState().apply(SearchChanged("x")).apply(Listed((), "x", "")), "no_match"),
        (DiscoverState().apply(Listed((room("a"),), "", "")), "not_empty"),
    ],
)
def test_an_empty_page_knows_why(state: DiscoverState, emptiness: str) -> None:
    assert state.emptiness == emptiness


def test_an_answer_to_an_older_question_is_passed_over() -> None:
    state = DiscoverState().apply(SearchChanged("new"))
    assert state.apply(Listed((room("old"),), "old", "")).rooms == ()


def test_categories_stay_while_one_is_chosen() -> None:
    state = DiscoverState().apply(
        Listed((room("a", category="music"), room("b", category="games")), "", "")
    )
    state = state.apply(CategoryChosen("music"))
    state = state.apply(Listed((room("a", category="music"),), "", "music"))
    assert state.categories == ("games", "music")
    assert state.apply(Forgotten()).categories == ()


def test_categories_when_there_are_too_many_then_the_newest_and_the_chosen_one_stay() -> None:
    state = DiscoverState().apply(Listed((room("a", category="zither"),), "", ""))
    state = state.apply(CategoryChosen("zither"))
    for number in range(2 * CATEGORIES_MAX):
        state = state.apply(Listed((room("a", category=f"c{number:03}"),), "", "zither"))
    assert len(state.categories) == CATEGORIES_MAX
    assert state.categories[-2:] == (f"c{2 * CATEGORIES_MAX - 1:03}", "zither")


def test_each_card_has_one_reason() -> None:
    assert reason_key(room("a"), user_id="u-a") == "own"
    assert reason_key(room("a", state="away"), user_id="") == "away"
    assert reason_key(room("a", viewers=3, state="live"), user_id="") == "busy"
    third = room("a", viewers=3, state="live")
    assert reason_key(third, user_id="", viewers_most=9) == "live"
    assert reason_key(room("a", state="live"), user_id="") == "live"
    assert reason_key(room("a"), user_id="") == ""


def test_recommended_when_hosts_are_followed_then_theirs_come_first_in_the_relays_order() -> None:
    told = event_base.Reason(kind="popular")
    rooms = tuple(
        msgspec.structs.replace(room(name, state=state), reason=told, is_featured=is_featured)
        for name, state, is_featured in (
            ("best", "live", False),
            ("featured", "live", True),
            ("followed away", "away", False),
            ("followed", "live", False),
            ("other followed", "live", False),
        )
    )
    followed = frozenset(map(RoomId, ("followed", "other followed", "followed away")))
    state = DiscoverState().apply(Listed(rooms, "", "", followed))
    assert [one.name for one in state.recommended] == [
        "followed", "other followed", "featured", "best", "followed away",
    ]  # fmt: skip


def test_replays_when_few_rooms_are_live_and_nothing_is_searched_then_wanted() -> None:
    assert not DiscoverState().wants_replays, "nothing is known yet"
    for live in range(6):
        rooms = tuple(room(f"r{one}", state="live") for one in range(live))
        state = DiscoverState().apply(Listed((*rooms, room("resting")), "", ""))
        assert state.wants_replays is (live < FEW_LIVE)
    assert not DiscoverState(search="x", has_listed=True).wants_replays
