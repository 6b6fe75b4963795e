"""What every page of the main window is."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import current


class Page(QWidget):
    """A page renders a state; it keeps no truth of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        current.dress(self)

    def title(self) -> str:
        """In the user's language."""
        return ""

    def on_shown(self) -> None:
        """The page came to the front."""

    def on_hidden(self) -> None:
        """Another page is in front, or the window closes."""

    def toast_ground(self) -> QWidget | None:
        """Where a toast stands, so that it lies over no control; None: over the window."""
        return None

    def closing_question(self) -> str:
        """Asked before the window closes by the user's hand; empty where nothing would be lost."""
        return ""

    def retranslate(self) -> None:
        """Set every text again: the language has changed."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
