"""What automatic moderation keeps of a user: who put a word on a list. The list is the room's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlmodel import select

from server.moderation import queries
from server.moderation.tables import ListedWord
from server.privacy.parts import Part, Section

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "listed_words",
            select(ListedWord.scope, ListedWord.word, ListedWord.added_at_unix_ms).where(
                ListedWord.added_by == user_id
            ),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    """The lists of rooms that go; no foreign key says so, for the house's has no room."""
    queries.erase_scopes(session, erasing.room_ids)


PART: Final = Part(
    kept={"moderation_words.added_by": "the list is the room's; the id is a pseudonym"},
    sections=_sections,
    erase=_erase,
)
