"""Pictures of rooms: set by who may, found by their hash, gone with the room."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.cover_pictures import make_jpeg
from tests.integration.store.test_admin import list_acts, make_admin, make_user
from tests.integration.store.test_control_session import open_room
from wire import cover_commands, order_events, room_commands, room_events
from wire.covers import make_cover_id
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.accounts.actor import Actor
    from server.store.session import Session
    from tests.server_parts import Parts, Socket
    from wire.ids import RoomId

PICTURE, OTHER = make_jpeg(), make_jpeg(320, 180)


async def open_hall(parts: Parts, owner: Actor) -> RoomId:
    """With PICTURE for its cover."""
    room_id = await parts.create_room(owner, "Hall")
    await parts.rooms.set_cover(owner, room_id, PICTURE)
    return room_id


async def test_cover_when_set_then_is_found_by_its_hash_until_another_stands_for_it(
    parts: Parts,
) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada, "Hall")
    details = await parts.rooms.set_cover(ada, room_id, PICTURE)
    assert details.room.cover == make_cover_id(PICTURE)
    assert await parts.rooms.covers.find(details.room.cover) == PICTURE
    edited = await parts.rooms.edit(
        ada, room_commands.EditRoom(id=1, room_id=room_id, title="Blues")
    )
    assert edited.details.room.cover == make_cover_id(PICTURE)
    details = await parts.rooms.set_cover(ada, room_id, OTHER)
    assert await parts.rooms.covers.find(make_cover_id(PICTURE)) is None
    assert await parts.rooms.covers.find(details.room.cover) == OTHER
    details = await parts.rooms.set_cover(ada, room_id, None)
    assert details.room.cover == ""
    assert await parts.rooms.covers.find(make_cover_id(OTHER)) is None
    assert await parts.rooms.covers.find("../secret") is None


async def test_cover_when_another_room_has_the_same_then_it_stays_for_that_one(
    parts: Parts,
) -> None:
    ada = await parts.register("Ada")
    rooms = [await parts.create_room(ada, name) for name in ("Hall", "Attic")]
    for room_id in rooms:
        await parts.rooms.set_cover(ada, room_id, PICTURE)
    assert await parts.rooms.covers.find(make_cover_id(PICTURE)) == PICTURE
    await parts.rooms.set_cover(ada, rooms[0], None)
    assert await parts.rooms.covers.find(make_cover_id(PICTURE)) == PICTURE


async def test_cover_when_taken_away_while_it_is_read_then_not_kept(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada, "Hall")
    cover_id = (await parts.rooms.set_cover(ada, room_id, PICTURE)).room.cover
    covers = parts.rooms.covers
    read = covers._store.read

    async def read_slowly(work: Callable[[Session], bytes | None]) -> bytes | None:
        found = await read(work)
        await parts.rooms.set_cover(ada, room_id, None)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(covers, "_store", SimpleNamespace(read=read_slowly))
        assert await covers.find(cover_id) == PICTURE
    assert await covers.find(cover_id) is None


async def test_cover_when_it_is_in_memory_then_does_not_wait_for_another_that_is_read(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada, "Hall")
    covers = parts.rooms.covers
    cover_id = (await parts.rooms.set_cover(ada, room_id, PICTURE)).room.cover
    assert await covers.find(cover_id) == PICTURE
    is_reading, may_end = asyncio.Event(), asyncio.Event()

    async def read_slowly(_work: object) -> None:
        is_reading.set()
        await may_end.wait()

    monkeypatch.setattr(covers, "_store", SimpleNamespace(read=read_slowly))
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(covers.find(make_cover_id(OTHER)))
        await is_reading.wait()
        assert await covers.find(cover_id) == PICTURE
        may_end.set()


async def test_cover_when_its_room_is_erased_then_gone_from_memory_too(parts: Parts) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada, "Hall")
    cover_id = (await parts.rooms.set_cover(ada, room_id, PICTURE)).room.cover
    assert await parts.rooms.covers.find(cover_id) == PICTURE
    await parts.privacy.eraser.erase(ada.require_login().user.user_id)
    assert await parts.rooms.covers.find(cover_id) is None


async def test_cover_when_somebody_else_sets_it_or_it_is_no_jpeg_then_nothing_changes(
    parts: Parts,
) -> None:
    ada, bob = await parts.register("Ada"), await parts.register("Bob")
    room_id = await open_hall(parts, ada)
    for who, picture, code in (
        (bob, OTHER, ErrorCode.FORBIDDEN),
        (bob, None, ErrorCode.FORBIDDEN),
        (ada, b"<svg/>", ErrorCode.INVALID_VALUE),
        (ada, make_jpeg(4_000, 4_000), ErrorCode.INVALID_VALUE),
        (ada, PICTURE + b"more", ErrorCode.INVALID_VALUE),
    ):
        with pytest.raises(WireError) as caught:
            await parts.rooms.set_cover(who, room_id, picture)
        assert caught.value.code is code
    assert (await parts.rooms.get(bob, room_id)).room.cover == make_cover_id(PICTURE)


async def open_admin_and_room(parts: Parts) -> tuple[Socket, Socket, RoomId]:
    """An admin, and somebody with a room."""
    admin = await make_admin(parts)
    ada, _ = await make_user(parts, "Ada")
    return admin, ada, await open_room(parts, ada)


async def test_cover_when_an_admin_takes_it_away_then_in_the_book_told_to_the_room_and_for_good(
    parts: Parts,
) -> None:
    admin, ada, room_id = await open_admin_and_room(parts)
    await ada.ask(room_commands.JoinRoom, room_id=room_id)
    await ada.ask(cover_commands.SetCover, room_id=room_id, picture=PICTURE)
    ada.channel.events.clear()
    for _ in range(2):  # the second time there is nothing to take away
        answer = await admin.ask(cover_commands.SetCover, room_id=room_id)
        assert isinstance(answer, room_events.RoomDetails), answer
        assert answer.room.cover == ""
    assert await parts.rooms.covers.find(make_cover_id(PICTURE)) is None
    (act,) = await list_acts(admin)
    assert (act.action, act.role, act.room_id, act.can_undo) == (
        "remove_cover",
        "admin",
        room_id,
        False,
    )
    heard = [type(one) for one in ada.channel.events]
    assert heard.count(order_events.ActRecorded) == 1
    assert room_events.RoomChanged in heard


async def test_cover_when_an_admin_sets_one_then_in_the_book_and_when_its_owner_does_then_not(
    parts: Parts,
) -> None:
    admin, ada, room_id = await open_admin_and_room(parts)
    for who, picture in ((ada, PICTURE), (ada, None), (admin, OTHER), (ada, None)):
        answer = await who.ask(cover_commands.SetCover, room_id=room_id, picture=picture)
        assert isinstance(answer, room_events.RoomDetails), answer
    assert [act.action for act in await list_acts(admin)] == ["edit_room"]


async def test_room_when_an_admin_edits_it_then_in_the_book_as_it_was_called_and_told_to_the_room(
    parts: Parts,
) -> None:
    admin, ada, room_id = await open_admin_and_room(parts)
    await ada.ask(room_commands.JoinRoom, room_id=room_id)
    await ada.ask(room_commands.EditRoom, room_id=room_id, title="Blues")
    ada.channel.events.clear()
    for _ in range(2):  # the second time it is so already
        answer = await admin.ask(room_commands.EditRoom, room_id=room_id, title="Quiet")
        assert isinstance(answer, room_events.RoomDetails), answer
    (act,) = await list_acts(admin)
    assert (act.action, act.role, act.room_id) == ("edit_room", "admin", room_id)
    assert act.detail is not None
    assert act.detail.text == "Blues"
    assert [type(one) for one in ada.channel.events].count(order_events.ActRecorded) == 1


async def test_cover_when_the_room_is_private_then_only_who_is_inside_is_told_of_it(
    parts: Parts,
) -> None:
    ada, bob = await parts.register("Ada"), await parts.register("Bob")
    room_id = await open_hall(parts, ada)
    command = room_commands.EditRoom(
        id=1, room_id=room_id, privacy="passphrase", passphrase="open up"
    )
    await parts.rooms.edit(ada, command)
    assert (await parts.rooms.get(bob, room_id)).room.cover == ""
    assert (await parts.rooms.get(ada, room_id)).room.cover == make_cover_id(PICTURE)
