"""What detection keeps of a user: hashes of devices and addresses, and that they are trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col, select

from server.detection.tables import IdentityMark, Trust
from server.privacy.parts import Part, Section

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "identity_marks",
            select(IdentityMark.mark, IdentityMark.seen_at_unix_ms).where(
                IdentityMark.user_id == user_id
            ),
        ),
        Section("trusted_in", select(Trust.room_id).where(Trust.user_id == user_id)),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    session.execute(delete(IdentityMark).where(col(IdentityMark.user_id) == erasing.user_id))
    session.execute(delete(Trust).where(col(Trust.user_id) == erasing.user_id))


PART: Final = Part(
    erased=frozenset({"identity_marks.user_id", "trusted_identities.user_id"}),
    sections=_sections,
    erase=_erase,
)
