"""The queue of reports: the weightiest first, what was said around it, and the verdict."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.live import admin, inbox
from app.ui.admin.panel import Panel, order_tabs
from app.ui.admin.sanction_form import SanctionForm
from app.ui.admin.side_card import PictureLabel, SideCard, lay_beside
from app.ui.admin.table import Cell, Column, Row, SortTable
from app.ui.me.feedback_texts import describe_verdict
from app.ui.plain_text import PlainLabel, one_line, plain
from app.ui.room.report_dialog import describe_reason
from app.ui.theme.kinds import set_kind
from wire import limits

if TYPE_CHECKING:
    from app.ui.admin.panel import Desk
    from wire.inbox_events import ReportBrief, ReportDetails, ReportList
    from wire.order_commands import SanctionKind

SIDE_WIDTH: Final = 304
_LINE_CHARACTERS_MAX: Final = 200


class ReportsPanel(Panel):
    refresh_ms = 6_000

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._reports: tuple[ReportBrief, ...] = ()
        self._total = 0
        self._case: ReportDetails | None = None
        self.queue = QComboBox(self)
        self.queue.addItem("", "open")
        self.queue.addItem("", "decided")
        self.head.addWidget(self.queue)
        self.table = SortTable(
            (Column(is_wide=True), Column(is_minor=True), Column(), Column(is_number=True)),
            self,
            sorted_by=3,
            is_descending=True,
        )
        self._count = PlainLabel(self)
        self._count.setObjectName("soft")
        self.card = SideCard(self, SIDE_WIDTH)
        self._lines = PlainLabel(self)
        self._lines.setWordWrap(True)
        self._picture = PictureLabel(self, SIDE_WIDTH)
        self.claim_button = QPushButton(self)
        self.verdict = QLineEdit(self)
        self.verdict.setMaxLength(limits.VERDICT_CHARACTERS_MAX)
        self.dismiss_button, self.act_button = QPushButton(self), QPushButton(self)
        self.mute_button, self.ban_button = QPushButton(self), QPushButton(self)
        for button in (self.mute_button, self.ban_button):
            set_kind(button, "danger")
        self._lay_out()
        self.queue.currentIndexChanged.connect(self.refresh)
        self.table.row_chosen.connect(self._on_chosen)
        self.claim_button.clicked.connect(self._on_claim)
        self.dismiss_button.clicked.connect(lambda: self._on_decide("dismissed"))
        self.act_button.clicked.connect(lambda: self._on_decide("acted"))
        self.mute_button.clicked.connect(lambda: self._on_sanction("mute"))
        self.ban_button.clicked.connect(lambda: self._on_sanction("ban"))
        self.retranslate()

    def title(self) -> str:
        return self.tr("Reports")

    def question(self) -> Coroutine[Any, Any, ReportList]:
        return inbox.list_reports(self.desk.house, queue=self.queue.currentData())

    def load(self, answer: ReportList) -> None:
        self.show_reports(answer.reports, answer.total)

    def show_reports(self, reports: tuple[ReportBrief, ...], total: int) -> None:
        self._reports, self._total = reports, total
        self.table.show_rows([self._make_row(one) for one in reports])
        words = self.tr("%1 of %2 reports shown") if reports else self.tr("No report waits here.")
        self._count.setText(words.replace("%1", f"{len(reports):,}").replace("%2", f"{total:,}"))

    def show_case(self, case: ReportDetails | None) -> None:
        if _case_id(case) != _case_id(self._case):
            self.verdict.clear()  # what is written of one is not said of another
        self._case = case
        parts: tuple[QWidget, ...] = (
            self.claim_button,
            self.verdict,
            self.dismiss_button,
            self.act_button,
            self.mute_button,
            self.ban_button,
        )
        is_open = case is not None and case.report.state == "open"
        for part in parts:
            part.setVisible(is_open)
        if case is None:
            self.card.title.setText(self.tr("No report is chosen"))
            self.card.words.setText(self.tr("Choose one to see what was said around it."))
            self._lines.setText("")
            self._picture.hide()
            return
        report = case.report
        self.card.title.setText(one_line(report.accused.name))
        self.card.words.setText("\n".join(self._describe(case)))
        self._lines.setText(
            "\n".join(
                f"{one_line(line.name, 40)}: {one_line(line.text, _LINE_CHARACTERS_MAX)}"
                for line in case.lines
            )
        )
        self._picture.show_picture(case.thumbnail)
        claim = self.tr("Let it go") if report.claimed_by is not None else self.tr("I take it")
        self.claim_button.setText(claim)
        self.claim_button.setAccessibleName(claim)

    def retranslate(self) -> None:
        super().retranslate()
        self.queue.setAccessibleName(self.tr("Which reports"))
        self.queue.setItemText(0, self.tr("Waiting"))
        self.queue.setItemText(1, self.tr("Decided"))
        self.table.setAccessibleName(self.tr("Reports"))
        self.table.set_titles(
            (self.tr("About"), self.tr("Room"), self.tr("Reason"), self.tr("Weight"))
        )
        self.verdict.setPlaceholderText(self.tr("Words for those who reported it"))
        self.verdict.setAccessibleName(self.verdict.placeholderText())
        for button, words in (
            (self.dismiss_button, self.tr("No breach")),
            (self.act_button, self.tr("Dealt with")),
            (self.mute_button, self.tr("Mute…")),
            (self.ban_button, self.tr("Ban…")),
        ):
            button.setText(words)
            button.setAccessibleName(words)
        self.show_reports(self._reports, self._total)
        self.show_case(self._case)

    # --- within -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.table, 1)
        left.addWidget(self._count)
        deciding = QHBoxLayout()
        deciding.setSpacing(8)
        deciding.addWidget(self.dismiss_button)
        deciding.addWidget(self.act_button)
        sanctioning = QHBoxLayout()
        sanctioning.setSpacing(8)
        sanctioning.addWidget(self.mute_button)
        sanctioning.addWidget(self.ban_button)
        for widget in (self._picture, self._lines):
            self.card.content.addWidget(widget)
        self.card.content.addStretch(1)
        foot = self.card.add_foot()
        foot.addWidget(self.claim_button)
        foot.addWidget(self.verdict)
        foot.addLayout(deciding)
        foot.addLayout(sanctioning)
        lay_beside(self, left, self.card)
        order_tabs(
            self.queue,
            self.table,
            self.claim_button,
            self.verdict,
            self.dismiss_button,
            self.act_button,
            self.mute_button,
            self.ban_button,
        )

    def _make_row(self, one: ReportBrief) -> Row:
        about = f"{one.accused.name}: {one.text}" if one.text else one.accused.name
        reason = describe_reason(one.reasons[0]) if one.reasons else ""
        color = "text_soft" if one.claimed_by is not None else ""
        return Row(
            one.report_id,
            (
                Cell(about, color=color),
                Cell(one_line(one.room_name, 24)),
                Cell(reason),
                Cell(f"{one.weight / 100:.1f}", one.weight),
            ),
        )

    def _describe(self, case: ReportDetails) -> list[str]:
        report = case.report
        lines = [self.tr("Room: %1").replace("%1", one_line(report.room_name))]
        if report.text:
            lines.append(self.tr("Said: %1").replace("%1", one_line(report.text)))
        people = self.tr("Reported by %1").replace("%1", f"{report.count:,}")
        lines.append(people)
        if report.claimed_by is not None:
            taken = self.tr("%1 is at it")
            lines.append(taken.replace("%1", one_line(report.claimed_by.name, 40)))
        if report.state != "open":
            lines.append(describe_verdict(report.state))
        if report.verdict:
            lines.append(one_line(report.verdict))
        for entry in case.entries:
            who = one_line(entry.reporter.name, 40) if entry.reporter is not None else "–"
            at = QDateTime.fromMSecsSinceEpoch(entry.at_unix_ms).toString("MM-dd HH:mm")
            words = f"{who}, {at}: {describe_reason(entry.reason)}"
            lines.append(f"{words} · {plain(entry.text, 200)}" if entry.text else words)
        return lines

    def _on_chosen(self, report_id: str) -> None:
        if not report_id:
            self.show_case(None)
            return

        def show(case: ReportDetails) -> None:
            if self.table.chosen_id == report_id:
                self.show_case(case)

        asked = inbox.get_report(self.desk.house, report_id)
        self.desk.ask(asked, show, self.show_failure)

    def _show_if_chosen(self, case: ReportDetails) -> None:
        """An answer about another one comes too late to be shown."""
        if _case_id(self._case) == case.report.report_id:
            self.show_case(case)

    def _give_back(self, report_id: str, verdict: str) -> None:
        """What was written is there again where it was not taken."""
        if _case_id(self._case) == report_id and not self.verdict.text():
            self.verdict.setText(verdict)

    def _on_claim(self) -> None:
        if self._case is not None:
            report = self._case.report
            asked = inbox.claim_report(
                self.desk.house, report.report_id, is_claimed=report.claimed_by is None
            )
            self.do(asked, "", self._show_if_chosen)

    def _on_decide(self, decision: str) -> None:
        if self._case is not None:
            report_id, verdict = self._case.report.report_id, self.verdict.text()
            asked = inbox.decide_report(
                self.desk.house,
                report_id,
                "acted" if decision == "acted" else "dismissed",
                verdict.strip(),
            )
            self.verdict.clear()
            self.do(
                asked,
                self.tr("It is decided."),
                self._show_if_chosen,
                lambda: self._give_back(report_id, verdict),
            )

    def _on_sanction(self, kind: SanctionKind) -> None:
        """Mute or ban whom it is about, and with that decide it."""
        if self._case is None:
            return
        report, verdict = self._case.report, self.verdict.text().strip()
        reason = describe_reason(report.reasons[0]) if report.reasons else ""
        form = SanctionForm(
            self, report.accused.name, kind=kind, room_name=report.room_name, reason=reason
        )

        def act(what: SanctionKind, duration_s: int | None, why: str, is_in_room: bool) -> None:  # noqa: FBT001 # a signal's
            done = admin.act_on_report(
                self.desk.house,
                report,
                kind=what,
                duration_s=duration_s,
                reason=why,
                is_in_room=is_in_room,
                verdict=verdict,
            )
            self.verdict.clear()
            self.do(
                done,
                self.tr("It is imposed, and the report is decided."),
                self._show_if_chosen,
                lambda: self._give_back(report.report_id, verdict),
            )

        form.wanted.connect(act)
        form.open()


def _case_id(case: ReportDetails | None) -> str:
    return case.report.report_id if case is not None else ""
