"""Likes on real services: counted, told, kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.server_parts import FakeChannel, Parts, Socket
from wire import chat_commands, event_base, events, room_commands, room_events
from wire.chat_events import LikesCounted
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId, UserId

if TYPE_CHECKING:
    from server.store.store import Store


async def go_live(parts: Parts, name: str = "Ada") -> RoomId:
    """A room with something live in it."""
    owner = await parts.register(name)
    return await go_live_again(parts, owner.require_login().user.user_id, name)


async def go_live_again(parts: Parts, owner: UserId, name: str) -> RoomId:
    room_id = await parts.create_room(await parts.register(f"{name} too"), name)
    start = await parts.broadcasts.begin(room_id, user_id=owner, resume=None)
    parts.plane.live[room_id] = event_base.BroadcastInfo(
        broadcast_id=start.broadcast_id, started_at_unix_us=0, state="live"
    )
    return room_id


async def counted(channel: FakeChannel) -> list[LikesCounted]:
    """What was told, once the taps have died away."""
    while True:
        told = [event for event in channel.events if isinstance(event, LikesCounted)]
        if told and told[-1].rate_per_s == 0:
            return told
        await asyncio.sleep(0)


async def test_send_when_counted_then_members_are_told_and_who_joins_later_too(
    parts: Parts,
) -> None:
    room_id = await go_live(parts)
    viewer, late = Socket(parts), Socket(parts)
    await viewer.register("Bo")
    await viewer.ask(room_commands.JoinRoom, room_id=room_id)
    answer = await viewer.ask(chat_commands.SendLikes, room_id=room_id, count=4)
    assert isinstance(answer, events.Ok), answer
    await asyncio.sleep(0)
    parts.time.pass_s(5)
    told = await counted(viewer.channel)
    assert (told[0].total, told[0].rate_per_s) == (4, 2)
    assert told[-1].total == 4
    joined = await late.ask(room_commands.JoinRoom, room_id=room_id)
    assert isinstance(joined, room_events.RoomJoined)
    assert joined.likes == 4


async def test_send_when_a_client_lies_then_only_the_tap_window_counts(parts: Parts) -> None:
    room_id = await go_live(parts)
    viewer = Socket(parts)
    await viewer.register("Bo")
    await viewer.ask(room_commands.JoinRoom, room_id=room_id)
    for _ in range(15):
        await viewer.ask(chat_commands.SendLikes, room_id=room_id, count=50)
    assert parts.likes.total(room_id) == 10
    parts.time.pass_s(1)
    await viewer.ask(chat_commands.SendLikes, room_id=room_id, count=50)
    assert parts.likes.total(room_id) == 20


async def test_send_when_commands_flood_then_rate_limited(parts: Parts) -> None:
    room_id = await go_live(parts)
    viewer = Socket(parts)
    await viewer.register("Bo")
    await viewer.ask(room_commands.JoinRoom, room_id=room_id)
    answers = [
        await viewer.ask(chat_commands.SendLikes, room_id=room_id, count=1) for _ in range(25)
    ]
    refused = [answer for answer in answers if isinstance(answer, events.Error)]
    assert {answer.code for answer in refused} == {ErrorCode.RATE_LIMITED}
    assert len(refused) == 5


@pytest.mark.parametrize(
    ("is_member", "is_live", "code"),
    [(False, True, ErrorCode.WRONG_STATE), (True, False, ErrorCode.NOT_LIVE)],
)
async def test_send_when_not_there_or_not_live_then_refused(
    parts: Parts, is_member: bool, is_live: bool, code: ErrorCode
) -> None:
    room_id = await go_live(parts)
    if not is_live:
        parts.plane.live.clear()
    viewer = Socket(parts)
    await viewer.register("Bo")
    if is_member:
        await viewer.ask(room_commands.JoinRoom, room_id=room_id)
    answer = await viewer.ask(chat_commands.SendLikes, room_id=room_id, count=1)
    assert isinstance(answer, events.Error)
    assert answer.code is code


async def test_total_when_the_relay_restarts_then_goes_on_where_it_was(
    open_store: Callable[[], Store],
) -> None:
    parts, after = Parts(open_store()), Parts(open_store())
    room_id = await go_live(parts)
    await parts.likes.send(UserId("bo"), room_id, 7)
    await parts.likes.close()
    after.plane.live = parts.plane.live
    await after.likes.load(room_id)
    assert after.likes.total(room_id) == 7
    await after.likes.send(UserId("bo"), room_id, 2)
    assert after.likes.total(room_id) == 9
    await parts.close()
    await after.close()


async def test_total_when_storing_fails_then_tried_again(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = await go_live(parts)
    write, tries = parts.broadcasts.write_likes, 0

    async def write_likes(totals: dict[object, int]) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise WireError(ErrorCode.STORAGE_FAILED, "full")
        await write(totals)

    monkeypatch.setattr(parts.broadcasts, "write_likes", write_likes)
    await parts.likes.send(UserId("bo"), room_id, 7)
    broadcast_id = parts.plane.live[room_id].broadcast_id
    await parts.likes.close()
    await parts.likes.close()
    assert await parts.broadcasts.read_likes(broadcast_id) == 7
    assert tries == 2


async def test_total_when_another_broadcast_begins_then_counts_from_nothing(parts: Parts) -> None:
    room_id = await go_live(parts)
    other_id = await go_live(parts, "Cleo")
    await parts.likes.send(UserId("bo"), room_id, 7)
    parts.plane.live[room_id] = parts.plane.live[other_id]
    await parts.likes.load(room_id)
    assert parts.likes.total(room_id) == 0
