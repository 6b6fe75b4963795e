"""Sanctions in words: the kinds, the presets of how long, and how long is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from wire.order_commands import SanctionKind

DURATIONS: Final[tuple[int | None, ...]] = (60, 600, 3_600, 86_400, 604_800, None)
"""The presets; None: for ever."""


def kind_words(kind: SanctionKind | str) -> str:
    translate = QCoreApplication.translate
    words = {
        "mute": translate("Sanctions", "Muted"),
        "kick": translate("Sanctions", "Kicked out"),
        "ban": translate("Sanctions", "Banned"),
    }
    return words.get(kind, kind)


def duration_words(seconds: int | None) -> str:
    translate = QCoreApplication.translate
    words = {
        60: translate("Sanctions", "1 minute"),
        600: translate("Sanctions", "10 minutes"),
        3_600: translate("Sanctions", "1 hour"),
        86_400: translate("Sanctions", "1 day"),
        604_800: translate("Sanctions", "1 week"),
        None: translate("Sanctions", "For ever"),
    }
    return words.get(seconds) or remaining_words((seconds or 0) * 1_000)


def remaining_words(remaining_ms: int | None) -> str:
    """The two largest units that say something."""
    translate = QCoreApplication.translate
    if remaining_ms is None:
        return translate("Sanctions", "For ever")
    minutes = max(1, -(-remaining_ms // 60_000))
    days, hours = minutes // 1_440, minutes // 60 % 24
    if days and not hours:
        return translate("Sanctions", "%1 d").replace("%1", str(days))
    if days:
        words = translate("Sanctions", "%1 d %2 h")
        return words.replace("%1", str(days)).replace("%2", str(hours))
    if hours and not minutes % 60:
        return translate("Sanctions", "%1 h").replace("%1", str(hours))
    if hours:
        words = translate("Sanctions", "%1 h %2 min")
        return words.replace("%1", str(hours)).replace("%2", str(minutes % 60))
    return translate("Sanctions", "%1 min").replace("%1", str(minutes))
