"""What can be chosen to like, under whatever name, and how long it counts."""

from __future__ import annotations

import pytest

from server.discovery import artefact
from server.discovery.asking import LiveRoom, Recorded
from server.discovery.interests import (
    ASKED,
    BUILT_IN,
    OF_HOUSE_MAX,
    OFFERED_MAX,
    is_to_be_asked,
    key_of,
    offer,
)
from server.discovery.memory import Memory
from server.discovery.taste import DAY_S
from tests.unit.server.discovery.test_memory import NOW_S, asked, done
from wire.event_base import Reason

CHOSEN = {ASKED: 1.0, "interest:music": 1.0}


@pytest.mark.parametrize("name", ["music", "Music", " MUSIC ", "音乐", "Songs", "ｍｕｓｉｃ"])
def test_key_when_an_interest_has_many_names_then_one(name: str) -> None:
    assert key_of(name) == "music"


def test_key_when_of_no_house_else_then_the_folded_name() -> None:
    assert key_of("Clock  Repair") == "clock repair"


def test_offer_when_the_house_has_categories_then_first_and_each_once() -> None:
    offered = offer(["Clock repair", "音乐", "Music", "clock REPAIR"])
    assert offered[:2] == ("Clock repair", "music")
    assert len(set(map(key_of, offered))) == len(offered)
    assert set(BUILT_IN) < set(offered)


def test_offer_when_the_house_has_very_many_then_bounded_with_room_for_others() -> None:
    offered = offer(f"category {number}" for number in range(500))
    assert len(offered) == OFFERED_MAX
    assert len(set(offered) & set(BUILT_IN)) == OFFERED_MAX - OF_HOUSE_MAX
    assert offer([]) == tuple(BUILT_IN)


@pytest.mark.parametrize(
    ("wishes", "visits", "is_asked"),
    [
        ({}, 0, True),
        ({"hide:x": 0.0}, 2, True),
        ({}, 3, False),
        ({ASKED: 1.0}, 0, False),
        ({"interest:music": 1.0}, 0, False),
    ],
)
def test_asking_when_answered_or_known_then_not(
    wishes: dict[str, float], visits: int, *, is_asked: bool
) -> None:
    assert is_to_be_asked(wishes, visits=visits) is is_asked


def house() -> Memory:
    """Twelve rooms of which the last is the least watched, and music under its other name."""
    memory = Memory(artefact.starting())
    memory.add(
        [
            done(f"old{person}", f"s{streamer}", ago_s=10 * DAY_S - person)
            for person in range(24)
            for streamer in range(12)
            if person % (streamer + 1) == 0
        ]
    )
    memory.set_live(
        [
            LiveRoom(f"room-s{one}", f"s{one}", "音乐" if one == 11 else f"c{one % 3}", 12 - one)
            for one in range(12)
        ],
        {},
        NOW_S,
    )
    return memory


def score_of(memory: Memory, room: str, **fields: object) -> float:
    places = memory.rank(asked("ann", limit=100, **fields), NOW_S).places
    best = max(place.score for place in places)
    return next(place.score for place in places if place.room_id == room) - best


def test_rank_when_an_interest_was_chosen_then_its_room_is_first_and_says_so() -> None:
    memory = house()
    assert score_of(memory, "room-s11") < 0
    assert score_of(memory, "room-s11", wishes=CHOSEN) == 0
    first = memory.rank(asked("ann", wishes=CHOSEN), NOW_S).places[0]
    assert first.reason == Reason(kind="interest", names=("音乐",))


def test_rank_when_what_is_watched_says_otherwise_then_outweighed() -> None:
    memory = house()
    for day in range(12):
        memory.add([done("ann", "s1", amount=1_800, ago_s=(12 - day) * DAY_S)])
    assert score_of(memory, "room-s11", wishes=CHOSEN) < 0
    places = memory.rank(asked("ann", limit=100, wishes=CHOSEN), NOW_S).places
    assert max(places, key=lambda place: place.score).room_id == "room-s1"


def test_recorded_when_an_interest_was_chosen_then_those_come_first() -> None:
    recorded = [
        Recorded(f"v{one}", f"s{one}", "Music" if one == 11 else "c", NOW_S - DAY_S)
        for one in range(12)
    ]
    ranked = house().rank_recorded(recorded, asked("ann", wishes=CHOSEN), NOW_S)
    assert ranked.places[0].room_id == "v11"
    assert ranked.places[0].reason.kind == "interest"


def test_recorded_when_old_and_nothing_is_known_then_newer_ones_come_first() -> None:
    recorded = [Recorded(f"v{one}", f"n{one}", "", NOW_S - one * DAY_S) for one in range(60)]
    places = house().rank_recorded(recorded, asked("", limit=60), NOW_S).places
    by_score = sorted(places, key=lambda place: -place.score)
    assert [place.room_id for place in by_score[:5]] == [f"v{one}" for one in range(5)]
    assert sum(place.parts.get("recent", 0.0) for place in places) > 0
