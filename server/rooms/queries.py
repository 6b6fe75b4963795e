"""SQL on the tables of rooms: functions of a session, without decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import ColumnElement, and_, delete, false, func, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from server.rooms.cards import RoomCard
from server.rooms.tables import Invite, PublishKey, Room, RoomCover, RoomModerator
from server.text import fold, skeleton
from wire.errors import ErrorCode, WireError
from wire.ids import RoomId, UserId

if TYPE_CHECKING:
    from wire.command_base import Privacy
    from wire.order_events import DoerRole


@dataclass(frozen=True, kw_only=True)
class RoomFilter:
    """Which rooms a list shows."""

    viewer_id: UserId | None
    sees_private: bool
    """Admins see all rooms."""
    own_only: bool = False
    search: str = ""
    """Folded."""
    category: str = ""


@dataclass(frozen=True, kw_only=True)
class KeptFilter:
    """Which rooms an admin's list shows."""

    kind: str
    live_ids: Collection[str]
    planned_since_unix_ms: int
    search: str = ""
    """Folded."""


def load_card(session: Session, room_id: str) -> RoomCard | None:
    row = session.get(Room, room_id)
    return _card(session, row) if row is not None else None


def find_card_by_name(session: Session, name: str) -> RoomCard | None:
    row = session.exec(select(Room).where(Room.name_folded == fold(name))).first()
    return _card(session, row) if row is not None else None


def insert_room(session: Session, row: Room) -> RoomCard:
    """Raises WireError(NAME_TAKEN)."""
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise WireError(ErrorCode.NAME_TAKEN, "this room name is taken", field="name") from None
    return _card(session, row)


def new_room(
    room_id: str, name: str, owner_id: str, privacy: Privacy, created_at_unix_ms: int
) -> Room:
    return Room(
        id=room_id,
        name=name,
        name_folded=fold(name),
        name_skeleton=skeleton(name),
        owner_id=owner_id,
        privacy=privacy,
        search_text=fold(name),
        created_at_unix_ms=created_at_unix_ms,
    )


def is_other(session: Session, room_id: str, values: Mapping[str, str | int | None]) -> bool:
    """Whether the room is not so already."""
    row = session.get(Room, room_id)
    return row is not None and any(getattr(row, name) != new for name, new in values.items())


def update_room(
    session: Session, room_id: str, values: Mapping[str, str | int | None]
) -> RoomCard | None:
    row = session.get(Room, room_id)
    if row is None:
        return None
    for name, value in values.items():
        setattr(row, name, value)
    row.search_text = fold(f"{row.name} {row.title}")
    session.flush()
    return _card(session, row)


def set_cover(
    session: Session, room_id: str, cover_id: str, picture: bytes | None, now_unix_ms: int
) -> RoomCard | None:
    """No picture takes it away."""
    row = session.get(Room, room_id)
    if row is None:
        return None
    session.execute(delete(RoomCover).where(col(RoomCover.room_id) == room_id))
    if picture:
        session.add(
            RoomCover(
                room_id=room_id, cover_id=cover_id, picture=picture, set_at_unix_ms=now_unix_ms
            )
        )
    row.cover = cover_id
    session.flush()
    return _card(session, row)


def find_cover(session: Session, cover_id: str) -> bytes | None:
    """Of any room that has it."""
    query = select(RoomCover.picture).where(RoomCover.cover_id == cover_id).limit(1)
    return session.exec(query).first()


def count_rooms_of(session: Session, owner_id: str) -> int:
    query = select(func.count()).select_from(Room).where(Room.owner_id == owner_id)
    return session.exec(query).one()


def list_ids_owned(session: Session, owner_id: UserId) -> tuple[RoomId, ...]:
    found = session.exec(select(Room.id).where(Room.owner_id == owner_id))
    return tuple(RoomId(room_id) for room_id in found)


def list_owned(session: Session, owner_id: str) -> list[RoomCard]:
    query = select(Room).where(Room.owner_id == owner_id).order_by(col(Room.created_at_unix_ms))
    return _cards(session, session.exec(query).all())


def list_live(
    session: Session, live_ids: Collection[RoomId], room_filter: RoomFilter
) -> list[RoomCard]:
    """Those of the rooms that the list may show, in no order."""
    if not live_ids:
        return []
    query = select(Room).where(col(Room.id).in_(live_ids), _matches(room_filter))
    return _cards(session, session.exec(query).all())


def list_categories(session: Session, limit: int) -> list[str]:
    """Of public rooms that are open, those of the most rooms first."""
    query = (
        select(Room.category)
        .where(Room.privacy == "public", col(Room.closed_reason).is_(None), Room.category != "")
        .group_by(Room.category)
        .order_by(func.count().desc(), col(Room.category))
        .limit(limit)
    )
    return list(session.exec(query))


def list_resting(
    session: Session,
    live_ids: Collection[RoomId],
    room_filter: RoomFilter,
    *,
    after: tuple[int, str] | None,
    limit: int,
) -> list[tuple[RoomCard, int]]:
    """Rooms where nothing is live, the newest first, each with its creation time."""
    query = select(Room).where(_matches(room_filter))
    if live_ids:
        query = query.where(col(Room.id).not_in(live_ids))
    if after is not None:
        created_at, room_id = after
        query = query.where(
            or_(
                col(Room.created_at_unix_ms) < created_at,
                and_(col(Room.created_at_unix_ms) == created_at, col(Room.id) > room_id),
            )
        )
    query = query.order_by(col(Room.created_at_unix_ms).desc(), col(Room.id)).limit(limit)
    rows = session.exec(query).all()
    cards = _cards(session, rows)
    return [(card, row.created_at_unix_ms) for card, row in zip(cards, rows, strict=True)]


# --- for admins -------------------------------------------------------------------------------


def count_rooms(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Room)).one()


def count_by_owner(session: Session, owner_ids: Collection[str]) -> dict[str, int]:
    query = (
        select(Room.owner_id, func.count())
        .where(col(Room.owner_id).in_(owner_ids))
        .group_by(col(Room.owner_id))
    )
    return dict(session.exec(query).all())


def list_kept(
    session: Session, wanted: KeptFilter, *, offset: int, limit: int
) -> tuple[list[tuple[RoomCard, int]], int]:
    """Live rooms first, then featured ones, then the newest; and how many there are in all."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.search:
        conditions.append(col(Room.search_text).contains(wanted.search, autoescape=True))
    is_live = col(Room.id).in_(wanted.live_ids)
    match wanted.kind:
        case "live":
            conditions.append(is_live)
        case "private":
            conditions.append(col(Room.privacy) != "public")
        case "featured":
            conditions.append(col(Room.is_featured).is_(True))
        case "planned":
            conditions.append(col(Room.starts_at_unix_ms) >= wanted.planned_since_unix_ms)
        case _:
            pass
    total = session.exec(select(func.count()).select_from(Room).where(*conditions)).one()
    query = (
        select(Room)
        .where(*conditions)
        .order_by(
            is_live.desc(),
            col(Room.is_featured).desc(),
            col(Room.created_at_unix_ms).desc(),
            col(Room.id),
        )
        .offset(offset)
        .limit(limit)
    )
    rows = session.exec(query).all()
    cards = _cards(session, rows)
    kept = [(card, row.created_at_unix_ms) for card, row in zip(cards, rows, strict=True)]
    return kept, total


# --- moderators, invites, publish keys --------------------------------------------------------


def set_moderator(
    session: Session, room_id: str, user_id: str, *, granted: bool
) -> RoomCard | None:
    row = session.get(RoomModerator, (room_id, user_id))
    if granted and row is None:
        session.add(RoomModerator(room_id=room_id, user_id=user_id))
    if not granted and row is not None:
        session.delete(row)
    session.flush()
    return load_card(session, room_id)


def count_invites(session: Session, room_id: str) -> int:
    query = select(func.count()).select_from(Invite).where(Invite.room_id == room_id)
    return session.exec(query).one()


def insert_invite(
    session: Session, invite_id: str, room_id: str, token_hash: str, label: str, now_unix_ms: int
) -> None:
    session.add(
        Invite(
            id=invite_id,
            room_id=room_id,
            token_hash=token_hash,
            label=label,
            created_at_unix_ms=now_unix_ms,
        )
    )


def has_invite(session: Session, room_id: str, token_hash: str) -> bool:
    query = select(Invite.id).where(Invite.room_id == room_id, Invite.token_hash == token_hash)
    return session.exec(query).first() is not None


def delete_invite(session: Session, room_id: str, invite_id: str) -> None:
    session.execute(
        delete(Invite).where(col(Invite.room_id) == room_id, col(Invite.id) == invite_id)
    )


def list_publish_keys(session: Session, room_id: str) -> list[PublishKey]:
    query = (
        select(PublishKey)
        .where(PublishKey.room_id == room_id)
        .order_by(col(PublishKey.created_at_unix_ms), col(PublishKey.id))
    )
    return list(session.exec(query).all())


def find_publish_key(session: Session, key_hash: str) -> PublishKey | None:
    return session.exec(select(PublishKey).where(PublishKey.key_hash == key_hash)).first()


def delete_publish_key(session: Session, room_id: str, key_id: str) -> bool:
    row = session.get(PublishKey, key_id)
    if row is None or row.room_id != room_id:
        return False
    session.delete(row)
    return True


def touch_publish_key(session: Session, key_id: str, now_unix_ms: int) -> bool:
    """Note that a key is used. False when there is no such key any more."""
    row = session.get(PublishKey, key_id)
    if row is None:
        return False
    row.last_used_at_unix_ms = now_unix_ms
    return True


# --- within -----------------------------------------------------------------------------------


def _matches(room_filter: RoomFilter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if not room_filter.sees_private:
        own = (
            col(Room.owner_id) == room_filter.viewer_id
            if room_filter.viewer_id is not None
            else false()
        )
        conditions.append(or_(col(Room.privacy) == "public", own))
    if room_filter.own_only:
        conditions.append(
            col(Room.owner_id) == room_filter.viewer_id if room_filter.viewer_id else false()
        )
    if room_filter.search:
        conditions.append(col(Room.search_text).contains(room_filter.search, autoescape=True))
    if room_filter.category:
        conditions.append(col(Room.category) == room_filter.category)
    return and_(*conditions) if conditions else col(Room.id).is_not(None)


def _card(session: Session, row: Room) -> RoomCard:
    return _cards(session, [row])[0]


def _cards(session: Session, rows: Collection[Room]) -> list[RoomCard]:
    moderators: dict[str, set[UserId]] = {row.id: set() for row in rows}
    if moderators:
        query = select(RoomModerator).where(col(RoomModerator.room_id).in_(moderators))
        for moderator in session.exec(query).all():
            moderators[moderator.room_id].add(UserId(moderator.user_id))
    return [
        RoomCard(
            room_id=RoomId(row.id),
            name=row.name,
            owner_id=UserId(row.owner_id),
            title=row.title,
            category=row.category,
            description=row.description,
            cover=row.cover,
            privacy=cast("Privacy", row.privacy),
            passphrase_hash=row.passphrase_hash,
            moderator_ids=frozenset(moderators[row.id]),
            is_featured=row.is_featured,
            starts_at_unix_ms=row.starts_at_unix_ms,
            starts_title=row.starts_title,
            away_s=row.away_s,
            closed_reason=row.closed_reason,
            closed_role=cast("DoerRole", row.closed_role or "viewer"),
        )
        for row in rows
    ]
