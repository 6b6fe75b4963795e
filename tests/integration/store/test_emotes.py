"""A room's own emotes as sockets see them, on both databases."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from server.emotes.service import EmoteService
from tests.emote_pictures import SIGNATURE, chunk, header, make_png
from tests.server_parts import PASSWORD, Parts, Socket
from wire import (
    emotes_commands,
    event_base,
    events,
    order_commands,
    order_events,
    privacy_commands,
    privacy_events,
    room_commands,
    room_events,
)
from wire.emotes import make_emote_id
from wire.emotes_events import EmoteInfo, EmotePicture, EmotesChanged
from wire.errors import ErrorCode
from wire.limits import EMOTES_ROOM_MAX

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.store.store import Store
    from wire.ids import RoomId

RED = make_png(8, 8)
BLUE = make_png(16, 4, b"\x40\x40\xff\x80")
WAVE = EmoteInfo(name="wave", emote_id=make_emote_id(RED))


async def house(parts: Parts) -> tuple[Socket, Socket, RoomId]:
    """An owner and a viewer in the owner's room."""
    owner, viewer = Socket(parts), Socket(parts)
    await owner.register("Ada")
    await viewer.register("Bob")
    answer = await owner.ask(room_commands.CreateRoom, name="Hall")
    assert isinstance(answer, room_events.RoomDetails)
    room_id = answer.room.room_id
    for socket in (owner, viewer):
        assert isinstance(await join(socket, room_id), room_events.RoomJoined)
    return owner, viewer, room_id


async def join(socket: Socket, room_id: RoomId) -> event_base.Answer:
    return await socket.ask(room_commands.JoinRoom, room_id=room_id)


async def add(
    socket: Socket, room_id: RoomId, name: str = "wave", picture: bytes = RED
) -> event_base.Answer:
    return await socket.ask(emotes_commands.AddEmote, room_id=room_id, name=name, picture=picture)


def code_of(answer: event_base.Answer) -> ErrorCode:
    assert isinstance(answer, events.Error), answer
    return answer.code


async def told_to(socket: Socket) -> list[tuple[EmoteInfo, ...]]:
    await socket.parts.store.read(lambda _session: None)  # events go out in batches
    return [one.emotes for one in socket.channel.events if isinstance(one, EmotesChanged)]


async def test_emote_when_added_then_the_room_hears_of_it_and_can_get_its_picture(
    parts: Parts,
) -> None:
    owner, viewer, room_id = await house(parts)
    assert isinstance(await add(owner, room_id), events.Ok)
    assert (await told_to(viewer))[-1:] == [(WAVE,)]
    got = await viewer.ask(emotes_commands.GetEmote, room_id=room_id, emote_id=WAVE.emote_id)
    assert isinstance(got, EmotePicture)
    assert (got.emote_id, got.picture) == (WAVE.emote_id, RED)
    late = Socket(parts)
    joined = await join(late, room_id)
    assert isinstance(joined, room_events.RoomJoined)
    assert joined.emotes == (WAVE,)
    got = await late.ask(emotes_commands.GetEmote, room_id=room_id, emote_id=WAVE.emote_id)
    assert isinstance(got, EmotePicture)


async def test_emote_when_added_again_then_it_has_the_new_picture_alone(parts: Parts) -> None:
    owner, viewer, room_id = await house(parts)
    await add(owner, room_id)
    assert isinstance(await add(owner, room_id, picture=BLUE), events.Ok)
    now = EmoteInfo(name="wave", emote_id=make_emote_id(BLUE))
    assert await told_to(viewer) == [(WAVE,), (now,)]
    gone = await viewer.ask(emotes_commands.GetEmote, room_id=room_id, emote_id=WAVE.emote_id)
    assert code_of(gone) is ErrorCode.NOT_FOUND
    got = await viewer.ask(emotes_commands.GetEmote, room_id=room_id, emote_id=now.emote_id)
    assert isinstance(got, EmotePicture)
    assert got.picture == BLUE


async def test_emote_when_removed_then_gone_for_all(parts: Parts) -> None:
    owner, viewer, room_id = await house(parts)
    await add(owner, room_id)
    await viewer.ask(emotes_commands.GetEmote, room_id=room_id, emote_id=WAVE.emote_id)
    removed = await owner.ask(emotes_commands.RemoveEmote, room_id=room_id, name="wave")
    assert isinstance(removed, events.Ok)
    assert (await told_to(viewer))[-1] == ()
    got = await viewer.ask(emotes_commands.GetEmote, room_id=room_id, emote_id=WAVE.emote_id)
    assert code_of(got) is ErrorCode.NOT_FOUND
    again = await owner.ask(emotes_commands.RemoveEmote, room_id=room_id, name="wave")
    assert code_of(again) is ErrorCode.NOT_FOUND


async def test_emote_when_a_moderator_adds_and_removes_then_it_is_in_the_book(
    parts: Parts,
) -> None:
    owner, viewer, room_id = await house(parts)
    assert code_of(await add(viewer, room_id)) is ErrorCode.FORBIDDEN
    user_id = viewer.session.user_id
    await owner.ask(room_commands.SetModerator, room_id=room_id, user_id=user_id, granted=True)
    assert isinstance(await add(viewer, room_id), events.Ok)
    await viewer.ask(emotes_commands.RemoveEmote, room_id=room_id, name="wave")
    acts = await owner.ask(order_commands.ListActs, room_id=room_id)
    assert isinstance(acts, order_events.ActList)
    told = [(act.action, act.role, act.detail.text) for act in acts.acts[:2]]
    assert told == [("remove_emote", "moderator", "wave"), ("add_emote", "moderator", "wave")]


async def test_emote_when_the_room_has_all_it_may_then_no_more_but_new_pictures_fit(
    parts: Parts,
) -> None:
    owner, _, room_id = await house(parts)
    for number in range(EMOTES_ROOM_MAX):
        assert isinstance(await add(owner, room_id, f"e{number}"), events.Ok)
    assert code_of(await add(owner, room_id, "one_more")) is ErrorCode.LIMIT_REACHED
    assert isinstance(await add(owner, room_id, "e7", BLUE), events.Ok)


@pytest.mark.parametrize(
    ("name", "picture"),
    [
        ("heart", RED),
        ("Wave", RED),
        ("a", RED),
        ("x" * 25, RED),
        ("wave", b""),
        ("wave", b"not a picture"),
        ("wave", RED[:-4]),
        ("wave", SIGNATURE + header(2**31 - 1, 2**31 - 1) + chunk(b"IDAT") + chunk(b"IEND")),
        ("wave", SIGNATURE + header(1, 1) + chunk(b"IEND")),
        ("wave", RED + b"\0" * (24 * 1024)),
    ],
)
async def test_emote_when_name_or_picture_is_none_then_refused_and_nothing_is_kept(
    parts: Parts, name: str, picture: bytes
) -> None:
    owner, viewer, room_id = await house(parts)
    assert code_of(await add(owner, room_id, name, picture)) is ErrorCode.INVALID_VALUE
    assert await told_to(viewer) == []
    assert parts.emotes.find(room_id) == ()


async def test_picture_when_asked_for_from_outside_then_refused(parts: Parts) -> None:
    owner, viewer, room_id = await house(parts)
    await add(owner, room_id)
    wanted = {"room_id": room_id, "emote_id": WAVE.emote_id}
    await viewer.ask(room_commands.LeaveRoom, room_id=room_id)
    assert code_of(await viewer.ask(emotes_commands.GetEmote, **wanted)) is ErrorCode.WRONG_STATE
    guest = Socket(parts)
    assert code_of(await guest.ask(emotes_commands.GetEmote, **wanted)) is ErrorCode.LOGIN_REQUIRED
    other = await viewer.ask(room_commands.CreateRoom, name="Attic")
    assert isinstance(other, room_events.RoomDetails)
    await join(viewer, other.room.room_id)
    wanted["room_id"] = other.room.room_id
    assert code_of(await viewer.ask(emotes_commands.GetEmote, **wanted)) is ErrorCode.NOT_FOUND


async def test_pictures_when_more_than_are_kept_then_the_oldest_is_read_again(
    parts: Parts,
) -> None:
    owner, _, room_id = await house(parts)
    small = EmoteService(
        parts.store,
        audit=parts.audit,
        post=parts.hub.post,
        clocks=parts.time.clocks,
        kept_bytes_max=len(RED),
    )
    await add(owner, room_id)
    await add(owner, room_id, "dot", BLUE)
    for picture in (RED, BLUE, RED):
        asked = [small.picture(room_id, make_emote_id(picture)) for _ in range(20)]
        got = await asyncio.gather(*asked)
        assert {one.picture for one in got} == {picture}
        assert list(small._pictures) == [make_emote_id(picture)]
        assert small._kept_bytes == len(picture)


async def test_emotes_when_the_relay_starts_again_then_there(
    parts: Parts, open_store: Callable[[], Store]
) -> None:
    owner, _, room_id = await house(parts)
    await add(owner, room_id)
    again = Parts(open_store(), first_id=1_000)
    try:
        guest = Socket(again)
        joined = await join(guest, room_id)
        assert isinstance(joined, room_events.RoomJoined)
        assert joined.emotes == (WAVE,)
    finally:
        await again.close()


async def test_erase_when_the_owner_goes_then_the_rooms_emotes_go_too(parts: Parts) -> None:
    owner, viewer, room_id = await house(parts)
    await add(owner, room_id)
    mine = await owner.ask(privacy_commands.GetMyData)
    assert isinstance(mine, privacy_events.MyData)
    assert {one.name: one.rows for one in mine.counts}["emotes"] == 1
    await viewer.ask(emotes_commands.GetEmote, room_id=room_id, emote_id=WAVE.emote_id)
    erased = await owner.ask(privacy_commands.EraseAccount, password=PASSWORD)
    assert not isinstance(erased, events.Error), erased
    await parts.privacy.eraser.close()
    assert parts.emotes.find(room_id) == ()
    assert not parts.emotes._pictures
    assert parts.emotes._kept_bytes == 0
