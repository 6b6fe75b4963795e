"""What polls ask the database. Each function runs within a transaction of the caller."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from server.polls.tables import Poll, PollVote
from wire.errors import ErrorCode, WireError


def load_open(session: Session) -> list[tuple[Poll, list[tuple[int, int]]]]:
    """Every poll that has not been closed, with (choice, how many)."""
    polls = session.exec(select(Poll).where(col(Poll.closed_at_unix_ms).is_(None))).all()
    return [(poll, _count(session, poll.id)) for poll in polls]


def find_choice(session: Session, poll_id: str, user_id: str) -> int | None:
    vote = session.get(PollVote, (poll_id, user_id))
    return vote.choice if vote is not None else None


def put_vote(session: Session, poll_id: str, user_id: str, choice: int) -> int | None:
    """Returns what the user had chosen before. Raises WireError where the poll is closed."""
    poll = session.get(Poll, poll_id)
    if poll is None or poll.closed_at_unix_ms is not None:
        raise WireError(ErrorCode.WRONG_STATE, "this poll is over")
    vote = session.get(PollVote, (poll_id, user_id))
    if vote is None:
        session.add(PollVote(poll_id=poll_id, user_id=user_id, choice=choice))
        return None
    before, vote.choice = vote.choice, choice
    return before


def close(session: Session, poll_id: str, now_unix_ms: int) -> list[tuple[int, int]] | None:
    """Returns (choice, how many); None where it is closed already."""
    poll = session.get(Poll, poll_id)
    if poll is None or poll.closed_at_unix_ms is not None:
        return None
    poll.closed_at_unix_ms = now_unix_ms
    return _count(session, poll_id)


def _count(session: Session, poll_id: str) -> list[tuple[int, int]]:
    rows = session.exec(
        select(PollVote.choice, func.count())
        .where(PollVote.poll_id == poll_id)
        .group_by(col(PollVote.choice))
    ).all()
    return [(choice, number) for choice, number in rows]
