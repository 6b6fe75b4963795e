"""Asks what a poll or a lucky draw shall be."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from app.ui.answer_row import answer_row
from app.ui.number_box import NumberBox
from app.ui.plain_text import PlainLabel
from wire import limits

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

WIDTH: Final = 400
CHOICES_SHOWN_MIN: Final = 2
MINUTES_MAX: Final = limits.ROUND_S_MAX // 60


class _RoundDialog(QDialog):
    """A heading, fields, minutes, and two buttons. Shown with `open`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        label = PlainLabel(self)
        label.setObjectName("h3")
        self.windowTitleChanged.connect(label.setText)
        self.lines: list[QLineEdit] = []
        self.fields = QVBoxLayout()
        self.fields.setSpacing(8)
        self.figures = QFormLayout()
        self.figures.setHorizontalSpacing(16)
        self.figures.setVerticalSpacing(8)
        self.figures.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.open_button, self.cancel = QPushButton(self), QPushButton(self)
        self.open_button.setText(self.tr("Begin"))
        self.open_button.setProperty("kind", "primary")
        self.open_button.setDefault(True)
        self.open_button.setEnabled(False)
        self.cancel.setText(self.tr("Cancel"))
        self.cancel.setAutoDefault(False)
        self.open_button.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(16)
        layout.addWidget(label)
        layout.addLayout(self.fields)
        layout.addLayout(self.figures)
        layout.addLayout(answer_row(self, yes=self.open_button, no=self.cancel))

    def make_line(self, name: str, characters_max: int) -> QLineEdit:
        line = QLineEdit(self)
        line.setMaxLength(characters_max)
        line.setPlaceholderText(name)
        line.setAccessibleName(name)
        line.textChanged.connect(self._on_edited)
        self.fields.addWidget(line)
        self.lines.append(line)
        return line

    def make_number(self, name: str, value: int, most: int) -> NumberBox:
        number = NumberBox(self)
        number.setRange(1, most)
        number.setValue(value)
        number.setAccessibleName(name)
        label = PlainLabel(self)
        label.setText(name)
        label.setMinimumHeight(number.sizeHint().height())
        self.figures.addRow(label, number)
        return number

    def make_minutes(self) -> NumberBox:
        minutes = self.make_number(self.tr("Open for"), 2, MINUTES_MAX)
        minutes.setSuffix(self.tr(" min"))
        return minutes

    def begin_at(self, first: QLineEdit) -> None:
        """Once all is made: Tab goes from the top, buttons last."""
        boxes = self.findChildren(NumberBox)
        for before, after in pairwise((first, *self.lines[1:], *boxes, self.cancel)):
            self.setTabOrder(before, after)
        self.setTabOrder(self.cancel, self.open_button)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def is_complete(self) -> bool:
        raise NotImplementedError

    def _on_edited(self) -> None:
        self.open_button.setEnabled(self.is_complete())


class PollDialog(_RoundDialog):
    """`chosen`: question, choices, seconds."""

    chosen = Signal(str, object, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New poll"))
        self.question = self.make_line(self.tr("Question"), limits.POLL_QUESTION_CHARACTERS_MAX)
        self.choices = [
            self.make_line(
                self.tr("Choice {0}").format(number + 1), limits.POLL_CHOICE_CHARACTERS_MAX
            )
            for number in range(limits.POLL_CHOICES_MAX)
        ]
        self.minutes = self.make_minutes()
        self.begin_at(self.question)
        self._show_choices()
        self.accepted.connect(self._on_accepted)

    def _on_edited(self) -> None:
        super()._on_edited()
        self._show_choices()

    def _show_choices(self) -> None:
        """Two, and one more than are written: the next comes when it is wanted."""
        written = [number for number, line in enumerate(self.choices) if line.text().strip()]
        last = max(written, default=-1)
        for number, line in enumerate(self.choices):
            line.setVisible(number < max(CHOICES_SHOWN_MIN, last + 2))

    def is_complete(self) -> bool:
        return bool(self.question.text().strip()) and len(self._read_choices()) > 1

    def _read_choices(self) -> tuple[str, ...]:
        texts = (line.text().strip() for line in self.choices)
        return tuple(text for text in texts if text)

    def _on_accepted(self) -> None:
        seconds = self.minutes.value() * 60
        self.chosen.emit(self.question.text().strip(), self._read_choices(), seconds)


class DrawDialog(_RoundDialog):
    """`chosen`: prize, winners, seconds."""

    chosen = Signal(str, int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New lucky draw"))
        self.prize = self.make_line(self.tr("Prize"), limits.DRAW_PRIZE_CHARACTERS_MAX)
        self.winners = self.make_number(self.tr("Winners"), 1, limits.DRAW_WINNERS_MAX)
        self.minutes = self.make_minutes()
        self.begin_at(self.prize)
        self.accepted.connect(self._on_accepted)

    def is_complete(self) -> bool:
        return bool(self.prize.text().strip())

    def _on_accepted(self) -> None:
        seconds = self.minutes.value() * 60
        self.chosen.emit(self.prize.text().strip(), self.winners.value(), seconds)
