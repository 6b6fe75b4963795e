"""What stands against somebody in the whole house, and lifting it."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.live import order
from app.ui.admin.panel import Panel
from app.ui.admin.sanction_words import kind_words, remaining_words
from app.ui.admin.table import Cell, Column, Row, SortTable
from app.ui.plain_text import PlainLabel
from wire.ids import SanctionId

if TYPE_CHECKING:
    from app.ui.admin.panel import Desk
    from wire.order_events import SanctionInfo, SanctionList


class SanctionsPanel(Panel):
    refresh_ms = 8_000

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._sanctions: tuple[SanctionInfo, ...] = ()
        self._about = PlainLabel(self)
        self._about.setObjectName("soft")
        self._about.setWordWrap(True)
        self.table = SortTable(
            (Column(), Column(), Column(is_wide=True), Column(), Column(), Column()),
            self,
            sorted_by=4,
            is_descending=True,
        )
        self.lift_button = QPushButton(self)
        self._count = PlainLabel(self)
        self._count.setObjectName("soft")
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self.lift_button)
        self.body.addWidget(self._about)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(foot)
        self.table.row_chosen.connect(self._on_chosen)
        self.lift_button.clicked.connect(self._on_lift)
        self.retranslate()

    def title(self) -> str:
        return self.tr("Sanctions")

    def question(self) -> Coroutine[Any, Any, SanctionList]:
        return order.list_sanctions(self.desk.house)

    def load(self, answer: SanctionList) -> None:
        self.show_sanctions(answer.sanctions)

    def show_sanctions(self, sanctions: tuple[SanctionInfo, ...]) -> None:
        self._sanctions = sanctions
        self.table.show_rows([self._make_row(one) for one in sanctions])
        words = (
            self.tr("Standing now: %1")
            if sanctions
            else self.tr("Nobody is silenced or banned in the house.")
        )
        self._count.setText(words.replace("%1", f"{len(sanctions):,}"))
        self._on_chosen(self.table.chosen_id)

    def retranslate(self) -> None:
        super().retranslate()
        self._about.setText(
            self.tr(
                "These hold in every room. What a room's moderators impose is kept in that room. "
                "To silence or ban somebody here, choose them under Users."
            )
        )
        self.table.setAccessibleName(self.tr("Sanctions"))
        self.table.set_titles(
            (
                self.tr("User"),
                self.tr("What"),
                self.tr("Reason"),
                self.tr("By"),
                self.tr("Since"),
                self.tr("Left"),
            )
        )
        self.lift_button.setText(self.tr("Lift it"))
        self.lift_button.setAccessibleName(self.lift_button.text())
        self.show_sanctions(self._sanctions)

    def _make_row(self, one: SanctionInfo) -> Row:
        by = one.imposed_by.name if one.imposed_by is not None else self.tr("The relay itself")
        at = QDateTime.fromMSecsSinceEpoch(one.imposed_at_unix_ms).toString("MM-dd HH:mm")
        left = one.remaining_ms if one.remaining_ms is not None else float("inf")
        return Row(
            one.sanction_id,
            (
                Cell(one.user.name),
                Cell(kind_words(one.kind), color="bad" if one.kind == "ban" else "warn"),
                Cell(one.reason),
                Cell(by),
                Cell(at, one.imposed_at_unix_ms),
                Cell(remaining_words(one.remaining_ms), left),
            ),
        )

    def _on_chosen(self, sanction_id: str) -> None:
        self.lift_button.setEnabled(bool(sanction_id))

    def _on_lift(self) -> None:
        sanction_id = self.table.chosen_id
        if sanction_id:
            self.do(
                order.lift_sanction(self.desk.house, SanctionId(sanction_id)),
                self.tr("It is lifted."),
            )
