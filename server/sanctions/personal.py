"""What sanctions keep of a user: those against it go with it; those that it imposed stay, without
its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, update
from sqlmodel import col, func, select

from server.privacy.parts import SWEEP_ROWS_MAX, Part, Section, Sweep
from server.sanctions.tables import Sanction

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "sanctions",
            select(  # type: ignore[call-overload]  # typed for four columns at most
                Sanction.room_id,
                Sanction.kind,
                Sanction.reason,
                Sanction.imposed_at_unix_ms,
                Sanction.until_unix_ms,
                Sanction.lifted_at_unix_ms,
            ).where(Sanction.user_id == user_id),
        ),
        Section(
            "sanctions_imposed",
            select(Sanction.room_id, Sanction.kind, Sanction.reason).where(
                Sanction.imposed_by == user_id
            ),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    session.execute(delete(Sanction).where(col(Sanction.user_id) == erasing.user_id))
    session.execute(
        update(Sanction).where(col(Sanction.imposed_by) == erasing.user_id).values(reason="")
    )


def _sweep(session: Session, before_unix_ms: int) -> int:
    """What ended so long ago; what stands for ever stays."""
    ended = func.coalesce(Sanction.lifted_at_unix_ms, Sanction.until_unix_ms)
    old = session.exec(select(Sanction.id).where(ended < before_unix_ms).limit(SWEEP_ROWS_MAX))
    ids = old.all()
    session.execute(delete(Sanction).where(col(Sanction.id).in_(ids)))
    return len(ids)


PART: Final = Part(
    erased=frozenset({"sanctions.user_id"}),
    kept={"sanctions.imposed_by": "another's sanction; the id is a pseudonym"},
    sections=_sections,
    erase=_erase,
    sweeps=(Sweep("audit", _sweep),),
)
