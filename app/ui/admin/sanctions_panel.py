"""What stands against somebody, in the house and in its rooms, and lifting it."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from app.live import order
from app.ui.admin.panel import Panel, order_tabs
from app.ui.admin.sanction_words import kind_words, remaining_words
from app.ui.admin.table import Cell, Column, Row, SortTable
from app.ui.cause_words import describe_cause
from app.ui.plain_text import PlainLabel
from wire.ids import SanctionId

if TYPE_CHECKING:
    from app.ui.admin.panel import Desk
    from wire.order_commands import SanctionScope
    from wire.order_events import SanctionInfo, SanctionList

REASON_MIN: Final = 220
_SCOPES: Final[tuple[SanctionScope, ...]] = ("all", "place", "rooms")


class SanctionsPanel(Panel):
    refresh_ms = 8_000

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._sanctions: tuple[SanctionInfo, ...] = ()
        self._next = ""
        self._pages = 1
        self._about = PlainLabel(self)
        self._about.setObjectName("soft")
        self._about.setWordWrap(True)
        self.table = SortTable(
            (
                Column(),
                Column(),
                Column(is_minor=True),
                Column(is_wide=True),
                Column(is_minor=True),
                Column(),
                Column(),
            ),
            self,
            sorted_by=5,
            is_descending=True,
            wide_min=REASON_MIN,
        )
        self.scope = QComboBox(self)
        for scope in _SCOPES:
            self.scope.addItem("", scope)
        self.head.addWidget(self.scope)
        self.lift_button, self.more = QPushButton(self), QPushButton(self)
        self._count = PlainLabel(self)
        self._count.setObjectName("soft")
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self.more)
        foot.addWidget(self.lift_button)
        self.body.addWidget(self._about)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(foot)
        self.table.row_chosen.connect(self._on_chosen)
        self.lift_button.clicked.connect(self._on_lift)
        self.scope.currentIndexChanged.connect(self._on_scope)
        self.more.clicked.connect(self._on_more)
        order_tabs(self.scope, self.table, self.more, self.lift_button)
        self.retranslate()

    def title(self) -> str:
        return self.tr("Sanctions")

    def question(self) -> Coroutine[Any, Any, tuple[tuple[SanctionInfo, ...], str]]:
        pages, scope = self._pages, self.scope.currentData()

        async def ask() -> tuple[tuple[SanctionInfo, ...], str]:
            house = self.desk.house
            page: SanctionList = await order.list_sanctions(house, scope)
            found = page.sanctions
            for _ in range(pages - 1):
                if not page.next_cursor:
                    break
                page = await order.list_sanctions(house, scope, cursor=page.next_cursor)
                found += page.sanctions
            return found, page.next_cursor

        return ask()

    def load(self, answer: tuple[tuple[SanctionInfo, ...], str]) -> None:
        self.show_sanctions(*answer)

    def show_sanctions(self, sanctions: tuple[SanctionInfo, ...], next_cursor: str = "") -> None:
        self._sanctions, self._next = sanctions, next_cursor
        self.table.show_rows([self._make_row(one) for one in sanctions])
        words = self.tr("Shown: %1") if sanctions else self.tr("Nobody is muted or banned here.")
        self._count.setText(words.replace("%1", f"{len(sanctions):,}"))
        self.more.setVisible(bool(next_cursor))
        self._on_chosen(self.table.chosen_id)

    def retranslate(self) -> None:
        super().retranslate()
        self._about.setText(
            self.tr(
                "What stands now. To mute or ban somebody in the whole house, choose them under "
                "Users, or decide a report."
            )
        )
        self.table.setAccessibleName(self.tr("Sanctions"))
        self.table.set_titles(
            (
                self.tr("User"),
                self.tr("What"),
                self.tr("Where"),
                self.tr("Reason"),
                self.tr("By"),
                self.tr("Since"),
                self.tr("Left"),
            )
        )
        self.scope.setAccessibleName(self.tr("Where they hold"))
        for index, words in enumerate(
            (self.tr("Everywhere"), self.tr("In the whole house"), self.tr("In single rooms"))
        ):
            self.scope.setItemText(index, words)
        self.more.setText(self.tr("Show more"))
        self.more.setAccessibleName(self.more.text())
        self.lift_button.setText(self.tr("Lift it"))
        self.lift_button.setAccessibleName(self.lift_button.text())
        self.show_sanctions(self._sanctions, self._next)

    def _make_row(self, one: SanctionInfo) -> Row:
        by = one.imposed_by.name if one.imposed_by is not None else self.tr("The relay itself")
        at = QDateTime.fromMSecsSinceEpoch(one.imposed_at_unix_ms).toString("MM-dd HH:mm")
        where = one.room_name or self.tr("A room")
        if one.room_id is None:
            where = self.tr("The whole house")
        left = one.remaining_ms if one.remaining_ms is not None else float("inf")
        return Row(
            one.sanction_id,
            (
                Cell(one.user.name),
                Cell(kind_words(one.kind), color="bad" if one.kind == "ban" else "warn"),
                Cell(where, color="text_soft" if one.room_id is not None else ""),
                Cell(describe_cause(one.reason)),
                Cell(by),
                Cell(at, one.imposed_at_unix_ms),
                Cell(remaining_words(one.remaining_ms), left),
            ),
        )

    def _on_chosen(self, sanction_id: str) -> None:
        self.lift_button.setEnabled(bool(sanction_id))

    def _on_scope(self) -> None:
        self._pages = 1
        self.refresh()

    def _on_more(self) -> None:
        self._pages += 1
        self.refresh()

    def _on_lift(self) -> None:
        sanction_id = self.table.chosen_id
        if sanction_id:
            self.do(
                order.lift_sanction(self.desk.house, SanctionId(sanction_id)),
                self.tr("It is lifted."),
            )
