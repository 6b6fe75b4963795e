"""What can be given: a grid of gifts with a count, and on the other tab a red packet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.state.gifts import GiftsState
from app.ui.gift_art import coins_text
from app.ui.plain_text import PlainLabel
from app.ui.room.gift_grid import GiftGrid
from app.ui.room.gift_words import error_words, needs_wallet, refusal_words
from app.ui.room.red_packet_form import RedPacketForm
from app.ui.theme.icons import set_lead_icon

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.state.gifts import Refusal

WIDTH: Final = 428


class GiftPopup(QFrame):
    """Renders a GiftsState; says what the user wants."""

    gift_wanted = Signal(str, int)
    """A gift's id, and how many."""
    packet_wanted = Signal(int, int)
    """Coins and shares."""
    again_wanted = Signal()
    grant_wanted = Signal()
    wallet_wanted = Signal()
    effects_toggled = Signal(bool)
    shown = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setFixedWidth(WIDTH)
        self._state = GiftsState()
        self._foot = QPoint()
        """Its lower right corner."""
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.addTab("")
        self.tabs.addTab("")
        self._balance = PlainLabel()
        self.grant = QPushButton()
        self.grid = GiftGrid()
        self.packet = RedPacketForm()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.packet)
        self._words = PlainLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("kind", "warn")
        self.again = QPushButton()
        set_lead_icon(self.again, "refresh")
        self.wallet = QPushButton()
        self.effects = QCheckBox()
        self.effects.setChecked(True)
        self._lay_out()
        self.tabs.currentChanged.connect(self._on_tab)
        self.grid.wanted.connect(self.gift_wanted)
        self.grid.chosen.connect(self._show_words)
        self.packet.wanted.connect(self.packet_wanted)
        self.packet.edited.connect(self._show_words)
        self.again.clicked.connect(self.again_wanted)
        self.grant.clicked.connect(self.grant_wanted)
        self.wallet.clicked.connect(self._on_wallet)
        self.effects.toggled.connect(self.effects_toggled)
        self.retranslate()
        self.hide()

    def render_state(self, state: GiftsState) -> None:
        self._state = state
        self.grid.render_state(state)
        self.packet.render_state(state)
        has_wallet = state.wallet is not None
        self._balance.setText(coins_text(state.balance_coins) if has_wallet else "")
        grant = state.wallet.grant_coins if state.wallet is not None else 0
        self.grant.setVisible(grant > 0)
        self.grant.setText(self.tr("Take {coins}").replace("{coins}", coins_text(grant)))
        self._show_words()

    def show_effects(self, *, is_on: bool) -> None:
        self.effects.blockSignals(True)  # Qt's own
        self.effects.setChecked(is_on)
        self.effects.blockSignals(False)  # Qt's own

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Gifts"))
        self.tabs.setAccessibleName(self.tr("Gift or red packet"))
        self.tabs.setTabText(0, self.tr("Gifts"))
        self.tabs.setTabText(1, self.tr("Red packet"))
        self.again.setText(self.tr("Try again"))
        self.wallet.setText(self.tr("Open the wallet"))
        self.effects.setText(self.tr("Show gifts over the picture"))
        self.grid.retranslate()
        self.packet.retranslate()
        self.render_state(self._state)

    def pop_up_above(self, anchor: QWidget) -> None:
        self.adjustSize()
        self._foot = anchor.mapToGlobal(QPoint(anchor.width(), -8))
        self._stand()
        self.show()
        self.grid.focus_first()
        self.shown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More words make it higher: it grows upwards from its foot."""
        super().resizeEvent(event)
        self._stand()

    def _stand(self) -> None:
        screen = self.screen().availableGeometry()
        x = max(screen.left(), self._foot.x() - self.width())  # never over the window's right edge
        self.move(x, max(screen.top(), self._foot.y() - self.height()))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self._balance)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        actions.addWidget(self.again)
        actions.addWidget(self.wallet)
        actions.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._stack)
        column.addWidget(self._words)
        column.addLayout(actions)
        last = QHBoxLayout()
        last.setSpacing(8)
        last.addWidget(self.effects, 1)
        last.addWidget(self.grant)
        column.addLayout(last)

    def _on_tab(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self._show_words()

    def _on_wallet(self) -> None:
        self.hide()
        self.wallet_wanted.emit()

    def _refusal(self) -> Refusal | None:
        if self._stack.currentWidget() is self.grid:
            return self.grid.refusal
        return self.packet.refusal

    def _show_words(self) -> None:
        refusal = self._refusal()
        error = error_words(self._state)
        words = error or (refusal_words(refusal) if refusal is not None else "")
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.again.setVisible(self._state.unanswered is not None)
        is_poor = refusal in {"too_few_coins", "limit"} or needs_wallet(self._state.error)
        self.wallet.setVisible(is_poor)
        if self.isVisible() and self.sizeHint().height() != self.height():
            bottom = self.geometry().bottom()
            self.adjustSize()
            self.move(self.x(), max(0, bottom - self.height() + 1))
