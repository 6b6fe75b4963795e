"""The sheet of keyboard shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class ShortcutsSheet(QDialog):
    """Opened and closed with `?`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts")
        self._title = PlainLabel(self)
        self._title.setObjectName("h2")
        self._rows: list[tuple[PlainLabel, PlainLabel]] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(8)
        for row in range(len(self._lines())):
            key, words = PlainLabel(self), PlainLabel(self)
            key.setObjectName("key")
            grid.addWidget(key, row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(words, row, 1)
            self._rows.append((key, words))
        grid.setColumnStretch(1, 1)
        # Not Qt's own box of buttons, which would take its words back at a change of language.
        self._close = QPushButton(self)
        self._close.clicked.connect(self.hide)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(16)
        layout.addWidget(self._title)
        layout.addLayout(grid)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignRight)
        self.retranslate()

    def toggle(self) -> None:
        self.setVisible(not self.isVisible())

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self._title.setText(self.tr("Keyboard shortcuts"))
        for (key, words), (key_text, text) in zip(self._rows, self._lines(), strict=True):
            key.setText(key_text)
            words.setText(text)
        self._close.setText(self.tr("Close"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "?":
            self.hide()
            return
        super().keyPressEvent(event)

    def _lines(self) -> tuple[tuple[str, str], ...]:
        return (
            ("?", self.tr("Show or hide this sheet")),
            ("Ctrl+1 ... Ctrl+6", self.tr("Go to a page")),
            ("Tab", self.tr("Go to the next control")),
            (self.tr("Space"), self.tr("Pause the picture")),
            ("F", self.tr("Full screen")),
            ("M", self.tr("Mute")),
            ("D", self.tr("Danmaku on or off")),
            ("L", self.tr("Send hearts")),
            ("Enter", self.tr("Write a message")),
            ("Esc", self.tr("Back")),
        )
