"""What a room is called in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.ui.plain_text import one_line

if TYPE_CHECKING:
    from wire.event_base import RoomInfo


def room_title(room: RoomInfo) -> str:
    """Its title; without one its name, which says whose it is where it is nothing but that."""
    if room.title or room.name != room.owner.name:
        return one_line(room.title or room.name)
    words = QCoreApplication.translate("RoomTitle", "{name}'s room")
    return words.replace("{name}", one_line(room.name))
