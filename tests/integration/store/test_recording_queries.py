"""What is asked of all recordings, or of a timeline as a whole, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.recording import queries
from server.recording.tables import Replay, ReplayEntry
from wire import chat_events, coin_events, event_base, events
from wire.ids import GiftId, TransferId, UserId

if TYPE_CHECKING:
    from sqlmodel import Session

    from tests.server_parts import Parts
    from wire.ids import RoomId


def make_row(replay_id: str, room_id: RoomId, size: int, *, is_kept: bool = False) -> Replay:
    return Replay(
        id=replay_id,
        room_id=room_id,
        broadcast_id=replay_id,
        room_name="as it was then",
        title="",
        search="",
        started_at_unix_ms=1,
        base_pts_us=0,
        size_bytes=size,
        is_kept=is_kept,
        state="ready",
    )


async def test_recordings_when_looked_at_then_the_rooms_with_most_come_first(parts: Parts) -> None:
    owner = await parts.register("Ada")
    small = await parts.create_room(owner, "Kitchen")
    large = await parts.create_room(owner, "Stage")
    empty = await parts.all.archive.recording.look()
    assert (empty.recordings, empty.rooms) == (0, ())

    def work(session: Session) -> None:
        session.add(make_row("a", small, 3 * 10**9))
        session.add(make_row("b", large, 2 * 10**9, is_kept=True))
        session.add(make_row("c", large, 2 * 10**9))

    await parts.store.write(work)
    share = await parts.all.archive.recording.look()
    assert (share.recordings, share.bytes, share.kept_bytes) == (3, 7 * 10**9, 2 * 10**9)
    assert [(one.name, one.recordings, one.bytes) for one in share.rooms] == [
        ("Stage", 2, 4 * 10**9),
        ("Kitchen", 1, 3 * 10**9),
    ]


async def test_totals_when_a_moment_is_asked_for_then_what_was_before_it(parts: Parts) -> None:
    owner = await parts.register("Ada")
    room_id = await parts.create_room(owner)
    likes = [(1_000, 4), (2_000, 9), (3_000, 20)]
    gifts = [(1_500, 10), (2_500, 5)]

    def work(session: Session) -> None:
        session.add(make_row("a", room_id, 1))
        session.flush()
        lines: list[tuple[int, event_base.Event]] = [
            *((at, chat_events.LikesCounted(room_id=room_id, total=total)) for at, total in likes),
            *((at, make_gift(room_id, coins)) for at, coins in gifts),
        ]
        for number, (at_ms, event) in enumerate(lines):
            session.add(
                ReplayEntry(
                    replay_id="a",
                    number=number,
                    at_ms=at_ms,
                    kind=type(event).__name__,
                    body=events.pack(event).decode(),
                )
            )

    await parts.store.write(work)

    async def totals(before_ms: int) -> tuple[int, int]:
        return await parts.store.read(lambda session: queries.read_totals(session, "a", before_ms))

    assert await totals(0) == (0, 0)
    assert await totals(2_000) == (4, 10)
    assert await totals(9_000) == (20, 15)


def make_gift(room_id: RoomId, coins: int) -> coin_events.GiftSent:
    return coin_events.GiftSent(
        room_id=room_id,
        transfer_id=TransferId(f"t{coins}"),
        user_id=UserId("u1"),
        name="Bob",
        gift_id=GiftId("candy"),
        count=1,
        combo=1,
        coins=coins,
        sent_at_unix_ms=1,
    )
