"""The catalogue of gifts: which are offered, and at what price."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.live import admin
from app.ui.admin.panel import Panel
from app.ui.gift_art import art_pixmap, gift_name
from app.ui.number_box import NumberBox
from app.ui.plain_text import PlainLabel, button_text
from app.ui.scrolling import scroll_over
from wire.limits import COINS_MAX

if TYPE_CHECKING:
    from app.ui.admin.panel import Desk
    from wire.admin_events import HouseGift, HouseGifts
    from wire.ids import GiftId

ART_SIDE: Final = 32
WIDTH_MAX: Final = 760
PRICE_MAX: Final = min(COINS_MAX, 1_000_000)


@dataclass
class _Line:
    is_on: QCheckBox
    price: NumberBox
    default: PlainLabel
    reset: QPushButton


class GiftsPanel(Panel):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._gifts: tuple[HouseGift, ...] = ()
        self.lines: dict[GiftId, _Line] = {}
        self._about = PlainLabel(self)
        self._about.setObjectName("soft")
        self._about.setWordWrap(True)
        self._page = QWidget(self)
        self._page.setMaximumWidth(WIDTH_MAX)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 8, 0)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.body.addWidget(self._about)
        self.body.addWidget(scroll_over(self._page), 1)
        self.retranslate()

    def title(self) -> str:
        return self.tr("Gifts")

    def question(self) -> Coroutine[Any, Any, HouseGifts]:
        return admin.list_gifts(self.desk.house)

    def load(self, answer: HouseGifts) -> None:
        self.show_gifts(answer.gifts)

    def show_gifts(self, gifts: tuple[HouseGift, ...]) -> None:
        self._gifts = gifts
        for number, gift in enumerate(gifts):
            line = self.lines.get(gift.gift_id) or self._make_line(number, gift)
            name = gift_name(gift, gift.gift_id)
            line.is_on.setText(button_text(name))
            line.is_on.setAccessibleName(self.tr("Offer %1").replace("%1", name))
            line.price.setAccessibleName(self.tr("Price of %1").replace("%1", name))
            line.reset.setText(self.tr("Reset"))
            line.reset.setAccessibleName(self.tr("Reset the price of %1").replace("%1", name))
            for widget in (line.is_on, line.price):
                widget.blockSignals(True)
            line.is_on.setChecked(gift.is_on)
            if not line.price.hasFocus():
                line.price.setValue(gift.price_coins)
            for widget in (line.is_on, line.price):
                widget.blockSignals(False)
            line.price.setEnabled(gift.is_on)
            default = self.tr("In the catalogue: %1")
            line.default.setText(default.replace("%1", f"{gift.default_price_coins:,}"))
            line.reset.setEnabled(gift.price_coins != gift.default_price_coins)

    def retranslate(self) -> None:
        super().retranslate()
        self._about.setText(
            self.tr(
                "A change holds from the next gift on. What was given before stays as it was paid."
            )
        )
        self.show_gifts(self._gifts)

    def _make_line(self, number: int, gift: HouseGift) -> _Line:
        art = PlainLabel(self._page)
        art.setPixmap(art_pixmap(gift.gift_id, ART_SIDE))
        line = _Line(
            QCheckBox(self._page),
            NumberBox(self._page),
            PlainLabel(self._page),
            QPushButton(self._page),
        )
        line.price.setRange(1, PRICE_MAX)
        line.price.setGroupSeparatorShown(True)
        line.price.setMinimumWidth(112)
        line.default.setObjectName("soft")
        gift_id = gift.gift_id
        line.is_on.toggled.connect(lambda is_on: self._set(gift_id, is_on, line.price.value()))
        line.price.editingFinished.connect(lambda: self._on_price(gift_id))
        line.reset.clicked.connect(lambda: self._set(gift_id, line.is_on.isChecked(), 0))
        for column, widget in enumerate((art, line.is_on, line.default, line.price, line.reset)):
            self._grid.addWidget(widget, number, column)
        self.lines[gift_id] = line
        return line

    def _on_price(self, gift_id: GiftId) -> None:
        line = self.lines[gift_id]
        before = next(one for one in self._gifts if one.gift_id == gift_id)
        if line.price.value() != before.price_coins:
            self._set(gift_id, line.is_on.isChecked(), line.price.value())

    def _set(self, gift_id: GiftId, is_on: bool, price_coins: int) -> None:  # noqa: FBT001 # a signal's value
        self.do(
            admin.set_gift(self.desk.house, gift_id, is_on=is_on, price_coins=price_coins),
            self.tr("Saved."),
            self.load,
        )
