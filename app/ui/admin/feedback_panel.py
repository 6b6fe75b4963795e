"""What users wrote to the house, and the answer that comes back to them."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QDateTime
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.live import inbox
from app.ui.admin.panel import Panel, order_tabs
from app.ui.admin.side_card import PictureLabel, SideCard, lay_beside
from app.ui.admin.table import Cell, Column, Row, SortTable
from app.ui.me.feedback_texts import describe_category, describe_status
from app.ui.plain_text import PlainLabel, one_line, plain
from app.ui.theme.kinds import set_kind
from wire import limits

if TYPE_CHECKING:
    from app.ui.admin.panel import Desk
    from wire.inbox_commands import FeedbackStatus
    from wire.inbox_events import FeedbackBrief, FeedbackDetails, FeedbackList

SIDE_WIDTH: Final = 304
ANSWER_HEIGHT: Final = 96
_STATUSES: Final[tuple[FeedbackStatus | None, ...]] = (None, "new", "read", "answered", "closed")


class FeedbackPanel(Panel):
    refresh_ms = 8_000

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._items: tuple[FeedbackBrief, ...] = ()
        self._total = 0
        self._case: FeedbackDetails | None = None
        self.status = QComboBox(self)
        for status in _STATUSES:
            self.status.addItem("", status)
        self.head.addWidget(self.status)
        self.table = SortTable(
            (Column(), Column(is_wide=True), Column()),
            self,
            is_descending=True,
        )
        self._count = PlainLabel(self)
        self._count.setObjectName("soft")
        self.card = SideCard(self, SIDE_WIDTH)
        self._text = PlainLabel(self)
        self._text.setWordWrap(True)
        self._picture = PictureLabel(self, SIDE_WIDTH)
        self.answer = QPlainTextEdit(self)
        self.answer.setFixedHeight(ANSWER_HEIGHT)
        self.answer.setTabChangesFocus(True)
        self.answer_button, self.close_button = QPushButton(self), QPushButton(self)
        self.grant_button = QPushButton(self)
        set_kind(self.answer_button, "primary")
        self._lay_out()
        self.status.currentIndexChanged.connect(self.refresh)
        self.table.row_chosen.connect(self._on_chosen)
        self.answer.textChanged.connect(self._on_typed)
        self.answer_button.clicked.connect(lambda _is_checked: self._on_answer())
        self.close_button.clicked.connect(lambda: self._on_answer(is_closed=True))
        self.grant_button.clicked.connect(lambda: self._on_answer(is_granted=True))
        self.retranslate()

    def title(self) -> str:
        return self.tr("Feedback")

    def question(self) -> Coroutine[Any, Any, FeedbackList]:
        return inbox.list_feedback(self.desk.house, status=self.status.currentData())

    def load(self, answer: FeedbackList) -> None:
        self.show_feedback(answer.items, answer.total)

    def show_feedback(self, items: tuple[FeedbackBrief, ...], total: int) -> None:
        self._items, self._total = items, total
        self.table.show_rows([self._make_row(one) for one in items])
        words = self.tr("%1 of %2 shown") if items else self.tr("Nothing was written yet.")
        self._count.setText(words.replace("%1", f"{len(items):,}").replace("%2", f"{total:,}"))

    def show_case(self, case: FeedbackDetails | None) -> None:
        if _case_id(case) != _case_id(self._case):
            self.answer.clear()  # what is written to one is not sent to another
        self._case = case
        has_sanction = case is not None and case.sanction is not None
        parts: tuple[QWidget, ...] = (self.answer, self.answer_button, self.close_button)
        for part in parts:
            part.setVisible(case is not None)
        self.grant_button.setVisible(has_sanction)
        if case is None:
            self.card.title.setText(self.tr("Nothing is chosen"))
            self.card.words.setText(self.tr("Choose a line to read all of it and to answer."))
            self._text.setText("")
            self._picture.hide()
            return
        feedback = case.feedback
        self.card.title.setText(one_line(case.user.name))
        at = QDateTime.fromMSecsSinceEpoch(feedback.sent_at_unix_ms).toString("yyyy-MM-dd HH:mm")
        parts_of_about = [describe_category(feedback.category), _status_words(feedback.status)]
        self.card.words.setText(" · ".join([*parts_of_about, at]))
        texts = [plain(feedback.text)]
        if feedback.answer:
            texts.append(self.tr("Answer: %1").replace("%1", plain(feedback.answer)))
        if case.diagnostics:
            texts.append(self.tr("Sent with it:") + "\n" + plain(case.diagnostics))
        self._text.setText("\n\n".join(texts))
        self._picture.show_picture(case.screenshot)
        self._on_typed()

    def retranslate(self) -> None:
        super().retranslate()
        self.status.setAccessibleName(self.tr("Which feedback"))
        for index, status in enumerate(_STATUSES):
            words = self.tr("All feedback") if status is None else _status_words(status)
            self.status.setItemText(index, words)
        self.table.setAccessibleName(self.tr("Feedback"))
        self.table.set_titles((self.tr("When"), self.tr("Text"), self.tr("State")))
        self.answer.setPlaceholderText(self.tr("Your answer"))
        self.answer.setAccessibleName(self.tr("Your answer"))
        for button, words in (
            (self.answer_button, self.tr("Answer")),
            (self.close_button, self.tr("Close")),
            (self.grant_button, self.tr("Grant the appeal")),
        ):
            button.setText(words)
            button.setAccessibleName(words)
        self.show_feedback(self._items, self._total)
        self.show_case(self._case)

    # --- within -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.table, 1)
        left.addWidget(self._count)
        for widget in (self._text, self._picture):
            self.card.content.addWidget(widget)
        self.card.content.addStretch(1)
        foot = self.card.add_foot()
        foot.addWidget(self.answer)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.close_button, 1)
        buttons.addWidget(self.answer_button, 1)
        foot.addLayout(buttons)
        foot.addWidget(self.grant_button)
        lay_beside(self, left, self.card)
        order_tabs(
            self.status,
            self.table,
            self.answer,
            self.close_button,
            self.answer_button,
            self.grant_button,
        )

    def _make_row(self, one: FeedbackBrief) -> Row:
        at = QDateTime.fromMSecsSinceEpoch(one.sent_at_unix_ms).toString("MM-dd HH:mm")
        who = one_line(one.user.name, 24)
        text = f"{who} · {describe_category(one.category)} · {one.text}"
        color = "accent_text" if one.status == "new" else ""
        return Row(
            one.feedback_id,
            (
                Cell(at, one.sent_at_unix_ms),
                Cell(text),
                Cell(_status_words(one.status), color=color),
            ),
        )

    def _on_typed(self) -> None:
        length = len(self.answer.toPlainText().strip())
        self.answer_button.setEnabled(0 < length <= limits.FEEDBACK_CHARACTERS_MAX)

    def _on_chosen(self, feedback_id: str) -> None:
        if not feedback_id:
            self.show_case(None)
            return

        def show(case: FeedbackDetails) -> None:
            if self.table.chosen_id == feedback_id:
                self.show_case(case)

        asked = inbox.get_feedback(self.desk.house, feedback_id)
        self.desk.ask(asked, show, self.show_failure)

    def _on_answer(self, *, is_closed: bool = False, is_granted: bool = False) -> None:
        if self._case is None:
            return
        feedback_id, text = self._case.feedback.feedback_id, self.answer.toPlainText()

        def show(case: FeedbackDetails) -> None:
            if _case_id(self._case) == feedback_id:
                self.show_case(case)

        def give_back() -> None:
            if _case_id(self._case) == feedback_id and not self.answer.toPlainText():
                self.answer.setPlainText(text)

        asked = inbox.answer_feedback(
            self.desk.house,
            feedback_id,
            text.strip()[: limits.FEEDBACK_CHARACTERS_MAX],
            is_closed=is_closed,
            is_granted=is_granted,
        )
        self.answer.clear()
        self.do(asked, self.tr("The answer is on its way."), show, give_back)


def _case_id(case: FeedbackDetails | None) -> str:
    return case.feedback.feedback_id if case is not None else ""


def _status_words(status: FeedbackStatus) -> str:
    """What its author calls sent is new to who reads it."""
    if status == "new":
        return QCoreApplication.translate("FeedbackPanel", "New")
    return describe_status(status)
