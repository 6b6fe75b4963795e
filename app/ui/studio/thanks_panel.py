"""What viewers gave in this room, newest first, so that the streamer can thank them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDateTime, Qt, QTimer, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.ui.gift_art import art_icon, beans_text, coins_text, gift_name, square
from app.ui.plain_text import PlainLabel, one_line

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from app.state.studio import StudioState
    from wire.coin_events import GiftCatalogue, GiftSent, Wallet

ART_SIDE: Final = 28
NAME_CHARACTERS_MAX: Final = 40
ASK_AGAIN_MS: Final = 1500
"""Gifts come in bursts: the beans are asked for at the first one, and then this often."""


class ThanksPanel(QWidget):
    """Renders the state; `wanted` asks for the catalogue and the purse."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[GiftSent, ...] = ()
        self._catalogue: GiftCatalogue | None = None
        self._beans: int | None = None
        self._is_due = False
        """Something came since the beans were asked for last."""
        self._beans_label = PlainLabel()
        self._empty = PlainLabel()
        self._empty.setWordWrap(True)
        self._empty.setProperty("soft", True)
        self.list = QListWidget()
        self.list.setObjectName("thanks")
        self.list.setWordWrap(True)
        self.list.setIconSize(square(ART_SIDE))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._beans_label)
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(ASK_AGAIN_MS)
        self._rest.timeout.connect(self._on_rested)
        self.retranslate()

    def render_state(self, state: StudioState) -> None:
        if state.thanks == self._shown:
            return
        oldest, kept = _overlap(self._shown, state.thanks)
        for _ in range(len(self._shown) - oldest - kept):
            self.list.takeItem(0)
        for _ in range(oldest):
            self.list.takeItem(self.list.count() - 1)
        for sent in state.thanks[kept:]:
            self.list.insertItem(0, self._make_item(sent))
        self._shown = state.thanks
        self._empty.setVisible(not state.thanks)
        self._is_due = self._rest.isActive()
        if not self._is_due:
            self._rest.start()
            self._ask()

    def show_catalogue(self, catalogue: GiftCatalogue) -> None:
        if catalogue != self._catalogue:
            self._catalogue = catalogue
            self._fill()

    def show_wallet(self, wallet: Wallet) -> None:
        self._beans = wallet.beans
        self._show_beans()

    def retranslate(self) -> None:
        self._empty.setText(self.tr("What viewers give you appears here, to thank them by name."))
        self.list.setAccessibleName(self.tr("Gifts received"))
        self._show_beans()
        self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _on_rested(self) -> None:
        """What came meanwhile is asked for now."""
        if self._is_due:
            self._is_due = False
            self._ask()

    def _ask(self) -> None:
        if self.isVisible():
            self.wanted.emit()

    def _show_beans(self) -> None:
        words = self.tr("You have {beans}").replace("{beans}", beans_text(self._beans or 0))
        self._beans_label.setText(words if self._beans is not None else "")
        self._beans_label.setVisible(self._beans is not None)

    def _fill(self) -> None:
        self.list.clear()
        for sent in self._shown:
            self.list.insertItem(0, self._make_item(sent))

    def _make_item(self, sent: GiftSent) -> QListWidgetItem:
        gifts = self._catalogue.gifts if self._catalogue is not None else ()
        gift = next((one for one in gifts if one.gift_id == sent.gift_id), None)
        what = gift_name(gift, sent.gift_id)
        many = f" ×{sent.count:,}" if sent.count > 1 else ""
        at = QDateTime.fromMSecsSinceEpoch(sent.sent_at_unix_ms).toString("HH:mm:ss")
        name = one_line(sent.name, NAME_CHARACTERS_MAX)
        item = QListWidgetItem(f"{name}  ·  {what}{many}\n{at}  ·  {coins_text(sent.coins)}")
        item.setIcon(art_icon(sent.gift_id, ART_SIDE))
        return item


def _overlap(before: tuple[GiftSent, ...], now: tuple[GiftSent, ...]) -> tuple[int, int]:
    """How many of the oldest have gone, and how many after those are the same as now."""
    first = now[0] if now else None
    oldest = next((number for number, one in enumerate(before) if one == first), len(before))
    kept = 0
    for one, other in zip(before[oldest:], now, strict=False):
        if one != other:
            break
        kept += 1
    return oldest, kept
