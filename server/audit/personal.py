"""What the book of acts keeps of a user.

Who did what to whom stays, by ids that lead to nobody once the user is erased; the words go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, or_, update
from sqlmodel import col, select

from server.audit.tables import Act
from server.privacy.parts import SWEEP_ROWS_MAX, Part, Section, Sweep

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session

_WHY: Final = "the book stays whole, without words; the id is a pseudonym"


def _sections(user_id: str) -> tuple[Section, ...]:
    done = select(  # type: ignore[call-overload]  # typed for four columns at most
        Act.action, Act.role, Act.room_id, Act.reason, Act.detail, Act.at_unix_ms
    )
    return (
        Section("acts", done.where(Act.actor_id == user_id)),
        Section("acts_about_me", done.where(Act.user_id == user_id)),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    user_id = erasing.user_id
    # What was announced after somebody's words holds those, to put them back.
    announced = select(Act.room_id).where(Act.actor_id == user_id, Act.action == "announce")
    session.execute(
        update(Act)
        .where(col(Act.action) == "announce", col(Act.room_id).in_(announced))
        .values(undo=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Act)
        .where(or_(col(Act.actor_id) == user_id, col(Act.user_id) == user_id))
        .values(reason="", detail="{}", undo=None)
    )


def _sweep(session: Session, before_unix_ms: int) -> int:
    old = session.exec(
        select(Act.id).where(col(Act.at_unix_ms) < before_unix_ms).limit(SWEEP_ROWS_MAX)
    ).all()
    session.execute(delete(Act).where(col(Act.id).in_(old)))
    return len(old)


PART: Final = Part(
    kept={"acts.actor_id": _WHY, "acts.user_id": _WHY, "acts.undone_by": _WHY},
    sections=_sections,
    erase=_erase,
    sweeps=(Sweep("audit", _sweep),),
)
