"""What privacy keeps of a user: its own choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col, select

from server.privacy.parts import Part, Section
from server.privacy.tables import PrivacyChoice

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "privacy",
            select(
                PrivacyChoice.agreed_version,
                PrivacyChoice.agreed_at_unix_ms,
                PrivacyChoice.is_recorded,
            ).where(PrivacyChoice.user_id == user_id),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    session.execute(delete(PrivacyChoice).where(col(PrivacyChoice.user_id) == erasing.user_id))


PART: Final = Part(erased=frozenset({"privacy_choices.user_id"}), sections=_sections, erase=_erase)
