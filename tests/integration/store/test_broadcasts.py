from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from server.broadcasts.service import BroadcastStart
from server.broadcasts.tables import Broadcast
from tests.server_parts import START_UNIX_US, Parts

if TYPE_CHECKING:
    from server.store.store import Store
    from wire.ids import BroadcastId, RoomId, UserId


async def make_room(parts: Parts) -> tuple[RoomId, UserId]:
    ada = await parts.register("Ada")
    return await parts.create_room(ada), ada.require_login().user.user_id


async def begin(
    parts: Parts, room: tuple[RoomId, UserId], resume: BroadcastId | None = None
) -> BroadcastStart:
    return await parts.broadcasts.begin(room[0], user_id=room[1], resume=resume)


async def read_rows(parts: Parts) -> list[Broadcast]:
    def work(session: Session) -> list[Broadcast]:
        query = select(Broadcast).order_by(Broadcast.started_at_unix_us)
        return list(session.exec(query).all())

    return await parts.store.read(work)


async def test_begin_when_nothing_is_open_then_a_new_row(parts: Parts) -> None:
    room = await make_room(parts)
    begun = await begin(parts, room)
    assert not begun.resumed
    assert begun.started_at_unix_us == START_UNIX_US
    assert list(parts.broadcasts.open_room_ids()) == [room[0]]


async def test_begin_when_seen_lately_then_resumed_without_being_named(parts: Parts) -> None:
    room = await make_room(parts)
    first = await begin(parts, room)
    await parts.broadcasts.checkpoint(
        first.broadcast_id, viewers_peak=3, bytes_received=100, last_pts_us=7_000_000
    )
    parts.time.pass_s(300)
    again = await begin(parts, room)
    assert again == BroadcastStart(first.broadcast_id, START_UNIX_US, True, 7_000_000)


async def test_begin_when_the_last_is_stale_then_it_is_ended_and_a_new_one_made(
    parts: Parts,
) -> None:
    room = await make_room(parts)
    first = await begin(parts, room)
    parts.time.pass_s(301)
    second = await begin(parts, room)
    assert second.broadcast_id != first.broadcast_id
    assert not second.resumed
    old, _new = await read_rows(parts)
    assert (old.end_reason, old.ended_at_unix_us) == ("away_too_long", START_UNIX_US)


async def test_begin_when_a_stale_one_is_named_then_resumed(parts: Parts) -> None:
    room = await make_room(parts)
    first = await begin(parts, room)
    parts.time.pass_s(3_000)
    again = await begin(parts, room, first.broadcast_id)
    assert again.resumed
    assert again.broadcast_id == first.broadcast_id


async def test_begin_when_the_named_one_has_ended_then_a_new_one(parts: Parts) -> None:
    room = await make_room(parts)
    first = await begin(parts, room)
    await parts.broadcasts.end(
        first.broadcast_id, reason="ended", viewers_peak=1, bytes_received=2, last_pts_us=3
    )
    assert list(parts.broadcasts.open_room_ids()) == []
    again = await begin(parts, room, first.broadcast_id)
    assert not again.resumed


async def test_begin_when_another_rooms_broadcast_is_named_then_a_new_one(parts: Parts) -> None:
    room = await make_room(parts)
    bob = await parts.register("Bob")
    other = (await parts.create_room(bob, "Other"), bob.require_login().user.user_id)
    first = await begin(parts, room)
    assert not (await begin(parts, other, first.broadcast_id)).resumed


async def test_end_when_repeated_then_the_first_end_stands(parts: Parts) -> None:
    room = await make_room(parts)
    first = await begin(parts, room)
    parts.time.pass_s(10)
    await parts.broadcasts.end(
        first.broadcast_id, reason="ended", viewers_peak=5, bytes_received=900, last_pts_us=8
    )
    parts.time.pass_s(10)
    await parts.broadcasts.end(
        first.broadcast_id, reason="replaced", viewers_peak=9, bytes_received=1, last_pts_us=1
    )
    (row,) = await read_rows(parts)
    assert (row.end_reason, row.viewers_peak, row.bytes_received) == ("ended", 5, 900)
    assert row.ended_at_unix_us == START_UNIX_US + 10_000_000


async def test_begin_when_the_relay_was_killed_then_what_it_counted_is_kept(
    open_store: Callable[[], Store],
) -> None:
    before = Parts(open_store())
    room = await make_room(before)
    first = await begin(before, room)
    await before.broadcasts.checkpoint(
        first.broadcast_id, viewers_peak=7, bytes_received=1_000, last_pts_us=5
    )
    after = Parts(open_store())
    assert await after.broadcasts.end_abandoned(300) == 0
    again = await begin(after, room, first.broadcast_id)
    assert again.resumed
    await after.broadcasts.end(
        again.broadcast_id, reason="ended", viewers_peak=2, bytes_received=50, last_pts_us=9
    )
    (row,) = await read_rows(after)
    assert (row.viewers_peak, row.bytes_received, row.last_pts_us) == (7, 1_050, 9)
    await before.close()
    await after.close()


async def test_end_abandoned_when_not_seen_for_long_then_ended(parts: Parts) -> None:
    room = await make_room(parts)
    await begin(parts, room)
    parts.time.pass_s(301)
    assert await parts.broadcasts.end_abandoned(300) == 1
    assert await parts.broadcasts.end_abandoned(300) == 0
