"""Tickets for recordings end with the login that they were given to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.recording.tables import Replay
from tests.server_parts import PASSWORD, Socket
from wire import account_commands, account_events, replay_commands, room_commands, room_events
from wire.replay_events import ReplayOpened

if TYPE_CHECKING:
    from tests.server_parts import Parts

REPLAY_ID = "000000000000001"


async def record(parts: Parts, room_id: str) -> None:
    row = Replay(
        id=REPLAY_ID,
        room_id=room_id,
        broadcast_id="b",
        room_name="Hall",
        title="",
        search="",
        started_at_unix_ms=1,
        base_pts_us=0,
        state="ready",
    )
    await parts.store.write(lambda session: session.add(row))


async def open_replay(socket: Socket) -> str:
    opened = await socket.ask(replay_commands.OpenReplay, replay_id=REPLAY_ID)
    assert isinstance(opened, ReplayOpened), opened
    return opened.ticket


async def test_ticket_when_its_login_ends_then_opens_nothing(parts: Parts) -> None:
    here, there = Socket(parts), Socket(parts)
    await here.register("Ann")
    made = await here.ask(room_commands.CreateRoom, name="Hall")
    assert isinstance(made, room_events.RoomDetails), made
    await record(parts, made.room.room_id)
    await there.ask(account_commands.Login, name="Ann", password=PASSWORD)
    own, other = await open_replay(here), await open_replay(there)
    is_good = parts.services.replays.is_good
    assert await is_good(own, REPLAY_ID)
    assert await is_good(other, REPLAY_ID)

    answer = await here.ask(
        account_commands.ChangePassword, old_password=PASSWORD, new_password=f"{PASSWORD}2"
    )
    assert isinstance(answer, account_events.LoggedIn), answer
    assert not await is_good(other, REPLAY_ID)
    assert await is_good(own, REPLAY_ID)

    await here.ask(account_commands.Logout)
    assert not await is_good(own, REPLAY_ID)
