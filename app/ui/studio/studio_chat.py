"""The room's chat beside the preview: plain text, newest last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QPushButton, QVBoxLayout, QWidget

from app.ui.plain_text import PlainLabel, one_line
from wire.limits import DANMAKU_CHARACTERS_MAX

if TYPE_CHECKING:
    from app.state.studio import ChatLine, StudioState


class StudioChat(QWidget):
    """A refused text stays in the box: the page clears it when it was taken."""

    said = Signal(str)
    poll_wanted = Signal()
    draw_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[ChatLine, ...] = ()
        self._list = QListWidget()
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty = PlainLabel()
        self._empty.setProperty("soft", True)
        self._empty.setWordWrap(True)
        self._input = QLineEdit()
        self._input.setMaxLength(DANMAKU_CHARACTERS_MAX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._empty)
        column.addWidget(self._list, 1)
        column.addWidget(self._input)
        self.poll_button, self.draw_button = QPushButton(self), QPushButton(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.poll_button, self.draw_button):
            row.addWidget(button)
        column.addLayout(row)
        self.poll_button.clicked.connect(self.poll_wanted)
        self.draw_button.clicked.connect(self.draw_wanted)
        self._input.returnPressed.connect(self._on_return)
        self.retranslate()

    def render_state(self, state: StudioState) -> None:
        self._empty.setVisible(not state.chat)
        if state.chat == self._shown:
            return
        self._shown = state.chat
        self._list.clear()
        for line in state.chat:
            self._list.addItem(f"{one_line(line.name)}: {one_line(line.text)}")
        self._list.scrollToBottom()

    def clear_input(self) -> None:
        self._input.clear()

    def retranslate(self) -> None:
        self.poll_button.setText(self.tr("Poll ..."))
        self.draw_button.setText(self.tr("Lucky draw ..."))
        for button in (self.poll_button, self.draw_button):
            button.setAccessibleName(button.text())
        self._empty.setText(self.tr("What is said in your room appears here."))
        self._input.setPlaceholderText(self.tr("Say something"))
        self._input.setAccessibleName(self.tr("Say something"))
        self._list.setAccessibleName(self.tr("Chat"))

    def _on_return(self) -> None:
        text = self._input.text().strip()
        if text:
            self.said.emit(text)
