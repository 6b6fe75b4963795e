"""Numbers in few characters, as the language of the window counts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.state.short_count import TEN_THOUSANDS, THOUSANDS, shorten


def short_count(number: int) -> str:
    """1.2k in English, 1.2万 in Chinese."""
    # The unit of the language is a text of it: whoever translates it chooses how to count.
    unit = QCoreApplication.translate("ShortCount", "k")
    return shorten(number, TEN_THOUSANDS if unit == TEN_THOUSANDS[-1][1] else THOUSANDS)
