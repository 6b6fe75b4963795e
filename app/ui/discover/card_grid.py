"""Cards in as many columns as fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtWidgets import QWidget

from app.ui.discover.card import WIDTH_MIN, Card, PictureCard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

SPACING: Final = 16
COLUMNS_MAX: Final = 6
COLUMNS_FEW: Final = 4


_Card = TypeVar("_Card", bound=PictureCard)


def on_screen(cards: Sequence[_Card]) -> list[_Card]:
    """Those of which more than half is."""
    shown = []
    for card in cards:
        seen = card.visibleRegion().boundingRect()
        if 2 * seen.width() * seen.height() > card.width() * card.height():
            shown.append(card)
    return shown


class CardGrid(QWidget):
    """Keeps its cards and reuses them, so that focus and pictures stay where they are. Where it is
    scrolled, the area keeps its width: app/ui/scrolling.py says why."""

    chosen = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None, *, card_width_min: int = WIDTH_MIN) -> None:
        super().__init__(parent)
        self._card_width_min = card_width_min
        self.cards: list[Card] = []
        self._count = 0

    def access_cards(self, count: int) -> list[Card]:
        """So many cards, visible and in order; more are made where needed."""
        while len(self.cards) < count:
            card = Card(self)
            card.setMinimumWidth(self._card_width_min)
            card.chosen.connect(self.chosen)
            card.menu_wanted.connect(self.menu_wanted)
            self.cards.append(card)
        for index, card in enumerate(self.cards):
            card.setVisible(index < count)
        self._count = count
        self._arrange()
        return self.cards[:count]

    def shown_cards(self) -> list[Card]:
        """Those of which more than half is on the screen."""
        return on_screen(self.cards[: self._count])

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            return True
        return super().event(event)

    def _arrange(self) -> None:
        bottom = arrange(self.cards[: self._count], self.width(), self._card_width_min)
        if bottom is not None:
            self.setFixedHeight(bottom)


def arrange(cards: Sequence[PictureCard], width: int, card_width_min: int) -> int | None:
    """In rows of as many as fit; how high they are together, None where there is no room."""
    fitting = min(COLUMNS_MAX, (width + SPACING) // (card_width_min + 24 + SPACING))
    # A few on a wide screen have larger cards, not an empty half.
    columns = max(1, min(fitting, max(COLUMNS_FEW, len(cards))))
    card_width = (width - SPACING * (columns - 1)) // columns
    if card_width <= 0:
        return None
    bottom = 0
    for index, card in enumerate(cards):
        row, column = divmod(index, columns)
        height = card.heightForWidth(card_width)
        x, y = column * (card_width + SPACING), row * (height + SPACING)
        card.setGeometry(x, y, card_width, height)
        bottom = y + height
    return bottom
