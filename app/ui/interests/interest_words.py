"""What an interest is called: those of every house in the user's language, others as they are."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from app.ui.plain_text import one_line

_NAME_MAX: Final = 24


def interest_name(name: str) -> str:
    translate = QCoreApplication.translate
    known = {
        "music": translate("Interests", "Music"),
        "games": translate("Interests", "Games"),
        "talk": translate("Interests", "Talk"),
        "drawing": translate("Interests", "Drawing"),
        "making": translate("Interests", "Making things"),
        "outdoors": translate("Interests", "Outdoors"),
        "food": translate("Interests", "Food"),
        "learning": translate("Interests", "Learning"),
        "technology": translate("Interests", "Technology"),
        "sports": translate("Interests", "Sports"),
    }
    return known.get(name) or one_line(name, _NAME_MAX)
