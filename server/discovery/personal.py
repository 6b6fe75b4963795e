"""What discovery keeps of a user: what it did, and what it wished of its list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlmodel import col, select

from server.discovery import queries
from server.discovery.tables import BehaviourRow, TasteWish
from server.privacy.parts import SWEEP_ROWS_MAX, Part, Section, Sweep

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "behaviour",
            select(  # type: ignore[call-overload]  # typed for four columns at most
                BehaviourRow.at_unix_ms,
                BehaviourRow.kind,
                BehaviourRow.streamer_id,
                BehaviourRow.room_id,
                BehaviourRow.broadcast_id,
                BehaviourRow.category,
                BehaviourRow.amount,
                BehaviourRow.position,
                BehaviourRow.reason,
                BehaviourRow.delay_ms,
                BehaviourRow.stalls,
            )
            .where(BehaviourRow.user_id == user_id)
            .order_by(col(BehaviourRow.at_unix_ms)),
        ),
        Section(
            "taste_wishes",
            select(TasteWish.subject, TasteWish.weight).where(TasteWish.user_id == user_id),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    queries.erase(session, erasing.user_id)


def _sweep(session: Session, before_unix_ms: int) -> int:
    return queries.delete_older(session, before_unix_ms, SWEEP_ROWS_MAX)


PART: Final = Part(
    erased=frozenset({"behaviour.user_id", "behaviour.streamer_id", "taste_wishes.user_id"}),
    sections=_sections,
    erase=_erase,
    sweeps=(Sweep("behaviour", _sweep),),
)
