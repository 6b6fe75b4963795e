"""Where coins and beans came from and went, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.ui.plain_text import one_line
from app.ui.theme import current

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from wire.coin_events import Movement

HEIGHT_MAX: Final = 300
"""What is longer scrolls."""
LINES_MIN: Final = 2
NAME_CHARACTERS_MAX: Final = 40
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class StatementList(QTreeWidget):
    """When, what, how much, and what was left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._movements: tuple[Movement, ...] = ()
        self.setObjectName("statement")
        self.setColumnCount(4)
        self.setRootIsDecorated(False)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)

        current.changed.connect(self._write_anew)

    def show_movements(self, movements: tuple[Movement, ...]) -> None:
        if movements == self._movements and self.topLevelItemCount() == len(movements):
            return
        self._movements = movements
        place = self.verticalScrollBar().value()
        self.clear()
        self.addTopLevelItems([_make_item(one) for one in movements])
        self.verticalScrollBar().setValue(place)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        self._fit()  # only now are its lines as high as the style makes them
        super().showEvent(event)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Statement"))
        self._write_anew()

    def _fit(self) -> None:
        """As high as its lines, within bounds."""
        self.ensurePolished()
        line = max(self.sizeHintForRow(0), self.fontMetrics().height())
        lines = line * max(LINES_MIN, len(self._movements))
        self.setFixedHeight(min(HEIGHT_MAX, lines + 2 * self.frameWidth()))

    def _write_anew(self) -> None:
        movements, self._movements = self._movements, ()
        self.clear()
        self.show_movements(movements)


def describe_movement(movement: Movement) -> str:
    """In a few words; what is not known yet keeps the relay's own word for it."""
    translate = QCoreApplication.translate
    came = movement.amount >= 0
    kinds = {
        "gift": translate("Wallet", "Gift from {name}")
        if came
        else translate("Wallet", "Gift to {name}"),
        "daily_grant": translate("Wallet", "Free coins of the day"),
        "watch_grant": translate("Wallet", "Earned by watching"),
        "admin_grant": translate("Wallet", "Given by the house"),
        "red_packet": translate("Wallet", "Red packet sent"),
        "red_packet_share": translate("Wallet", "Share of a red packet"),
        "red_packet_return": translate("Wallet", "Came back from a red packet"),
        "gift_refund": translate("Wallet", "Refund"),
        "grant_refund": translate("Wallet", "Refund"),
    }
    words = kinds.get(movement.kind, one_line(movement.kind, NAME_CHARACTERS_MAX))
    other = movement.other.name if movement.other is not None else ""
    if "{name}" in words:
        words = words.replace("{name}", one_line(other, NAME_CHARACTERS_MAX) or "–")
    elif other:
        words = f"{words} · {one_line(other, NAME_CHARACTERS_MAX)}"
    note = one_line(movement.note, 2 * NAME_CHARACTERS_MAX)
    return f"{words} · {note}" if note else words


def _make_item(movement: Movement) -> QTreeWidgetItem:
    translate = QCoreApplication.translate
    unit = (
        translate("Wallet", "coins") if movement.unit == "coins" else translate("Wallet", "beans")
    )
    at = QDateTime.fromMSecsSinceEpoch(movement.at_unix_ms)
    when = QLocale.system().toString(at, "yyyy-MM-dd HH:mm")
    sign = "+" if movement.amount >= 0 else "−"
    amount = f"{sign}{abs(movement.amount):,} {unit}"
    left = translate("Wallet", "left: {0}").replace("{0}", f"{movement.balance:,}")
    item = QTreeWidgetItem([when, describe_movement(movement), amount, left])
    theme = current.theme()
    for column in (0, 3):
        item.setForeground(column, QColor(theme.text_soft))
    if movement.amount >= 0:
        item.setForeground(2, QColor(theme.good))
    for column in (2, 3):
        item.setTextAlignment(column, _RIGHT)
    return item
