"""From room to room, where a visit goes wrong."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from app.live import room_visits, sweeping
from app.live.room_session import RoomSinks
from app.live.room_visits import RoomVisits
from app.live.vault import RoomKey
from app.state.room import Opened, RoomState
from wire.ids import RoomId

if TYPE_CHECKING:
    from app.live.house import House


class FakeHouse:
    state = SimpleNamespace(url="ws://127.0.0.1:1")

    async def find_room_key(self, _room_id: str) -> RoomKey:
        return RoomKey()

    def own_user_id(self) -> str:
        return ""

    def _listen(self, *_what: object) -> Callable[[], None]:
        return lambda: None

    add_room_listener = add_link_listener = add_state_listener = _listen


class FakeSession:
    """Fails in the first room, stays in all others until it is stopped."""

    def __init__(
        self, _house: object, room_id: RoomId, *, begin: RoomState, sinks: RoomSinks, **_hooks: Any
    ) -> None:
        self.state = begin.apply(Opened(room_id))
        self._sinks = sinks
        self._stopping = asyncio.Event()

    on_room_event = on_control_link = None

    async def run(self) -> None:
        self._sinks.on_state(self.state)
        if self.state.room_id == "bad":
            await asyncio.sleep(0)
            raise KeyError("unforeseen")
        await self._stopping.wait()

    def stop(self) -> None:
        self._stopping.set()


def make_visits() -> tuple[RoomVisits, asyncio.Queue[RoomState]]:
    told: asyncio.Queue[RoomState] = asyncio.Queue(maxsize=100)
    sinks = RoomSinks(
        on_state=told.put_nowait,
        on_danmaku=lambda _posted: None,
        on_picture=lambda _frame, _pts_us: None,
    )
    house: House = FakeHouse()  # type: ignore[assignment] # what a visit asks of one
    return RoomVisits(house, sinks), told


async def until_room(told: asyncio.Queue[RoomState], room_id: str | None) -> None:
    async with asyncio.timeout(30):
        while (await told.get()).room_id != room_id:
            pass


@pytest.fixture(autouse=True)
def _fake_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_visits, "RoomSession", FakeSession)


async def test_room_when_its_session_fails_then_is_closed_and_not_left_standing() -> None:
    visits, told = make_visits()
    visits.open(RoomId("bad"))
    await until_room(told, "bad")
    await until_room(told, None)


async def test_room_when_opened_while_another_fails_then_is_entered() -> None:
    visits, told = make_visits()
    visits.open(RoomId("bad"))
    await until_room(told, "bad")
    visits.open(RoomId("good"))
    await until_room(told, "good")
    visits.close()
    await until_room(told, None)


async def test_visit_when_it_has_ended_then_what_it_held_is_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Decoders within circles of references keep their memory and their threads."""
    is_gone = asyncio.Event()

    class Circle(FakeSession):
        def __init__(self, *what: Any, **hooks: Any) -> None:
            super().__init__(*what, **hooks)
            self.itself = self
            weakref.finalize(self, is_gone.set)

    monkeypatch.setattr(sweeping, "SWEEP_AFTER_S", 0.1)
    monkeypatch.setattr(room_visits, "RoomSession", Circle)
    visits, told = make_visits()
    visits.open(RoomId("good"))
    async with asyncio.timeout(30):
        while (await told.get()).room_id != "good":
            pass
        was_collecting = gc.isenabled()
        gc.disable()  # not by chance
        try:
            visits.close()
            await is_gone.wait()
        finally:
            if was_collecting:
                gc.enable()
