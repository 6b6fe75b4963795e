"""A visit's end: what a room still says then is told to nobody."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.live import room_session
from app.live.room_session import STATE_INTERVAL_S, RoomSession, RoomSinks
from app.state.room import RoomState
from tests.unit.app.state.test_keeping import entered
from tests.unit.app.state.test_room import ROOM
from wire import command_base, events, room_commands, room_events

if TYPE_CHECKING:
    import pytest

    from wire import event_base


class FakeMedia:
    def __init__(self, *_parts: object, **_hooks: object) -> None:
        self._running = asyncio.Event()

    async def run(self) -> None:
        await self._running.wait()

    measure = run

    def stop(self) -> None:
        pass


class BusyRelay:
    """Its rooms go on talking while somebody leaves."""

    def __init__(self) -> None:
        self.session: RoomSession | None = None
        self.is_left = False

    async def request(self, command: command_base.Command, _answer: object) -> event_base.Answer:
        if not isinstance(command, room_commands.LeaveRoom):
            return entered("viewer")
        assert self.session is not None
        self.is_left = True
        self.session.on_room_event(room_events.ViewersChanged(room_id=ROOM, viewers=7))
        return events.Ok()

    def relay_settings(self) -> tuple[str, str | None]:
        return "ws://127.0.0.1:1", None

    def own_user_id(self) -> str:
        return ""


async def test_session_when_the_room_talks_while_it_is_left_then_no_state_comes_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room_session, "RoomMedia", FakeMedia)
    relay, states = BusyRelay(), list[RoomState]()
    has_joined = asyncio.Event()

    def on_state(state: RoomState) -> None:
        states.append(state)
        if state.phase == "joined":
            has_joined.set()

    session = relay.session = RoomSession(
        relay,  # type: ignore[arg-type] # answers what it wants
        ROOM,
        begin=RoomState(),
        sinks=RoomSinks(
            on_state=on_state,
            on_danmaku=lambda _posted: None,
            on_picture=lambda _frame, _pts_us: None,
        ),
        random=lambda: 0.5,
        unix_us=lambda: 0,
    )
    async with asyncio.timeout(30):
        running = asyncio.get_running_loop().create_task(session.run())
        await has_joined.wait()
        session.stop()
        await running
    told = len(states)
    await asyncio.sleep(3 * STATE_INTERVAL_S)
    assert relay.is_left
    assert len(states) == told
