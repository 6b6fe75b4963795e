"""What feedback asks the database. Each function runs within a transaction of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, true, update
from sqlmodel import Session, col, select

from server.feedback.tables import Feedback

if TYPE_CHECKING:
    from wire.ids import UserId
    from wire.inbox_commands import FeedbackCategory, FeedbackStatus


def find_by_key(session: Session, user_id: str, key: str) -> Feedback | None:
    query = select(Feedback).where(Feedback.user_id == user_id, Feedback.idempotency_key == key)
    return session.exec(query).first()


def count_unanswered(session: Session, user_id: str) -> int:
    return _count(
        session,
        and_(col(Feedback.user_id) == user_id, col(Feedback.status).in_(("new", "read"))),
    )


def count_new(session: Session) -> int:
    return _count(session, col(Feedback.status) == "new")


def has_open_appeal(session: Session, user_id: str, sanction_id: str) -> bool:
    condition = and_(
        col(Feedback.user_id) == user_id,
        col(Feedback.sanction_id) == sanction_id,
        col(Feedback.status).in_(("new", "read")),
    )
    return _count(session, condition) > 0


def list_own(
    session: Session, user_id: str, *, offset: int, limit: int
) -> tuple[list[Feedback], int, int]:
    """Newest first, how many there are, and how many are unread."""
    mine = col(Feedback.user_id) == user_id
    rows = _page(session, mine, offset, limit)
    return rows, _count(session, mine), _count(session, and_(mine, col(Feedback.is_unread)))


def list_all(
    session: Session,
    *,
    status: FeedbackStatus | None,
    category: FeedbackCategory | None,
    user_id: str | None = None,
    offset: int,
    limit: int,
) -> tuple[list[Feedback], int]:
    """Newest first, and how many there are."""
    condition: ColumnElement[bool] = true()
    if status is not None:
        condition = and_(condition, col(Feedback.status) == status)
    if category is not None:
        condition = and_(condition, col(Feedback.category) == category)
    if user_id is not None:
        condition = and_(condition, col(Feedback.user_id) == user_id)
    return _page(session, condition, offset, limit), _count(session, condition)


def mark_read(session: Session, user_id: str) -> None:
    """Seen by its author."""
    session.execute(
        update(Feedback).where(col(Feedback.user_id) == user_id).values(is_unread=False)
    )


def erase(session: Session, user_id: UserId) -> None:
    """What this person wrote, showed and was told, and what it answered as an admin."""
    session.execute(
        update(Feedback)
        .where(col(Feedback.user_id) == user_id)
        .values(text="", diagnostics="", screenshot=None, answer="")
    )
    session.execute(update(Feedback).where(col(Feedback.answered_by) == user_id).values(answer=""))


def forget_before(session: Session, unix_ms: int) -> None:
    """What was closed before then keeps its words and loses picture and diagnostics."""
    old = (col(Feedback.status) == "closed") & (col(Feedback.answered_at_unix_ms) < unix_ms)
    session.execute(update(Feedback).where(old).values(diagnostics="", screenshot=None))


def export(session: Session, user_id: UserId) -> list[dict[str, object]]:
    """What this person sent, for "my data"; the pictures apart, as `screenshots` has them."""
    query = (
        select(Feedback).where(Feedback.user_id == user_id).order_by(col(Feedback.sent_at_unix_ms))
    )
    return [
        {
            "feedback_id": row.id,
            "category": row.category,
            "text": row.text,
            "diagnostics": row.diagnostics,
            "sanction_id": row.sanction_id,
            "sent_at_unix_ms": row.sent_at_unix_ms,
            "status": row.status,
            "answer": row.answer,
            "has_screenshot": row.screenshot is not None,
        }
        for row in session.exec(query)
    ]


def screenshots(session: Session, user_id: UserId) -> list[tuple[str, bytes]]:
    """(feedback id, JPEG or PNG) of what this person sent."""
    query = select(Feedback.id, Feedback.screenshot).where(
        Feedback.user_id == user_id, col(Feedback.screenshot).is_not(None)
    )
    return [(found, picture) for found, picture in session.exec(query) if picture is not None]


def _page(
    session: Session, condition: ColumnElement[bool], offset: int, limit: int
) -> list[Feedback]:
    query = (
        select(Feedback)
        .where(condition)
        .order_by(col(Feedback.sent_at_unix_ms).desc(), col(Feedback.id))
        .offset(offset)
        .limit(limit)
    )
    return list(session.exec(query).all())


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(Feedback).where(condition)).one()
