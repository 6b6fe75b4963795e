"""What is said of recordings, in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from app.state.moment import clock_words
from app.ui.plain_text import one_line
from app.ui.short_count import short_count

if TYPE_CHECKING:
    from wire.replay_events import Chapter, ReplayInfo, ReplayVisibility


def replay_title(replay: ReplayInfo) -> str:
    return one_line(replay.title) or one_line(replay.room_title)


def day_words(at_unix_ms: int) -> str:
    """Today with the hour, else the day."""
    at = QDateTime.fromMSecsSinceEpoch(at_unix_ms)
    hour = at.toString("HH:mm")
    today = QDate.currentDate()
    if at.date() == today:
        return QCoreApplication.translate("Replays", "Today %1").replace("%1", hour)
    if at.date() == today.addDays(-1):
        return QCoreApplication.translate("Replays", "Yesterday %1").replace("%1", hour)
    if at.date().year() == today.year():
        return at.toString("MM-dd HH:mm")
    return at.toString("yyyy-MM-dd")


def about_words(replay: ReplayInfo) -> str:
    """Whose it is and from when."""
    return f"{one_line(replay.streamer.name)} · {day_words(replay.started_at_unix_ms)}"


def special_words(replay: ReplayInfo) -> str:
    """What whoever may keep it has to know, and how much was said."""
    translate = QCoreApplication.translate
    parts = []
    if replay.can_manage:
        parts.append(visibility_words(replay.visibility))
    if replay.can_manage and replay.kept:
        parts.append(translate("Replays", "Kept"))
    if replay.state == "broken":
        parts.append(translate("Replays", "Damaged"))
    if replay.danmaku:
        words = translate("Replays", "%1 danmaku")
        parts.append(words.replace("%1", short_count(replay.danmaku)))
    return " · ".join(parts)


def visibility_words(visibility: ReplayVisibility) -> str:
    translate = QCoreApplication.translate
    return {
        "private": translate("Replays", "Private"),
        "unlisted": translate("Replays", "Unlisted"),
        "public": translate("Replays", "Public"),
    }[visibility]


def length_words(replay: ReplayInfo) -> str:
    if replay.state == "recording":
        return QCoreApplication.translate("Replays", "Being recorded")
    return clock_words(replay.duration_ms)


def chapter_words(chapter: Chapter) -> str:
    if chapter.title:
        return one_line(chapter.title)
    return QCoreApplication.translate("Replays", "Peak of the chat")


def size_words(size_bytes: int) -> str:
    si = QLocale.DataSizeFormat.DataSizeSIFormat  # GB, as everywhere else
    return QLocale().formattedDataSize(size_bytes, 1, si)
