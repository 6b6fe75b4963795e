"""Small dialogs: a few fields, and the two buttons below."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.answer_row import answer_row
from app.ui.number_box import NumberBox
from app.ui.plain_text import PlainLabel, one_line

WIDTH: Final = 440
_TIME_FORMAT: Final = "yyyy-MM-dd HH:mm"


class _TimeEdit(QDateTimeEdit):
    """Tab goes on to what comes next; the arrow keys go between day and hour."""

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001, N802 # Qt calls it by this name, with a bool
        return QWidget.focusNextPrevChild(self, is_next)


class FormDialog(QDialog):
    """A heading, words, fields, and two buttons. Shown with `open`; `sent` when it is accepted."""

    sent = Signal()

    def __init__(self, parent: QWidget, title: str, *, yes: str, words: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(one_line(title))
        self.setFixedWidth(WIDTH)
        heading = PlainLabel(self)
        heading.setObjectName("h3")
        heading.setText(title)
        self.fields = QVBoxLayout()
        self.fields.setSpacing(8)
        self._needed: list[QLineEdit] = []
        self.yes_button, self.no_button = QPushButton(self), QPushButton(self)
        self.yes_button.setText(yes)
        self.yes_button.setProperty("kind", "primary")
        self.yes_button.setDefault(True)
        self.no_button.setText(self.tr("Cancel"))
        self.no_button.setAutoDefault(False)
        self.yes_button.clicked.connect(self.accept)
        self.accepted.connect(self.sent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(16)
        layout.addWidget(heading)
        if words:
            about = PlainLabel(self)
            about.setObjectName("soft")
            about.setWordWrap(True)
            about.setText(words)
            layout.addWidget(about)
        layout.addLayout(self.fields)
        layout.addLayout(answer_row(self, yes=self.yes_button, no=self.no_button))

    def add_line(
        self, name: str, characters_max: int, *, text: str = "", is_needed: bool = True
    ) -> QLineEdit:
        line = QLineEdit(self)
        line.setMaxLength(characters_max)
        line.setPlaceholderText(name)
        line.setAccessibleName(name)
        line.setText(text)
        if is_needed:
            self._needed.append(line)
            line.textChanged.connect(self._on_edited)
        self.fields.addWidget(line)
        self._on_edited()
        return line

    def add_number(self, name: str, value: int, most: int) -> NumberBox:
        number = NumberBox(self)
        number.setRange(1, most)
        number.setValue(value)
        number.setPrefix(f"{name}: ")
        number.setAccessibleName(name)
        self.fields.addWidget(number)
        return number

    def add_choice(self, name: str, choices: tuple[tuple[str, object], ...]) -> QComboBox:
        """`choices` are words and the values that they stand for."""
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        for words, value in choices:
            combo.addItem(words, value)
        self.fields.addWidget(combo)
        return combo

    def add_time(self, name: str, unix_ms: int) -> QDateTimeEdit:
        edit = _TimeEdit(QDateTime.fromMSecsSinceEpoch(unix_ms), self)
        edit.setDisplayFormat(_TIME_FORMAT)
        edit.setAccessibleName(name)
        edit.setMinimumDateTime(QDateTime.currentDateTime())
        self.fields.addWidget(edit)
        return edit

    def _on_edited(self) -> None:
        self.yes_button.setEnabled(all(line.text().strip() for line in self._needed))
