"""What lucky draws keep of a user: what was drawn for, and entries.

Without an erased user's entry a closed draw can no longer be checked; that is said to who erases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col, select

from server.draws.tables import Draw, DrawEntry
from server.privacy.parts import SWEEP_ROWS_MAX, Part, Section, Sweep

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "draws",
            select(Draw.id, Draw.room_id, Draw.prize, Draw.opened_at_unix_ms).where(
                Draw.user_id == user_id
            ),
        ),
        Section(
            "draw_entries",
            select(DrawEntry.draw_id, DrawEntry.number).where(DrawEntry.user_id == user_id),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    session.execute(delete(DrawEntry).where(col(DrawEntry.user_id) == erasing.user_id))
    session.execute(delete(Draw).where(col(Draw.user_id) == erasing.user_id))


def _sweep(session: Session, before_unix_ms: int) -> int:
    """What is closed, with its entries."""
    old = session.exec(
        select(Draw.id).where(col(Draw.closed_at_unix_ms) < before_unix_ms).limit(SWEEP_ROWS_MAX)
    ).all()
    session.execute(delete(Draw).where(col(Draw.id).in_(old)))
    return len(old)


PART: Final = Part(
    erased=frozenset({"draws.user_id", "draw_entries.user_id"}),
    sections=_sections,
    erase=_erase,
    sweeps=(Sweep("rounds", _sweep),),
)
