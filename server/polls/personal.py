"""What polls keep of a user: what was asked, and votes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col, select

from server.polls.tables import Poll, PollVote
from server.privacy.parts import SWEEP_ROWS_MAX, Part, Section, Sweep

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "polls",
            select(  # type: ignore[call-overload]  # typed for four columns at most
                Poll.id, Poll.room_id, Poll.question, Poll.choices, Poll.opened_at_unix_ms
            ).where(Poll.user_id == user_id),
        ),
        Section(
            "poll_votes",
            select(PollVote.poll_id, PollVote.choice).where(PollVote.user_id == user_id),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    session.execute(delete(PollVote).where(col(PollVote.user_id) == erasing.user_id))
    session.execute(delete(Poll).where(col(Poll.user_id) == erasing.user_id))


def _sweep(session: Session, before_unix_ms: int) -> int:
    """What is closed, with its votes."""
    old = session.exec(
        select(Poll.id).where(col(Poll.closed_at_unix_ms) < before_unix_ms).limit(SWEEP_ROWS_MAX)
    ).all()
    session.execute(delete(Poll).where(col(Poll.id).in_(old)))
    return len(old)


PART: Final = Part(
    erased=frozenset({"polls.user_id", "poll_votes.user_id"}),
    sections=_sections,
    erase=_erase,
    sweeps=(Sweep("rounds", _sweep),),
)
