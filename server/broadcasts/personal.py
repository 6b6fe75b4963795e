"""What broadcasts keep of a user: when it was live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col, select

from server.broadcasts.tables import Broadcast
from server.privacy.parts import Part, Section

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "broadcasts",
            select(  # type: ignore[call-overload]  # typed for four columns at most
                Broadcast.id,
                Broadcast.room_id,
                Broadcast.started_at_unix_us,
                Broadcast.ended_at_unix_us,
                Broadcast.viewers_peak,
                Broadcast.likes,
            ).where(Broadcast.user_id == user_id),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    session.execute(delete(Broadcast).where(col(Broadcast.user_id) == erasing.user_id))


PART: Final = Part(erased=frozenset({"broadcasts.user_id"}), sections=_sections, erase=_erase)
