"""How much waits for an admin: read at the start, told afterwards, forgotten with the role."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.live.admin_waiting import WaitingWatch
from app.state.admin_overview import FIGURES, NOTHING_WAITS, WaitingCounts
from app.state.house import HouseState
from wire.admin_events import HouseWaiting, Overview
from wire.event_base import UserInfo
from wire.ids import UserId

if TYPE_CHECKING:
    from wire import command_base, events

ADMIN = HouseState(
    url="wss://house",
    link="connected",
    user=UserInfo(user_id=UserId("u1"), name="Ann", is_admin=True),
)
VIEWER = HouseState(
    url="wss://house", link="connected", user=UserInfo(user_id=UserId("u1"), name="Ann")
)


class FakeHouse:
    def __init__(self) -> None:
        self.asked: list[command_base.Command] = []
        self.tell_state: Callable[[HouseState], None] = lambda _state: None
        self.tell: Callable[[events.RoomEvent], None] = lambda _event: None

    async def request(self, command: command_base.Command, _answer: type) -> Overview:
        self.asked.append(command)
        lists = dict.fromkeys(("at_unix_ms", *FIGURES), ())
        return Overview(
            started_at_unix_ms=0,
            version="",
            users=1,
            rooms=1,
            reports_open=2,
            feedback_new=3,
            **lists,
        )

    def add_state_listener(self, listener: Callable[[HouseState], None]) -> Callable[[], None]:
        self.tell_state = listener
        return lambda: None

    def add_room_listener(
        self, _room_id: str, listener: Callable[[events.RoomEvent], None]
    ) -> Callable[[], None]:
        self.tell = listener
        return lambda: None


def watch() -> tuple[FakeHouse, list[WaitingCounts]]:
    house, heard = FakeHouse(), list[WaitingCounts]()
    WaitingWatch(house, on_counts=heard.append)
    return house, heard


async def test_admin_when_logged_in_then_counts_are_read_once_and_then_told() -> None:
    house, heard = watch()
    house.tell_state(ADMIN)
    house.tell_state(ADMIN)
    await asyncio.sleep(0)
    assert heard == [WaitingCounts(2, 3)]
    assert len(house.asked) == 1
    house.tell(HouseWaiting(reports=3, feedback=3))
    assert heard[-1] == WaitingCounts(3, 3)


async def test_role_when_it_is_taken_away_then_nothing_waits_any_more() -> None:
    house, heard = watch()
    house.tell_state(ADMIN)
    await asyncio.sleep(0)
    house.tell_state(VIEWER)
    assert heard[-1] == NOTHING_WAITS


async def test_viewer_when_logged_in_then_nothing_is_asked() -> None:
    house, heard = watch()
    house.tell_state(VIEWER)
    await asyncio.sleep(0)
    assert (house.asked, heard) == ([], [])
