"""Asks what is wrong with a message, a user or a room, and has it reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.live.inbox import make_report
from app.state.inbox import REASONS
from app.ui.answer_row import answer_row
from app.ui.bounded_text import BoundedText
from app.ui.plain_text import PlainLabel, one_line
from wire.limits import REPORT_TEXT_CHARACTERS_MAX

if TYPE_CHECKING:
    from app.state.inbox import ReportTarget
    from wire.inbox_commands import ReportReason
    from wire.inbox_events import ReportKind

WIDTH: Final = 520
NAME_CHARACTERS_MAX: Final = 40
QUOTE_CHARACTERS_MAX: Final = 160


def ask_report(parent: QWidget, target: ReportTarget) -> ReportDialog:
    """Open the dialog over the window that `parent` stands in.

    What the user says goes to that window's `report_wanted`, which sends it and tells how it went.
    """
    window = parent.window()
    while not hasattr(window, "report_wanted"):
        above = window.parentWidget()
        if above is None:
            break
        window = above.window()
    dialog = ReportDialog(window, target)
    if hasattr(window, "report_wanted"):
        dialog.wanted.connect(window.report_wanted)
    dialog.open()
    return dialog


def describe_reason(reason: ReportReason) -> str:
    translate = QCoreApplication.translate
    return {
        "spam": translate("Reports", "Spam or advertising"),
        "harassment": translate("Reports", "Insults or harassment"),
        "hate": translate("Reports", "Hate against a group"),
        "sexual": translate("Reports", "Sexual content"),
        "violence": translate("Reports", "Violence or danger"),
        "fraud": translate("Reports", "Fraud"),
        "privacy": translate("Reports", "Someone's private data"),
        "other": translate("Reports", "Something else"),
    }[reason]


def describe_kind(kind: ReportKind, name: str) -> str:
    """As a heading."""
    translate = QCoreApplication.translate
    words = {
        "message": translate("Reports", "Report a message of {name}"),
        "user": translate("Reports", "Report {name}"),
        "room": translate("Reports", "Report the room “{name}”"),
    }[kind]
    return words.replace("{name}", one_line(name, NAME_CHARACTERS_MAX) or "–")


class ReportDialog(QDialog):
    """`wanted` carries a SendReport. One reason; words where they help."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget, target: ReportTarget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self._target = target
        heading = describe_kind(target.kind, target.name)
        self.setWindowTitle("Livehouse")
        self.setAccessibleName(heading)
        label = PlainLabel(self)
        label.setObjectName("h2")
        label.setText(heading)
        label.setWordWrap(True)
        self._group = QButtonGroup(self)
        self.reasons: dict[ReportReason, QRadioButton] = {}
        self.text = BoundedText(REPORT_TEXT_CHARACTERS_MAX, self)
        self.text.edit.setFixedHeight(80)
        self._note = PlainLabel(self)
        self._note.setObjectName("soft")
        self._note.setWordWrap(True)
        self.send_button, self.cancel_button = QPushButton(self), QPushButton(self)
        self.send_button.setProperty("kind", "primary")
        self.send_button.setDefault(True)
        self.send_button.clicked.connect(self._on_send)
        self.cancel_button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(16)
        layout.addWidget(label)
        if target.text:
            layout.addWidget(self._make_quote(target.text))
        layout.addLayout(self._make_reasons())
        layout.addWidget(self.text)
        layout.addWidget(self._note)
        layout.addLayout(answer_row(self, yes=self.send_button, no=self.cancel_button))
        self.text.edit.textChanged.connect(self._render)
        self._retranslate()
        self._render()
        self.reasons["spam"].setFocus()

    def choose(self, reason: ReportReason) -> None:
        self.reasons[reason].setChecked(True)

    def _make_quote(self, text: str) -> QFrame:
        """What is reported, so that nobody reports the wrong line."""
        frame = QFrame(self)
        frame.setObjectName("card")
        quote = PlainLabel(frame)
        quote.setWordWrap(True)
        quote.setText(one_line(text, QUOTE_CHARACTERS_MAX))
        row = QHBoxLayout(frame)
        row.setContentsMargins(16, 12, 16, 12)
        row.addWidget(quote)
        return frame

    def _make_reasons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        half = (len(REASONS) + 1) // 2
        for number, reason in enumerate(REASONS):
            button = QRadioButton(self)
            button.toggled.connect(self._render)
            self._group.addButton(button)
            self.reasons[reason] = button
            grid.addWidget(button, number % half, number // half)
        return grid

    def _retranslate(self) -> None:
        for reason, radio in self.reasons.items():
            words = describe_reason(reason)
            radio.setText(words)
            radio.setAccessibleName(words)
        self.text.set_name(self.tr("What happened"))
        self._note.setText(
            self.tr(
                "Whoever keeps order decides, and you are told. Nobody reported learns who it was."
            )
        )
        for button, words in (
            (self.send_button, self.tr("Report")),
            (self.cancel_button, self.tr("Cancel")),
        ):
            button.setText(words)
            button.setAccessibleName(words)

    def _chosen(self) -> ReportReason | None:
        return next((one for one, radio in self.reasons.items() if radio.isChecked()), None)

    def _render(self) -> None:
        reason = self._chosen()
        needs_words = reason == "other"
        self.text.set_hint(
            self.tr("Say in a few words what is wrong")
            if needs_words
            else self.tr("What happened, if it needs words")
        )
        has_words = bool(self.text.text())
        self.send_button.setEnabled(reason is not None and (has_words or not needs_words))

    def _on_send(self) -> None:
        reason = self._chosen()
        if reason is not None:
            self.wanted.emit(make_report(self._target, reason, self.text.text()))
            self.accept()
