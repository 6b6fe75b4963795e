"""What automatic moderation keeps of a user: who put a word on a list. The list is the room's."""

from __future__ import annotations

from typing import Final

from sqlmodel import select

from server.moderation.tables import ListedWord
from server.privacy.parts import Part, Section


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "listed_words",
            select(ListedWord.scope, ListedWord.word, ListedWord.added_at_unix_ms).where(
                ListedWord.added_by == user_id
            ),
        ),
    )


PART: Final = Part(
    kept={"moderation_words.added_by": "the list is the room's; the id is a pseudonym"},
    sections=_sections,
)
