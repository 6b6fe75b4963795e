"""What the feedback centre keeps of a user: words and pictures go, ids stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlmodel import select

from server.feedback import queries
from server.feedback.tables import Feedback
from server.privacy.parts import SWEEP_ROWS_MAX, Part, Section, Sweep
from wire.ids import UserId

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "feedback",
            select(  # type: ignore[call-overload]  # typed for four columns at most
                Feedback.category,
                Feedback.text,
                Feedback.diagnostics,
                Feedback.status,
                Feedback.answer,
                Feedback.sent_at_unix_ms,
            ).where(Feedback.user_id == user_id),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    queries.erase(session, UserId(erasing.user_id))


def _sweep(session: Session, before_unix_ms: int) -> int:
    return queries.strip_before(session, before_unix_ms, limit=SWEEP_ROWS_MAX)


PART: Final = Part(
    kept={
        "feedback.user_id": "that there was something stays, without its words and pictures",
        "feedback.answered_by": "another's feedback; the id is a pseudonym",
    },
    sections=_sections,
    erase=_erase,
    sweeps=(Sweep("audit", _sweep),),
)
