"""When a room means to be live next, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QDateTime

from app.ui.plain_text import one_line

if TYPE_CHECKING:
    from wire.event_base import RoomInfo

_TITLE_CHARACTERS_MAX = 60


def describe_plan(room: RoomInfo) -> str:
    """With the day, where it is not today. Empty where nothing is planned."""
    if not room.starts_at_unix_ms:
        return ""
    at = QDateTime.fromMSecsSinceEpoch(room.starts_at_unix_ms)
    is_today = at.date() == QDate.currentDate()
    when = at.toString("HH:mm" if is_today else "MM-dd HH:mm")
    words = QCoreApplication.translate("Planned", "Starts at %1").replace("%1", when)
    title = one_line(room.starts_title, _TITLE_CHARACTERS_MAX)
    return f"{words} · {title}" if title else words
