"""Below the chat: the button to give, what one has, and who gave most."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from app.state.gifts import GiftsState
from app.ui.gift_art import art_pixmap, coins_text
from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.theme.icons import icon, set_lead_icon

COIN_SIDE = 18


class GiftBar(QWidget):
    """Renders a GiftsState."""

    gifts_wanted = Signal()
    givers_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = GiftsState()
        self.gift = QPushButton()
        set_lead_icon(self.gift, "gift")
        self.gift.setMinimumWidth(96)
        self._coin, self._coins = PlainLabel(), PlainLabel()
        self._coin.setPixmap(art_pixmap("coin", COIN_SIDE))
        self.givers = QToolButton()
        self.givers.setIcon(icon("givers"))
        self.givers.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.gift)
        row.addWidget(self._coin)
        row.addWidget(self._coins, 1)
        row.addWidget(self.givers)
        self.gift.clicked.connect(self.gifts_wanted)
        self.givers.clicked.connect(self.givers_wanted)
        self.retranslate()

    def render_state(self, state: GiftsState) -> None:
        self._state = state
        is_in = state.place is not None
        self.gift.setEnabled(is_in)
        self.givers.setEnabled(is_in and bool(state.place and state.place.user_id))
        has_wallet = state.wallet is not None
        self._coin.setVisible(has_wallet)
        self._coins.setText(f"{state.balance_coins:,}" if has_wallet else "")
        self._coins.setAccessibleName(coins_text(state.balance_coins) if has_wallet else "")

    def retranslate(self) -> None:
        self.gift.setText(self.tr("Gift"))
        self.gift.setAccessibleName(self.tr("Give something"))
        self.givers.setAccessibleName(self.tr("Top givers"))
        set_tooltip(self.givers, self.tr("Top givers"))
        self.render_state(self._state)
