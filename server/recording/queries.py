"""The statements of recordings, each within a session of the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, func, insert, update
from sqlmodel import Session, col, select

from server.recording.entries import Marked, NewEntry
from server.recording.rules import (
    Density,
    Known,
    RoomTotal,
    count_density,
    density_step_ms,
    make_chapters,
)
from server.recording.tables import Replay, ReplayEntry, RoomRecording
from wire import chat_events, coin_events, event_base, events

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement
    from sqlmodel.sql.expression import SelectOfScalar

    from wire.ids import RoomId

TITLE: str = "Title"
DANMAKU: str = event_base.DanmakuPosted.__name__
PINNED: str = chat_events.MessagePinned.__name__
LIKES: str = chat_events.LikesCounted.__name__
GIFT: str = coin_events.GiftSent.__name__
AT_ONCE_MAX: int = 500
"""Ids in one statement."""

_pinned = msgspec.json.Decoder(chat_events.MessagePinned)
_liked = msgspec.json.Decoder(chat_events.LikesCounted)
_gift = msgspec.json.Decoder(coin_events.GiftSent)


# --- recordings ---------------------------------------------------------------------------------


def find(session: Session, replay_id: str) -> Replay | None:
    return session.get(Replay, replay_id)


def find_of_broadcast(session: Session, broadcast_id: str) -> Replay | None:
    """The newest."""
    return session.exec(
        select(Replay)
        .where(Replay.broadcast_id == broadcast_id)
        .order_by(col(Replay.id).desc())
        .limit(1)
    ).first()


def list_replays(
    session: Session,
    *,
    room_ids: Collection[str] | None,
    own_ids: Collection[str],
    search: str,
    before: str,
    is_public_only: bool,
    limit: int,
) -> list[Replay]:
    """Newest first. `room_ids` None: of all rooms. Of `own_ids` also what is not public."""
    conditions: list[ColumnElement[bool]] = []
    if room_ids is not None:
        conditions.append(col(Replay.room_id).in_(room_ids))
    if search:
        conditions.append(col(Replay.search).contains(search, autoescape=True))
    if before:
        conditions.append(col(Replay.id) < before)
    if is_public_only:
        is_public = (col(Replay.visibility) == "public") & (col(Replay.state) == "ready")
        conditions.append(is_public | col(Replay.room_id).in_(own_ids))
    return list(
        session.exec(
            select(Replay).where(*conditions).order_by(col(Replay.id).desc()).limit(limit)
        ).all()
    )


def list_offered(
    session: Session, *, of_room: int, length_ms_min: int, limit: int
) -> list[tuple[str, str, int]]:
    """Id, room and start of the newest public ones of each room; newest first."""
    number = (
        func.row_number()
        .over(partition_by=col(Replay.room_id), order_by=col(Replay.id).desc())
        .label("number")
    )
    numbered = (
        select(Replay.id, Replay.room_id, Replay.started_at_unix_ms, number)
        .where(
            Replay.visibility == "public",
            Replay.state == "ready",
            col(Replay.duration_ms) >= length_ms_min,
        )
        .subquery()
    )
    rows = session.execute(
        select(numbered.c.id, numbered.c.room_id, numbered.c.started_at_unix_ms)
        .where(numbered.c.number <= of_room)
        .order_by(numbered.c.id.desc())
        .limit(limit)
    )
    return [(replay_id, room_id, started_at) for replay_id, room_id, started_at in rows]


def list_growing(session: Session) -> list[Replay]:
    """Those that nobody has ended: at the start all of them were cut short."""
    return list(session.exec(select(Replay).where(Replay.state == "recording")).all())


def list_known(session: Session) -> list[Known]:
    """Oldest first."""
    rows = session.exec(
        select(Replay.id, Replay.size_bytes, Replay.is_kept, Replay.state).order_by(col(Replay.id))
    ).all()
    return [Known(key, size, kept, state == "recording") for key, size, kept, state in rows]


def list_largest(session: Session, limit: int) -> list[RoomTotal]:
    """Rooms by what their recordings take, the largest first."""
    size = func.sum(Replay.size_bytes)
    rows = session.exec(
        select(Replay.room_id, func.max(Replay.room_name), func.count(), size)
        .group_by(col(Replay.room_id))
        .order_by(size.desc(), col(Replay.room_id))
        .limit(limit)
    ).all()
    return [RoomTotal(room_id, name, count, int(total)) for room_id, name, count, total in rows]


def list_ids_of_rooms(session: Session, room_ids: Collection[str]) -> list[str]:
    return list(session.exec(select(Replay.id).where(col(Replay.room_id).in_(room_ids))).all())


def begin(session: Session, row: Replay) -> None:
    """A new one, or one that goes on."""
    known = session.get(Replay, row.id)
    if known is not None:
        known.state = "recording"
    else:
        session.add(row)


def grow(session: Session, sizes: Iterable[tuple[str, int, int]]) -> None:
    """Id, size and length, while they grow."""
    for replay_id, size_bytes, duration_ms in sizes:
        row = session.get(Replay, replay_id)
        if row is not None:
            row.size_bytes, row.duration_ms = size_bytes, duration_ms
            row.state = "recording"


def finish(session: Session, replay_id: str, size_bytes: int, duration_ms: int) -> Replay | None:
    """It has ended: count what was said. One of which nothing plays is gone, unless it is known."""
    row = session.get(Replay, replay_id)
    if row is None:
        return None
    row.size_bytes, row.duration_ms = size_bytes, duration_ms
    row.state = "ready" if size_bytes else "broken"
    density = read_density(session, replay_id, duration_ms)
    row.density = msgspec.json.encode(density.counts).decode()
    row.density_step_ms = density.step_ms
    row.danmaku = count_danmaku(session, replay_id)
    hand = [one for one in msgspec.json.decode(row.chapters) if one.get("source", "hand") == "hand"]
    if not hand:
        chapters = make_chapters(
            density, _read_pins(session, replay_id), _read_titles(session, replay_id)
        )
        row.chapters = msgspec.json.encode(chapters).decode()
    return row


def delete_replay(session: Session, replay_id: str) -> None:
    session.execute(delete(ReplayEntry).where(col(ReplayEntry.replay_id) == replay_id))
    session.execute(delete(Replay).where(col(Replay.id) == replay_id))


# --- the timeline -------------------------------------------------------------------------------


def write_timeline(session: Session, batch: Iterable[NewEntry | Marked]) -> None:
    """In their order. What belongs to a recording that is gone is left out."""
    rows: list[dict[str, object]] = []
    known: dict[str, bool] = {}

    def write() -> None:
        if rows:
            session.execute(insert(ReplayEntry), rows)
            rows.clear()

    for one in batch:
        if isinstance(one, Marked):
            write()
            _mark(session, one.message_ids, is_deleted=one.is_deleted)
            continue
        if one.replay_id not in known:
            known[one.replay_id] = session.get(Replay, one.replay_id) is not None
        if known[one.replay_id]:
            rows.append({**one._asdict(), "is_deleted": False})
    write()


def add_missing(
    session: Session, row: Replay, messages: Iterable[event_base.DanmakuPosted]
) -> None:
    """Messages that were stored, but not in the timeline: a kill came, or nothing was recorded."""
    known, number = known_messages(session, row.id), next_number(session, row.id)
    for message in messages:
        at_us = message.media_time_us
        if message.message_id in known or at_us is None or at_us < row.base_pts_us:
            continue
        session.add(
            ReplayEntry(
                replay_id=row.id,
                number=number,
                at_ms=(at_us - row.base_pts_us) // 1_000,
                kind=DANMAKU,
                user_id=message.user_id,
                message_id=message.message_id,
                body=events.pack(message).decode(),
            )
        )
        number += 1


def next_number(session: Session, replay_id: str) -> int:
    last = session.exec(
        select(func.coalesce(func.max(ReplayEntry.number), -1)).where(
            ReplayEntry.replay_id == replay_id
        )
    ).one()
    return int(last) + 1


def read_timeline(
    session: Session, replay_id: str, *, from_ms: int, after: tuple[int, int] | None, limit: int
) -> list[tuple[int, int, str]]:
    """Time, number and JSON, in order; `after` are time and number of the last one known."""
    conditions = [
        col(ReplayEntry.replay_id) == replay_id,
        col(ReplayEntry.is_deleted).is_(False),
        col(ReplayEntry.kind) != TITLE,
    ]
    if after is None:
        conditions.append(col(ReplayEntry.at_ms) >= from_ms)
    else:
        at_ms, number = after
        conditions.append(
            (col(ReplayEntry.at_ms) > at_ms)
            | ((col(ReplayEntry.at_ms) == at_ms) & (col(ReplayEntry.number) > number))
        )
    rows = session.exec(
        select(ReplayEntry.at_ms, ReplayEntry.number, ReplayEntry.body)
        .where(*conditions)
        .order_by(col(ReplayEntry.at_ms), col(ReplayEntry.number))
        .limit(limit)
    ).all()
    return [(at_ms, number, body) for at_ms, number, body in rows]


def read_totals(session: Session, replay_id: str, before_ms: int) -> tuple[int, int]:
    """Hearts, and coins of gifts, that there were before a moment."""

    def bodies(kind: str) -> SelectOfScalar[str]:
        return select(ReplayEntry.body).where(
            ReplayEntry.replay_id == replay_id,
            ReplayEntry.kind == kind,
            ReplayEntry.at_ms < before_ms,
            col(ReplayEntry.is_deleted).is_(False),
        )

    newest = (col(ReplayEntry.at_ms).desc(), col(ReplayEntry.number).desc())
    likes = session.exec(bodies(LIKES).order_by(*newest).limit(1)).first()
    return (
        0 if likes is None else _liked.decode(likes).total,
        sum(_gift.decode(body).coins for body in session.exec(bodies(GIFT))),
    )


def known_messages(session: Session, replay_id: str) -> set[str]:
    rows = session.exec(
        select(ReplayEntry.message_id).where(
            ReplayEntry.replay_id == replay_id, ReplayEntry.kind == DANMAKU
        )
    ).all()
    return {one for one in rows if one is not None}


def count_danmaku(session: Session, replay_id: str) -> int:
    return session.exec(
        select(func.count())
        .select_from(ReplayEntry)
        .where(
            ReplayEntry.replay_id == replay_id,
            ReplayEntry.kind == DANMAKU,
            col(ReplayEntry.is_deleted).is_(False),
        )
    ).one()


def read_density(session: Session, replay_id: str, duration_ms: int) -> Density:
    step_ms = density_step_ms(duration_ms)
    step = (col(ReplayEntry.at_ms) - col(ReplayEntry.at_ms) % step_ms).label("step")
    rows = session.exec(
        select(step, func.count())
        .where(
            ReplayEntry.replay_id == replay_id,
            ReplayEntry.kind == DANMAKU,
            col(ReplayEntry.is_deleted).is_(False),
        )
        .group_by(step)
    ).all()
    return count_density(
        ((int(start) // step_ms, count) for start, count in rows), duration_ms, step_ms
    )


def _mark(session: Session, message_ids: tuple[str, ...], *, is_deleted: bool) -> None:
    for first in range(0, len(message_ids), AT_ONCE_MAX):
        session.execute(
            update(ReplayEntry)
            .where(col(ReplayEntry.message_id).in_(message_ids[first : first + AT_ONCE_MAX]))
            .values(is_deleted=is_deleted)
        )


def _read_pins(session: Session, replay_id: str) -> list[tuple[int, str]]:
    found = []
    for at_ms, body in _read_kind(session, replay_id, PINNED):
        message = _pinned.decode(body).message
        if message is not None:
            found.append((at_ms, message.text))
    return found


def _read_titles(session: Session, replay_id: str) -> list[tuple[int, str]]:
    return _read_kind(session, replay_id, TITLE)


def _read_kind(session: Session, replay_id: str, kind: str) -> list[tuple[int, str]]:
    rows = session.exec(
        select(ReplayEntry.at_ms, ReplayEntry.body)
        .where(
            ReplayEntry.replay_id == replay_id,
            ReplayEntry.kind == kind,
            col(ReplayEntry.is_deleted).is_(False),
        )
        .order_by(col(ReplayEntry.at_ms))
        .limit(AT_ONCE_MAX)
    ).all()
    return [(at_ms, body) for at_ms, body in rows]


# --- what rooms have chosen ---------------------------------------------------------------------


def rooms_without(session: Session) -> set[str]:
    """Rooms that want no recording."""
    return set(
        session.exec(select(RoomRecording.room_id).where(col(RoomRecording.is_on).is_(False))).all()
    )


def choose(session: Session, room_id: RoomId, *, is_on: bool) -> None:
    row = session.get(RoomRecording, room_id) or RoomRecording(room_id=room_id, is_on=is_on)
    row.is_on = is_on
    session.add(row)
