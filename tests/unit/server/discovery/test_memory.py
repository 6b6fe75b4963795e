"""The memory that serves: what is done counts at once, and nobody decides for everybody."""

from __future__ import annotations

import itertools

import pytest

from server.discovery import artefact
from server.discovery.asking import Asked, LiveRoom, Place, Recorded
from server.discovery.behaviour import Behaviour, Kind
from server.discovery.memory import Memory
from server.discovery.taste import DAY_S

NOW_S = 1_700_000_000.0
_ids = itertools.count()


def done(
    user: str, streamer: str, kind: Kind = "watched", amount: float = 600, *, ago_s: float = 0
) -> Behaviour:
    at_ms = int((NOW_S - ago_s) * 1000)
    return Behaviour(f"b{next(_ids)}", at_ms, user, streamer, f"room-{streamer}", kind, amount, "b")


def asked(user: str, **fields: object) -> Asked:
    return Asked(user, frozenset(), {}, {})._replace(**fields)


def house(streamers: int = 12, *, categories: int = 3) -> Memory:
    """People of long standing who watch many; the first streamers more than the last."""
    memory = Memory(artefact.starting())
    memory.add(
        sorted(
            (
                done(f"old{person}", f"s{streamer}", ago_s=(20 - day) * DAY_S + person)
                for day in range(20)
                for person in range(40)
                for streamer in range(streamers)
                if (person * 7 + day + streamer * 5) % (streamer + 2) == 0
            ),
            key=lambda row: row.at_unix_ms,
        )
    )
    memory.refresh_alike(NOW_S)
    show(memory, streamers, categories=categories)
    return memory


def show(
    memory: Memory,
    streamers: int = 12,
    *,
    categories: int = 3,
    watchers: dict[str, list[str]] | None = None,
) -> None:
    rooms = [
        LiveRoom(f"room-s{one}", f"s{one}", f"c{one % categories}", 5) for one in range(streamers)
    ]
    memory.set_live(rooms, watchers or {}, NOW_S)


def rooms_of(places: list[Place]) -> list[str]:
    return [place.room_id for place in places]


def by_score(memory: Memory, user: str) -> list[str]:
    """Without the places that are drawn: the order of the scores."""
    places = memory.rank(asked(user, limit=100), NOW_S).places
    return rooms_of(sorted(places, key=lambda place: -place.score))


def test_rank_when_ten_minutes_were_watched_then_up_at_once() -> None:
    memory = house()
    memory.add([done("ann", f"s{one}", "watched", 20, ago_s=DAY_S) for one in range(9)])
    before = by_score(memory, "ann").index("room-s11")
    memory.add([done("ann", "s11")])
    assert by_score(memory, "ann").index("room-s11") < before


def test_rank_when_two_have_other_tastes_then_other_rooms_come_first() -> None:
    memory = house()
    memory.add([done("ann", f"s{one}") for one in (0, 3, 6)])
    memory.add([done("bob", f"s{one}") for one in (2, 5, 8)])
    ann, bob = by_score(memory, "ann"), by_score(memory, "bob")
    assert set(ann[:3]) == {"room-s0", "room-s3", "room-s6"}
    assert set(bob[:3]) == {"room-s2", "room-s5", "room-s8"}
    # The unknown ones of the category that each likes stand above the other's.
    assert ann.index("room-s9") < bob.index("room-s9")


def test_rank_when_scores_are_taken_apart_then_the_parts_sum_to_them() -> None:
    memory = house()
    memory.add([done("ann", "s3"), done("ann", "s4", "gave", 100)])
    ranked = memory.rank(
        asked("ann", followed=frozenset({"s7"}), friends={"room-s5": 6}, wishes={"category:c1": 2}),
        NOW_S,
    )
    assert len(ranked.places) == 12
    for place in ranked.places:
        assert place.score == pytest.approx(ranked.base + sum(place.parts.values()), abs=1e-6)


def test_rank_when_asked_twice_then_the_same_list() -> None:
    memory = house()
    memory.add([done("ann", "s3")])
    first, again = (memory.rank(asked("ann"), NOW_S).places for _ in range(2))
    assert first == again


def test_rank_when_five_hundred_new_accounts_like_one_room_then_one_place_at_most() -> None:
    memory = house()
    memory.add([done("ann", "s1")])
    before = {user: by_score(memory, user) for user in ("ann", "old3", "")}
    sybils = [f"sybil{one}" for one in range(500)]
    for sybil in sybils:
        memory.add([done(sybil, "s11", "entered", 1), done(sybil, "s11", "liked", 1_000)])
    show(memory, watchers={"room-s11": sybils})
    memory.refresh_alike(NOW_S)
    for user, was in before.items():
        assert was.index("room-s11") - by_score(memory, user).index("room-s11") <= 1


def test_rank_when_somebody_gives_a_billion_then_others_lists_are_as_before() -> None:
    memory = house()
    memory.add([done("ann", "s1"), done("rich", "s11", "gave", 1)])
    show(memory)
    before = memory.rank(asked("ann"), NOW_S).places
    memory.add([done("rich", "s11", "gave", 1e9)])
    show(memory)
    assert memory.rank(asked("ann"), NOW_S).places == before


def test_add_when_one_likes_ten_thousand_times_then_one_visit_for_others() -> None:
    once, often = house(), house()
    once.add([done("ann", "s5", "liked", 1)])
    for _ in range(200):
        often.add([done("ann", "s5", "liked", 50)])
    for memory in (once, often):
        show(memory)
    assert by_score(once, "old3") == by_score(often, "old3")
    assert once.visits_of("ann") == often.visits_of("ann") == 1


def test_rank_when_a_streamer_is_hidden_then_in_no_place() -> None:
    memory = house()
    memory.add([done("ann", "s3")])
    ranked = memory.rank(asked("ann", wishes={"hide:s3": 0.0}), NOW_S)
    assert "room-s3" not in rooms_of(ranked.places)
    assert ranked.count == 11


def test_rank_when_one_streams_then_not_its_own_room() -> None:
    assert "room-s3" not in rooms_of(house().rank(asked("s3"), NOW_S).places)


def test_rank_when_a_category_is_corrected_down_then_below_the_others() -> None:
    memory = house()
    memory.add([done("ann", f"s{one}") for one in (0, 3, 6)])
    places = memory.rank(asked("ann", wishes={"category:c0": 0.0}), NOW_S).places
    ordered = rooms_of(sorted(places, key=lambda place: -place.score))
    assert set(ordered[-4:]) == {"room-s0", "room-s3", "room-s6", "room-s9"}


def test_rank_when_one_category_is_asked_for_then_only_that() -> None:
    ranked = house().rank(asked("ann", category="c1"), NOW_S)
    assert set(rooms_of(ranked.places)) == {"room-s1", "room-s4", "room-s7", "room-s10"}


def test_rank_when_watched_often_then_the_reason_counts_the_last_month() -> None:
    memory = house()
    for days in (50, 20, 10, 2):
        memory.add([done("ann", "s10", ago_s=days * DAY_S)])
    (place,) = [
        place for place in memory.rank(asked("ann"), NOW_S).places if place.room_id == "room-s10"
    ]
    assert (place.reason.kind, place.reason.count) == ("watched", 3)


@pytest.mark.parametrize(("friends", "kind"), [(4, None), (5, "friends")])
def test_rank_when_friends_watch_then_named_only_as_a_crowd(friends: int, kind: str | None) -> None:
    memory = house()
    places = memory.rank(asked("ann", friends={"room-s11": friends}), NOW_S).places
    (place,) = [place for place in places if place.room_id == "room-s11"]
    assert (place.reason.kind == "friends") is (kind is not None)


def test_forget_when_a_user_goes_then_as_if_it_was_new() -> None:
    memory = house()
    memory.add([done("ann", f"s{one}") for one in (0, 3, 6)])
    memory.forget("ann")
    assert memory.believed("ann", NOW_S, 10) == []
    assert memory.rank(asked("ann"), NOW_S).places == memory.rank(asked("ann"), NOW_S).places
    assert memory.visits_of("ann") == 0


def test_believed_when_watched_then_shares_of_one_strongest_first() -> None:
    memory = house()
    memory.add([done("ann", "s3", amount=3_600), done("ann", "s4", amount=60)])
    believed = memory.believed("ann", NOW_S, 10)
    assert [one[0] for one in believed] == ["s3", "s4"]
    assert sum(one[1] for one in believed) == pytest.approx(1.0)
    assert believed[0][2:4] == (1, 60)


def test_forget_when_another_user_goes_then_the_visit_that_goes_on_stays_one() -> None:
    memory = house()
    memory.add([done("ann", "s10", "watched", 60, ago_s=120)])
    memory.forget("old3")
    memory.add([done("ann", "s10", "watched", 60)])
    assert memory.visits_of("ann") == 1
    place = place_of(memory, "ann", "room-s10")
    assert (place.reason.kind, place.reason.count) == ("watched", 1)


@pytest.mark.parametrize(("visits", "is_often"), [(1, False), (2, False), (3, True)])
def test_reason_when_a_category_was_hardly_watched_then_never_that_it_often_is(
    visits: int, *, is_often: bool
) -> None:
    memory = house()
    for number in range(visits):
        memory.add([done("ann", "s0", amount=3_600, ago_s=(9 - number) * DAY_S)])
    others = [place_of(memory, "ann", f"room-s{one}") for one in (3, 6, 9)]  # of its category
    assert ("category" in {place.reason.kind for place in others}) is is_often


def test_reason_when_nobody_watches_now_then_none_says_that_many_do() -> None:
    memory = house()
    memory.set_live([LiveRoom(f"room-s{one}", f"s{one}", "", 0) for one in range(12)], {}, NOW_S)
    kinds = {place.reason.kind for place in memory.rank(asked(""), NOW_S).places}
    assert "popular" not in kinds


def test_reason_when_nothing_is_known_of_the_asker_then_none_claims_a_taste() -> None:
    for user in ("", "nobody"):
        places = house().rank(asked(user, limit=12), NOW_S).places
        assert not {"taste", "category", "watched", "alike"} & {one.reason.kind for one in places}


def place_of(memory: Memory, user: str, room: str) -> Place:
    places = memory.rank(asked(user, limit=100), NOW_S).places
    return next(place for place in places if place.room_id == room)


def test_recordings_when_ranked_then_what_their_streamers_are_seen_with_stays() -> None:
    memory = house()
    memory.add([done("ann", "s1")])
    before = memory.believed_categories("ann", NOW_S)
    memory.rank_recorded([Recorded("r1", "s1", "of another room", NOW_S)], asked("ann"), NOW_S)
    assert memory.believed_categories("ann", NOW_S) == before
