"""What emotes keep of a user: who added which. The emotes are the room's and go with it."""

from __future__ import annotations

from typing import Final

from sqlmodel import select

from server.emotes.tables import RoomEmote
from server.privacy.parts import Part, Section


def _sections(user_id: str) -> tuple[Section, ...]:
    return (
        Section(
            "emotes",
            select(
                RoomEmote.room_id,
                RoomEmote.name,
                RoomEmote.emote_id,
                RoomEmote.added_at_unix_ms,
            ).where(RoomEmote.added_by == user_id),
        ),
    )


PART: Final = Part(
    kept={"room_emotes.added_by": "the emote is the room's; the id is a pseudonym"},
    sections=_sections,
)
