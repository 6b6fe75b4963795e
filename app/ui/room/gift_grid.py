"""The gifts as tiles, how many, and the button that gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.state.gifts import GiftsState
from app.ui.gift_art import art_icon, coins_text, gift_name, square
from app.ui.number_box import NumberBox
from app.ui.plain_text import PlainLabel, button_text, set_tooltip
from app.ui.room.combo_ring import ComboRing
from wire.limits import GIFT_COUNT_MAX

if TYPE_CHECKING:
    from app.state.gifts import Refusal
    from wire.coin_events import GiftInfo

COLUMNS: Final = 4
TILES_MAX: Final = 16
TILE_WIDTH: Final = 92
TILE_HEIGHT: Final = 92
TEXT_WIDTH: Final = 64
ART_SIDE: Final = 40
COUNTS: Final = (1, 10, 66, 520)


class GiftGrid(QWidget):
    """Renders a GiftsState. `wanted` at every press: pressing again goes on with the combo."""

    wanted = Signal(str, int)
    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = GiftsState()
        # Made once, as many as there can be: Tab goes by the order of their making.
        self._tiles = tuple(_make_tile() for _ in range(TILES_MAX))
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(lambda _id: self._on_chosen())
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._label = PlainLabel()
        self.count = NumberBox()
        self.count.setRange(1, GIFT_COUNT_MAX)
        self.count.setFixedWidth(88)
        self._label.setBuddy(self.count)
        self._quick = tuple(QToolButton() for _ in COUNTS)
        self._total = PlainLabel()
        self._total.setObjectName("soft")
        self.ring = ComboRing()
        self.send = QPushButton()
        self.send.setProperty("kind", "primary")
        self._lay_out()
        self.count.valueChanged.connect(lambda _count: self._on_chosen())
        self.send.clicked.connect(self._on_send)
        self.retranslate()

    @property
    def refusal(self) -> Refusal | None:
        """Why the chosen gift cannot be given."""
        gift = self._chosen_gift()
        coins = gift.price_coins * self.count.value() if gift is not None else 0
        return self._state.find_gift_refusal(coins)

    def render_state(self, state: GiftsState) -> None:
        before, self._state = self._state, state
        if before.gifts != state.gifts:
            self._fill()
        self.ring.show_combo(state.combo)
        self._show_total()

    def retranslate(self) -> None:
        self._label.setText(self.tr("How many"))
        self.count.setAccessibleName(self.tr("How many"))
        self.send.setText(self.tr("Give"))
        for button, count in zip(self._quick, COUNTS, strict=True):
            button.setText(str(count))
            button.setAccessibleName(self.tr("{0} at once").format(count))
        self._fill()
        self._show_total()

    def focus_first(self) -> None:
        tile = self._group.checkedButton()
        (tile or self.send).setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self) -> None:
        amounts = QHBoxLayout()
        amounts.setSpacing(8)
        amounts.addWidget(self._label)
        amounts.addWidget(self.count)
        for button, count in zip(self._quick, COUNTS, strict=True):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _on=False, count=count: self.count.setValue(count))
            amounts.addWidget(button)
        amounts.addStretch(1)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self._total, 1)
        bottom.addWidget(self.ring)
        bottom.addWidget(self.send)
        for index, tile in enumerate(self._tiles):
            self._group.addButton(tile, index)
            self._grid.addWidget(tile, index // COLUMNS, index % COLUMNS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._grid)
        column.addLayout(amounts)
        column.addLayout(bottom)

    def _fill(self) -> None:
        for index, tile in enumerate(self._tiles):
            gifts = self._state.gifts
            tile.setVisible(index < len(gifts))
            if index < len(gifts):
                self._fill_tile(tile, gifts[index])
        if self._group.checkedId() < 0 or self._group.checkedId() >= len(self._state.gifts):
            self._tiles[0].setChecked(True)

    def _fill_tile(self, tile: QToolButton, gift: GiftInfo) -> None:
        name, price = gift_name(gift, gift.gift_id), coins_text(gift.price_coins)
        tile.setIcon(art_icon(gift.gift_id, ART_SIDE))
        elide = Qt.TextElideMode.ElideRight
        shown = tile.fontMetrics().elidedText(name, elide, TEXT_WIDTH)
        tile.setText(f"{button_text(shown)}\n{gift.price_coins:,}")
        tile.setAccessibleName(f"{name}, {price}")
        tips = {
            "banner": self.tr("{gift}: shown at the left of the picture"),
            "combo": self.tr("{gift}: pressing again counts up"),
            "stage": self.tr("{gift}: fills the whole picture"),
        }
        set_tooltip(tile, tips[gift.effect].replace("{gift}", name))

    def _chosen_gift(self) -> GiftInfo | None:
        index = self._group.checkedId()
        return self._state.gifts[index] if 0 <= index < len(self._state.gifts) else None

    def _on_chosen(self) -> None:
        self._show_total()
        self.chosen.emit()

    def _on_send(self) -> None:
        gift = self._chosen_gift()
        if gift is not None and self.refusal is None:
            self.wanted.emit(gift.gift_id, self.count.value())

    def _show_total(self) -> None:
        gift = self._chosen_gift()
        self._total.setText(coins_text(gift.price_coins * self.count.value()) if gift else "")
        self.send.setEnabled(gift is not None and self.refusal is None)


def _make_tile() -> QToolButton:
    tile = QToolButton()
    tile.setObjectName("gift")  # the style sheet's least height of a button is less than a tile's
    tile.setCheckable(True)
    tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    tile.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    tile.setIconSize(square(ART_SIDE))
    tile.setFixedSize(TILE_WIDTH, TILE_HEIGHT)
    return tile
