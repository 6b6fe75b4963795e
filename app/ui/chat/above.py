"""What stands above the chat: the announcement and the pinned message. Plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.ui.elided_label import ElidedLabel
from app.ui.plain_text import PlainLabel, one_line, set_tooltip
from app.ui.theme.icons import set_lead_icon
from wire import chat_commands

if TYPE_CHECKING:
    from app.state.room_lead import RoomLead
    from wire.ids import RoomId


class _Notice(QFrame):
    """One text; a button hides it until another comes, another takes it down for all."""

    def __init__(self, *, is_short: bool) -> None:
        super().__init__()
        self.setObjectName("card")
        self._shown = ""
        self._dismissed = ""
        self.words: PlainLabel = ElidedLabel() if is_short else PlainLabel()
        self.words.setWordWrap(not is_short)
        self.close_button = QToolButton()
        self.close_button.setProperty("kind", "quiet")
        set_lead_icon(self.close_button, "close")
        self.down_button = QToolButton()
        self.down_button.setProperty("kind", "quiet")
        set_lead_icon(self.down_button, "trash")
        self.down_button.hide()
        row = QHBoxLayout(self)
        margin = 0 if is_short else 4
        row.setContentsMargins(12, margin, 4, margin)
        row.setSpacing(4)
        row.addWidget(self.words, 1)
        row.addWidget(self.down_button)
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
    """`wanted` carries a command of those who may take down what stands here."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, is_short: bool = False) -> None:
        """`is_short`: one line for each, for those who wrote it themselves."""
        super().__init__(parent)
        self.announcement, self.pinned = (_Notice(is_short=is_short) for _ in range(2))
        self._lead: RoomLead | None = None
        self._room_id: RoomId | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.announcement)
        column.addWidget(self.pinned)
        self.announcement.down_button.clicked.connect(self._on_announcement_down)
        self.pinned.down_button.clicked.connect(self._on_pinned_down)
        self.retranslate()

    def render_lead(self, lead: RoomLead, keeps_room_id: RoomId | None = None) -> None:
        """`keeps_room_id` is the room, for those who may take down what stands here."""
        self._lead, self._room_id = lead, keeps_room_id
        for notice in (self.announcement, self.pinned):
            notice.down_button.setVisible(keeps_room_id is not None)
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
        for notice, words in (
            (self.announcement, self.tr("Take the announcement down for all")),
            (self.pinned, self.tr("Unpin the message for all")),
        ):
            notice.down_button.setAccessibleName(words)
            set_tooltip(notice.down_button, words)
        if self._lead is not None:
            self.render_lead(self._lead, self._room_id)

    def _on_announcement_down(self) -> None:
        if self._room_id is not None:
            self.wanted.emit(chat_commands.Announce(id=0, room_id=self._room_id, text=""))

    def _on_pinned_down(self) -> None:
        if self._room_id is not None:
            self.wanted.emit(chat_commands.PinMessage(id=0, room_id=self._room_id, message_id=None))
