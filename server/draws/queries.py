"""What lucky draws ask the database. Each function runs within a transaction of the caller."""

from __future__ import annotations

from sqlmodel import Session, col, select

from server.draws.tables import Draw, DrawEntry
from wire.errors import ErrorCode, WireError
from wire.ids import UserId


def load_open(session: Session) -> list[Draw]:
    return list(session.exec(select(Draw).where(col(Draw.closed_at_unix_ms).is_(None))).all())


def has_entered(session: Session, draw_id: str, user_id: str) -> bool:
    return session.get(DrawEntry, (draw_id, user_id)) is not None


def enter(session: Session, draw_id: str, user_id: str) -> int:
    """Returns how many have entered; twice is no error. Raises WireError where it is closed."""
    draw = session.get(Draw, draw_id)
    if draw is None or draw.closed_at_unix_ms is not None:
        raise WireError(ErrorCode.WRONG_STATE, "this draw is over")
    if not has_entered(session, draw_id, user_id):
        draw.entries += 1
        session.add(DrawEntry(draw_id=draw_id, user_id=user_id, number=draw.entries))
    return draw.entries


def close(session: Session, draw_id: str, now_unix_ms: int) -> list[UserId] | None:
    """Returns all entries in their order; None where it is closed already."""
    draw = session.get(Draw, draw_id)
    if draw is None or draw.closed_at_unix_ms is not None:
        return None
    draw.closed_at_unix_ms = now_unix_ms
    return list_entries(session, draw_id, after=0, limit=None)


def list_entries(session: Session, draw_id: str, *, after: int, limit: int | None) -> list[UserId]:
    """From the number that follows `after`, in their order."""
    query = (
        select(DrawEntry.user_id)
        .where(DrawEntry.draw_id == draw_id, DrawEntry.number > after)
        .order_by(col(DrawEntry.number))
    )
    found = session.exec(query if limit is None else query.limit(limit)).all()
    return [UserId(user_id) for user_id in found]


def access_closed(session: Session, draw_id: str, room_id: str) -> Draw:
    """Raises WireError where the room has no such draw, or it is open still."""
    draw = session.get(Draw, draw_id)
    if draw is None or draw.room_id != room_id:
        raise WireError(ErrorCode.NOT_FOUND, "there is no such draw", field="draw_id")
    if draw.closed_at_unix_ms is None:
        raise WireError(ErrorCode.WRONG_STATE, "this draw is still open")
    return draw
