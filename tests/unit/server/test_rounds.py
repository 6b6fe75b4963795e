from __future__ import annotations

import pytest

from server.rounds import RETURN_S, Round, Rounds
from tests.server_parts import FakeTime
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId, UserId

HALL, YARD = RoomId("hall"), RoomId("yard")
ADA, BO = UserId("ada"), UserId("bo")


class House:
    """Rounds of one kind, with who was told and what was closed."""

    def __init__(self) -> None:
        self.time = FakeTime()
        self.rounds = Rounds[Round]("poll", self.time.clocks)
        self.told: list[str] = []
        self.closed: list[str] = []

    def put(self, room_id: RoomId, round_id: str, *, opener: UserId = ADA, s: float = 60) -> Round:
        ends = self.time.mono_s + s
        opened = Round(round_id=round_id, opener=opener, ends_at_mono_s=ends, closes_at_mono_s=ends)
        self.rounds.put(room_id, opened)
        return opened

    async def tick(self) -> None:
        await self.rounds.tick(lambda _room, found: self.told.append(found.round_id), self._close)

    async def _close(self, room_id: RoomId, found: Round) -> None:
        if found.round_id == "refused":
            raise WireError(ErrorCode.STORAGE_FAILED, "the disk is full")
        # A room is erased while the first one is closed.
        list(self.rounds.take_of(BO, ()))
        if self.rounds.take(room_id, found):
            self.closed.append(found.round_id)


@pytest.fixture
def house() -> House:
    return House()


def test_opening_when_one_is_open_or_being_stored_then_refused(house: House) -> None:
    with house.rounds.opening(HALL), pytest.raises(WireError), house.rounds.opening(HALL):
        pass
    with house.rounds.opening(HALL):
        pass
    house.put(HALL, "one")
    with pytest.raises(WireError), house.rounds.opening(HALL):
        pass
    with house.rounds.opening(YARD):
        pass


def test_access_when_it_is_another_round_then_the_kind_is_named(house: House) -> None:
    opened = house.put(HALL, "one")
    assert house.rounds.access(HALL, "one") is opened
    with pytest.raises(WireError, match="no such poll") as raised:
        house.rounds.access(HALL, "two")
    assert raised.value.field == "poll_id"


def test_take_when_another_is_open_in_its_place_then_that_one_stays(house: House) -> None:
    first = house.put(HALL, "one")
    assert house.rounds.take(HALL, first)
    second = house.put(HALL, "two")
    assert not house.rounds.take(HALL, first)
    assert house.rounds.find(HALL) is second


def test_times_when_it_ended_meanwhile_then_it_closes_once_members_are_back(house: House) -> None:
    now, now_ms = house.time.mono_s, house.time.clocks.unix_ms()
    assert house.rounds.times_of(now_ms - 5_000) == (now - 5, now + RETURN_S)
    assert house.rounds.times_of(now_ms + 60_000) == (now + 60, now + 60)


async def test_tick_when_one_is_over_then_closed_and_one_gone_meanwhile_is_not_told(
    house: House,
) -> None:
    house.put(HALL, "over", s=0)
    house.put(YARD, "gone", opener=BO)
    await house.tick()
    assert (house.told, house.closed) == (["over"], ["over"])
    assert house.rounds.find(YARD) is None


async def test_tick_when_the_disk_refuses_one_then_it_stays_and_the_others_are_closed(
    house: House,
) -> None:
    house.put(HALL, "refused", s=0)
    house.put(YARD, "over", s=0)
    await house.tick()
    assert house.closed == ["over"]
    assert house.rounds.find(HALL) is not None
