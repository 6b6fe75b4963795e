from __future__ import annotations

import pytest

from server.sanctions.standings import Place, Standing, Standings
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId, SanctionId, UserId
from wire.permissions import Action

ADA, BOB = UserId("ada"), UserId("bob")
HALL, ATTIC = RoomId("hall"), RoomId("attic")


class Rig:
    def __init__(self) -> None:
        self.now_s = 100.0
        self.standings = Standings(lambda: self.now_s)

    def put(
        self, user: UserId, room: RoomId | None, kind: str, *, for_s: float | None = 60
    ) -> Place:
        place = Place(room, kind)
        until_s = None if for_s is None else self.now_s + for_s
        self.standings.put(user, place, Standing(SanctionId("s"), "why", until_s))
        return place

    def code(self, user: UserId | None, room: RoomId, action: Action) -> ErrorCode | None:
        try:
            self.standings.check(user, room, action)
        except WireError as error:
            return error.code
        return None


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_check_when_muted_in_a_room_then_silent_there_only(rig: Rig) -> None:
    rig.put(ADA, HALL, "mute")
    assert rig.code(ADA, HALL, Action.CHAT) is ErrorCode.MUTED
    assert rig.code(ADA, HALL, Action.LIKE) is None
    assert rig.code(ADA, ATTIC, Action.CHAT) is None
    assert rig.code(BOB, HALL, Action.CHAT) is None
    assert rig.code(None, HALL, Action.CHAT) is None


def test_check_when_banned_in_the_house_then_kept_out_of_every_room(rig: Rig) -> None:
    rig.put(ADA, None, "ban", for_s=None)
    assert rig.code(ADA, HALL, Action.JOIN_PUBLIC_ROOM) is ErrorCode.BANNED
    assert rig.code(ADA, ATTIC, Action.PUBLISH) is ErrorCode.BANNED
    with pytest.raises(WireError) as caught:
        rig.standings.check_house(ADA)
    assert caught.value.retry_after_ms is None


def test_check_house_when_only_a_room_keeps_them_out_then_they_may_come(rig: Rig) -> None:
    rig.put(ADA, HALL, "ban")
    rig.put(ADA, None, "mute")
    rig.standings.check_house(ADA)


def test_check_when_time_is_over_then_nothing_stands_and_memory_is_free(rig: Rig) -> None:
    rig.put(ADA, HALL, "mute", for_s=60)
    rig.now_s += 59.5
    with pytest.raises(WireError) as caught:
        rig.standings.check(ADA, HALL, Action.CHAT)
    assert caught.value.retry_after_ms == 500
    rig.now_s += 0.5
    assert rig.code(ADA, HALL, Action.CHAT) is None
    rig.standings.forget_expired()
    assert list(rig.standings) == []


def test_drop_when_another_took_its_place_then_that_one_stays(rig: Rig) -> None:
    place = rig.put(ADA, HALL, "mute")
    rig.standings.drop(ADA, place, SanctionId("older"))
    assert rig.standings.find(ADA, place) is not None
    rig.standings.drop(ADA, place, SanctionId("s"))
    assert rig.standings.find(ADA, place) is None
