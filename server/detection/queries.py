"""SQL on the tables of detection: functions of a session, without decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from server.detection.tables import IdentityMark, Raid, Trust

if TYPE_CHECKING:
    from collections.abc import Collection

OTHERS_MAX: Final = 200
"""Accounts with a mark of one's own that are looked at."""


def open_raids(session: Session) -> list[Raid]:
    return list(
        session.exec(select(Raid).where(col(Raid.state).in_(["on", "kept", "undoing"]))).all()
    )


def newest_raid_id(session: Session) -> str | None:
    return session.exec(select(func.max(Raid.id))).one()


def put_marks(session: Session, user_id: str, marks: Collection[str], now_unix_ms: int) -> None:
    for mark in marks:
        row = session.get(IdentityMark, (user_id, mark))
        if row is None:
            row = IdentityMark(user_id=user_id, mark=mark, seen_at_unix_ms=now_unix_ms)
        row.seen_at_unix_ms = now_unix_ms
        session.add(row)


def marks_of(session: Session, user_id: str) -> list[str]:
    query = select(IdentityMark.mark).where(IdentityMark.user_id == user_id)
    return list(session.exec(query).all())


def sharing(session: Session, user_id: str, marks: Collection[str]) -> list[tuple[str, str]]:
    """Other users with these marks, the latest first: (user id, mark)."""
    query = (
        select(IdentityMark.user_id, IdentityMark.mark)
        .where(col(IdentityMark.mark).in_(marks), IdentityMark.user_id != user_id)
        .order_by(col(IdentityMark.seen_at_unix_ms).desc())
        .limit(OTHERS_MAX)
    )
    return list(session.exec(query).all())


def is_trusted(session: Session, user_id: str, room_id: str) -> bool:
    return session.get(Trust, (user_id, room_id)) is not None


def delete_marks_before(session: Session, prefix: str, unix_ms: int, limit: int) -> int:
    """Returns how many."""
    old = session.exec(
        select(IdentityMark.user_id, IdentityMark.mark)
        .where(
            col(IdentityMark.mark).startswith(prefix, autoescape=True),
            col(IdentityMark.seen_at_unix_ms) < unix_ms,
        )
        .limit(limit)
    ).all()
    for user_id, mark in old:
        session.execute(
            delete(IdentityMark).where(
                col(IdentityMark.user_id) == user_id, col(IdentityMark.mark) == mark
            )
        )
    return len(old)
