"""What recordings take of the disk, and of whom they are, as the admin's page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.recording.tables import Replay

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
