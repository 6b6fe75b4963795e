"""What stands above the chat: the announcement and the pinned message. Plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.ui.plain_text import PlainLabel, one_line, set_tooltip
from app.ui.theme.icons import set_lead_icon

if TYPE_CHECKING:
    from app.state.room_lead import RoomLead


class _Notice(QFrame):
    """One text; its button hides it until another comes."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._shown = ""
        self._dismissed = ""
        self.words = PlainLabel()
        self.words.setWordWrap(True)
        self.close_button = QToolButton()
        self.close_button.setProperty("kind", "quiet")
        set_lead_icon(self.close_button, "close")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 4, 4)
        row.setSpacing(4)
        row.addWidget(self.words, 1)
        row.addWidget(self.close_button)
        self.close_button.clicked.connect(self._on_close)
        self.hide()

    def show_words(self, key: str, words: str) -> None:
        """An empty key shows nothing."""
        self._shown = key
        self.words.setText(words)
        self.setVisible(bool(key) and key != self._dismissed)

    def _on_close(self) -> None:
        self._dismissed = self._shown
        self.hide()


class AboveChat(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.announcement, self.pinned = _Notice(), _Notice()
        self._lead: RoomLead | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.announcement)
        column.addWidget(self.pinned)
        self.retranslate()

    def render_lead(self, lead: RoomLead) -> None:
        self._lead = lead
        said, pinned = lead.announcement, lead.pinned
        if said is None:
            self.announcement.show_words("", "")
        else:
            words = self.tr("Announcement: {text}").replace("{text}", one_line(said.text))
            self.announcement.show_words(f"{said.at_unix_ms} {said.text}", words)
        if pinned is None:
            self.pinned.show_words("", "")
        else:
            line = f"{one_line(pinned.name)}: {one_line(pinned.text)}"
            words = self.tr("Pinned: {text}").replace("{text}", line)
            self.pinned.show_words(pinned.message_id, words)
        self.setVisible(said is not None or pinned is not None)

    def retranslate(self) -> None:
        for notice, words in (
            (self.announcement, self.tr("Hide the announcement")),
            (self.pinned, self.tr("Hide the pinned message")),
        ):
            notice.close_button.setAccessibleName(words)
            set_tooltip(notice.close_button, words)
        if self._lead is not None:
            self.render_lead(self._lead)
