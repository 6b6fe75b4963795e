"""SQL on the table of sanctions: functions of a session, without decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session, col, func, or_, select

from server.sanctions.tables import Sanction

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement

    from wire.ids import RoomId, UserId
    from wire.order_commands import SanctionKind


def list_standing(session: Session, now_unix_ms: int) -> list[Sanction]:
    """All that stand now."""
    return list(session.exec(select(Sanction).where(*_stands(now_unix_ms))).all())


def list_some(
    session: Session,
    *,
    now_unix_ms: int,
    user_id: UserId | None,
    scopes: Collection[RoomId | None] | None,
    cursor: str,
    limit: int,
    is_of_rooms: bool = False,
) -> list[Sanction]:
    """Those that stand, newest first; `scopes` None: in all rooms and the house."""
    query = select(Sanction).where(*_stands(now_unix_ms))
    if is_of_rooms:
        query = query.where(col(Sanction.room_id).is_not(None))
    if scopes is not None:
        rooms = [scope for scope in scopes if scope is not None]
        wanted = [col(Sanction.room_id).in_(rooms)] if rooms else []
        if None in scopes:
            wanted.append(col(Sanction.room_id).is_(None))
        query = query.where(or_(*wanted))
    if user_id is not None:
        query = query.where(Sanction.user_id == user_id)
    if cursor:
        query = query.where(Sanction.id < cursor)
    return list(session.exec(query.order_by(col(Sanction.id).desc()).limit(limit)).all())


def list_of_place(
    session: Session,
    user_id: UserId,
    room_id: RoomId | None,
    kind: SanctionKind,
    *,
    now_unix_ms: int,
) -> list[Sanction]:
    """What stands of one kind against a user in a place: at most one."""
    scope = col(Sanction.room_id)
    query = select(Sanction).where(
        Sanction.user_id == user_id,
        Sanction.kind == kind,
        scope.is_(None) if room_id is None else scope == room_id,
        *_stands(now_unix_ms),
    )
    return list(session.exec(query).all())


def newest_id(session: Session) -> str | None:
    return session.exec(select(func.max(Sanction.id))).one()


def _stands(now_unix_ms: int) -> tuple[ColumnElement[bool], ...]:
    until = col(Sanction.until_unix_ms)
    return (
        col(Sanction.lifted_at_unix_ms).is_(None),
        or_(until.is_(None), until > now_unix_ms),
    )
