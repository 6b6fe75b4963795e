"""What emotes ask the database. Each function runs within a transaction of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import select

from server.emotes.tables import RoomEmote
from wire.emotes_events import EmoteInfo

if TYPE_CHECKING:
    from server.store.session import Session


def list_emotes(session: Session, room_id: str) -> tuple[EmoteInfo, ...]:
    """In alphabetical order, whatever the database's own is."""
    found = session.exec(
        select(RoomEmote.name, RoomEmote.emote_id).where(RoomEmote.room_id == room_id)
    ).all()
    return tuple(EmoteInfo(name=name, emote_id=emote_id) for name, emote_id in sorted(found))


def find_picture(session: Session, room_id: str, emote_id: str) -> bytes | None:
    return session.exec(
        select(RoomEmote.picture)
        .where(RoomEmote.room_id == room_id, RoomEmote.emote_id == emote_id)
        .limit(1)
    ).first()


def find(session: Session, room_id: str, name: str) -> RoomEmote | None:
    return session.get(RoomEmote, (room_id, name))
