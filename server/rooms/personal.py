"""What rooms keep of a user: its own rooms, with all that is in them, and where it moderates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlmodel import col, select

from server.privacy.parts import Part, Section
from server.rooms.tables import Invite, PublishKey, Room, RoomCover, RoomModerator

if TYPE_CHECKING:
    from server.privacy.parts import Erasing
    from server.store.session import Session


def _sections(user_id: str) -> tuple[Section, ...]:
    own = select(Room.id).where(Room.owner_id == user_id)
    return (
        Section(
            "rooms",
            select(  # type: ignore[call-overload]  # typed for four columns at most
                Room.id,
                Room.name,
                Room.title,
                Room.category,
                Room.description,
                Room.cover,
                Room.privacy,
                Room.created_at_unix_ms,
            ).where(Room.owner_id == user_id),
        ),
        Section(
            "covers",
            select(RoomCover.room_id, RoomCover.cover_id, RoomCover.set_at_unix_ms).where(
                col(RoomCover.room_id).in_(own)
            ),
        ),
        Section(
            "moderating", select(RoomModerator.room_id).where(RoomModerator.user_id == user_id)
        ),
        Section(
            "invites",
            select(Invite.room_id, Invite.label, Invite.created_at_unix_ms).where(
                col(Invite.room_id).in_(own)
            ),
        ),
        Section(
            "publish_keys",
            select(
                PublishKey.room_id,
                PublishKey.label,
                PublishKey.created_at_unix_ms,
                PublishKey.last_used_at_unix_ms,
            ).where(col(PublishKey.room_id).in_(own)),
        ),
    )


def _erase(session: Session, erasing: Erasing) -> None:
    """What hangs on the rooms goes with them: the foreign keys say so."""
    session.execute(delete(RoomModerator).where(col(RoomModerator.user_id) == erasing.user_id))
    session.execute(delete(Room).where(col(Room.owner_id) == erasing.user_id))


PART: Final = Part(
    erased=frozenset({"rooms.owner_id", "room_moderators.user_id"}),
    sections=_sections,
    erase=_erase,
)
