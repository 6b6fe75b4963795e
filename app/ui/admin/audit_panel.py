"""The book: who did what to keep order, with a filter, undoing, and a file of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPushButton, QWidget

from app.live import order
from app.state.act_export import write_csv, write_json
from app.ui.admin.act_words import ACTIONS, action_words, describe_act
from app.ui.admin.panel import Panel, order_tabs
from app.ui.admin.table import Cell, Column, Row, SortTable
from app.ui.cause_words import describe_cause
from app.ui.plain_text import PlainLabel
from app.ui.toast import tell
from wire.ids import ActId

if TYPE_CHECKING:
    from app.ui.admin.panel import Desk
    from wire.order_events import ActInfo, ActList

DAY_MS: Final = 86_400_000
_TIME_FORMAT: Final = "yyyy-MM-dd HH:mm:ss"
_SPANS: Final[tuple[int, ...]] = (0, DAY_MS, 7 * DAY_MS, 30 * DAY_MS)


class AuditPanel(Panel):
    refresh_ms = 10_000

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._acts: tuple[ActInfo, ...] = ()
        self._next = ""
        self._pages = 1
        self.action, self.span = QComboBox(self), QComboBox(self)
        self.action.addItem("", "")
        for action in ACTIONS:
            self.action.addItem("", action)
        for span in _SPANS:
            self.span.addItem("", span)
        self.export_button = QPushButton(self)
        self.undo_button, self.more = QPushButton(self), QPushButton(self)
        self._count = PlainLabel(self)
        self._count.setObjectName("soft")
        self.table = SortTable(
            (Column(), Column(), Column(), Column(is_wide=True)),
            self,
            is_descending=True,
        )
        self.head.addWidget(self.export_button)
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.action)
        filters.addWidget(self.span)
        filters.addStretch(1)
        filters.addWidget(self.undo_button)
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self.more)
        self.body.addLayout(filters)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(foot)
        self.action.currentIndexChanged.connect(self._on_filter)
        self.span.currentIndexChanged.connect(self._on_filter)
        self.table.row_chosen.connect(self._on_chosen)
        self.undo_button.clicked.connect(self._on_undo)
        self.more.clicked.connect(self._on_more)
        self.export_button.clicked.connect(self._on_export)
        order_tabs(
            self.export_button, self.action, self.span, self.undo_button, self.table, self.more
        )
        self.retranslate()

    def title(self) -> str:
        return self.tr("Book of acts")

    def question(self) -> Coroutine[Any, Any, tuple[tuple[ActInfo, ...], str]]:
        pages, (action, since) = self._pages, self._filter()

        async def ask() -> tuple[tuple[ActInfo, ...], str]:
            house = self.desk.house
            page: ActList = await order.list_acts(house, action=action, since_unix_ms=since)
            acts = page.acts
            for _ in range(pages - 1):
                if not page.next_cursor:
                    break
                page = await order.list_acts(
                    house, action=action, since_unix_ms=since, cursor=page.next_cursor
                )
                acts += page.acts
            return acts, page.next_cursor

        return ask()

    def load(self, answer: tuple[tuple[ActInfo, ...], str]) -> None:
        self.show_acts(*answer)

    def show_acts(self, acts: tuple[ActInfo, ...], next_cursor: str = "") -> None:
        self._acts, self._next = acts, next_cursor
        self.table.show_rows([self._make_row(act) for act in acts])
        words = self.tr("Lines shown: %1") if acts else self.tr("Nothing was done that fits here.")
        self._count.setText(words.replace("%1", f"{len(acts):,}"))
        self.more.setVisible(bool(next_cursor))
        self.export_button.setEnabled(bool(acts))
        self._on_chosen(self.table.chosen_id)

    def retranslate(self) -> None:
        super().retranslate()
        self.action.setAccessibleName(self.tr("What was done"))
        self.action.setItemText(0, self.tr("Everything"))
        for index, action in enumerate(ACTIONS, start=1):
            self.action.setItemText(index, action_words(action))
        self.span.setAccessibleName(self.tr("Since when"))
        for index, words in enumerate(
            (
                self.tr("At any time"),
                self.tr("In 24 hours"),
                self.tr("In 7 days"),
                self.tr("In 30 days"),
            )
        ):
            self.span.setItemText(index, words)
        self.table.setAccessibleName(self.title())
        self.table.set_titles(
            (
                self.tr("When"),
                self.tr("Who"),
                self.tr("What"),
                self.tr("Details"),
            )
        )
        for button, words in (
            (self.export_button, self.tr("Save as a file…")),
            (self.undo_button, self.tr("Undo")),
            (self.more, self.tr("Show more")),
        ):
            button.setText(words)
            button.setAccessibleName(words)
        self.show_acts(self._acts, self._next)

    # --- within -------------------------------------------------------------------------------

    def _filter(self) -> tuple[str, int | None]:
        span = int(self.span.currentData() or 0)
        since = QDateTime.currentMSecsSinceEpoch() - span if span else None
        return str(self.action.currentData() or ""), since

    def _make_row(self, act: ActInfo) -> Row:
        who = act.actor.name if act.actor is not None else self.tr("The relay itself")
        details = Cell(describe_act(act))
        if act.undone_at_unix_ms is not None:
            undone = (self.tr("Undone"), details.text)
            details = Cell(" · ".join(words for words in undone if words), color="text_soft")
        return Row(
            act.act_id,
            (
                Cell(write_time(act.at_unix_ms), act.at_unix_ms),
                Cell(who),
                Cell(action_words(act.action)),
                details,
            ),
        )

    def _find(self, act_id: str) -> ActInfo | None:
        return next((act for act in self._acts if act.act_id == act_id), None)

    def _on_chosen(self, act_id: str) -> None:
        act = self._find(act_id)
        self.undo_button.setEnabled(act is not None and act.can_undo)

    def _on_filter(self) -> None:
        self._pages = 1
        self.refresh()

    def _on_more(self) -> None:
        self._pages += 1
        self.refresh()

    def _on_undo(self) -> None:
        act_id = self.table.chosen_id
        if act_id:
            self.do(order.undo_act(self.desk.house, ActId(act_id)), self.tr("It is undone."))

    def _on_export(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the book of acts"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Table (*.csv)"), self.tr("Data (*.json)")])
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("livehouse-acts.csv")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("json" if "json" in chosen else "csv")
        )
        dialog.fileSelected.connect(self.export)
        dialog.open()

    def export(self, path: str) -> None:
        """All that fits the filter, beyond what is shown too; the file's ending says how."""
        action, since = self._filter()
        is_json = path.lower().endswith(".json")

        def save(acts: tuple[ActInfo, ...]) -> None:
            text = write_json(acts) if is_json else write_csv(acts, write_time, describe_cause)
            words = self.tr("Lines saved: %1").replace("%1", f"{len(acts):,}")
            _save(Path(path), text, lambda: tell(self, words, "good"), self._on_not_saved)

        self.do(order.read_all_acts(self.desk.house, action=action, since_unix_ms=since), "", save)

    def _on_not_saved(self, error: OSError) -> None:
        words = self.tr("The file could not be written: %1")
        tell(self, words.replace("%1", error.strerror or str(error)), "bad")


def write_time(unix_ms: int) -> str:
    """By the clock of this computer."""
    return QDateTime.fromMSecsSinceEpoch(unix_ms).toString(_TIME_FORMAT)


def _save(
    path: Path, text: str, on_saved: Callable[[], object], on_failed: Callable[[OSError], object]
) -> None:
    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as error:
        on_failed(error)
    else:
        on_saved()
