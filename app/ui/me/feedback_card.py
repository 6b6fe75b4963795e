"""The feedback centre: write to the admins, and see what became of it and of one's reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.state.inbox import InboxState, changed_at_unix_ms
from app.ui.me.card import Card, plain_label
from app.ui.me.feedback_texts import (
    describe_sanction,
    describe_state,
    describe_time,
    describe_title,
)
from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.theme.kinds import set_kind
from wire.inbox_events import OwnFeedback

if TYPE_CHECKING:
    from app.state.inbox import Item
    from wire.order_events import SanctionInfo

SHOWN_FIRST: Final = 3
"""More on demand: what is below should be reached without a long way."""


class FeedbackCard(Card):
    """Says what the user wants; renders an InboxState."""

    write_wanted = Signal()
    more_wanted = Signal()
    appeal_wanted = Signal(object)
    """SanctionInfo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = InboxState()
        self._shown_max = SHOWN_FIRST
        self._words = plain_label(self, is_soft=True)
        self.write = QPushButton(self)
        self.write.setProperty("kind", "primary")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        self.more = QPushButton(self)
        first = QHBoxLayout()
        first.setSpacing(16)
        first.addWidget(self._words, 1)
        first.addWidget(self.write, 0, Qt.AlignmentFlag.AlignTop)
        last = QHBoxLayout()
        last.addWidget(self.more)
        last.addStretch(1)
        self.body.addLayout(first)
        self.body.addLayout(self._rows)
        self.body.addLayout(last)
        self.write.clicked.connect(self.write_wanted)
        self.more.clicked.connect(self._on_more)
        self.retranslate()

    def render_state(self, state: InboxState) -> None:
        self._state = state
        if not state.items:
            self._shown_max = SHOWN_FIRST
        self._show_rows()

    def retranslate(self) -> None:
        self.set_heading(self.tr("Feedback and reports"))
        self._words.setText(
            self.tr(
                "Something does not work, or could be better? Those who run this house read it and "
                "answer here. What you reported in rooms stands here too."
            )
        )
        for button, words in (
            (self.write, self.tr("Write to the admins")),
            (self.more, self.tr("Show more")),
        ):
            button.setText(words)
            button.setAccessibleName(words)
        self._show_rows()

    def _show_rows(self) -> None:
        while (taken := self._rows.takeAt(0)) is not None:
            row = taken.widget()
            if row is not None:
                row.hide()
                row.deleteLater()
        for sanction in self._state.sanctions:
            self._rows.addWidget(self._make_sanction(sanction))
        items = self._state.items
        for item in items[: self._shown_max]:
            self._rows.addWidget(self._make_row(item))
        self.more.setVisible(len(items) > self._shown_max or self._state.has_more)

    def _make_sanction(self, sanction: SanctionInfo) -> QWidget:
        row = QFrame(self)
        row.setObjectName("inboxitem")
        words = plain_label(row)
        words.setText(describe_sanction(sanction))
        button = QPushButton(self.tr("Appeal"), row)
        may = self._state.may_appeal(sanction.sanction_id)
        button.setEnabled(may)
        button.setAccessibleName(self.tr("Appeal"))
        if not may:
            set_tooltip(button, self.tr("Your appeal waits for an answer."))
        button.clicked.connect(lambda: self.appeal_wanted.emit(sanction))
        line = QHBoxLayout(row)
        line.setContentsMargins(16, 12, 16, 12)
        line.setSpacing(16)
        line.addWidget(words, 1)
        line.addWidget(button)
        return row

    def _make_row(self, item: Item) -> QWidget:
        row = QFrame(self)
        row.setObjectName("inboxitem")
        title, badge, when = PlainLabel(row), PlainLabel(row), PlainLabel(row)
        title.setObjectName("h3")
        title.setText(describe_title(item))
        badge.setObjectName("badge")
        words, kind = describe_state(item)
        badge.setText(words)
        set_kind(badge, "new" if item.is_unread else kind)
        when.setObjectName("soft")
        when.setText(describe_time(changed_at_unix_ms(item)))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title)
        head.addWidget(badge)
        head.addStretch(1)
        head.addWidget(when)
        column = QVBoxLayout(row)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        answer = item.answer if isinstance(item, OwnFeedback) else item.verdict
        for text, is_soft in ((item.text, True), (answer, False)):
            if text:
                label = plain_label(row, is_soft=is_soft)
                label.setText(text)
                column.addWidget(label)
        return row

    def _on_more(self) -> None:
        self._shown_max = max(len(self._state.items), self._shown_max) + SHOWN_FIRST
        if self._state.has_more:
            self.more_wanted.emit()
        self._show_rows()
