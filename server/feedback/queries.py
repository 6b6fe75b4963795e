"""What feedback asks the database. Each function runs within a transaction of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, or_, true, update
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


def strip_before(session: Session, unix_ms: int, *, limit: int) -> int:
    """What was closed before then keeps its words and loses picture and diagnostics."""
    old = session.exec(
        select(Feedback.id)
        .where(
            Feedback.status == "closed",
            Feedback.answered_at_unix_ms < unix_ms,
            or_(col(Feedback.diagnostics) != "", col(Feedback.screenshot).is_not(None)),
        )
        .limit(limit)
    ).all()
    session.execute(
        update(Feedback)
        .where(col(Feedback.id).in_(old))
        .values(diagnostics="", screenshot=None)
        .execution_options(synchronize_session=False)
    )
    return len(old)


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
