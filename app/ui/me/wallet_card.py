"""Coins and beans, what is free today, the user's own limits, and the statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QWidget

from app.state.wallet import Limits, WalletState
from app.ui.gift_art import art_pixmap, beans_text, coins_text
from app.ui.me.card import Card, plain_label
from app.ui.me.statement_list import StatementList
from app.ui.number_box import NumberBox
from app.ui.plain_text import PlainLabel
from wire.limits import COINS_MAX

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    from wire.coin_events import Movements, Wallet

COIN_SIDE: Final = 28
_NO_LIMIT: Final = -1


class _LimitBox(NumberBox):
    """The page scrolls with the wheel; a limit is not to change on its way."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class WalletCard(Card):
    """Says what the user wants; the page asks the relay and hands back what it says."""

    grant_wanted = Signal()
    limits_wanted = Signal(object)
    """Limits."""
    more_wanted = Signal(str)
    """The cursor of the page before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = WalletState()
        self._is_rendering = False
        self._coin, self._coins, self._beans = PlainLabel(self), PlainLabel(self), PlainLabel(self)
        self._coin.setPixmap(art_pixmap("coin", COIN_SIDE))
        self._coins.setObjectName("h2")
        self._beans.setObjectName("soft")
        self.grant = QPushButton(self)
        self.grant.setProperty("kind", "primary")
        self._about = plain_label(self, is_soft=True)
        self._limit_labels = tuple(PlainLabel(self) for _ in range(3))
        self.limits = tuple(_LimitBox(self) for _ in range(3))
        self._spent = tuple(PlainLabel(self) for _ in range(3))
        self.save = QPushButton(self)
        self._statement_label = PlainLabel(self)
        self._statement_label.setObjectName("h3")
        self.statement = StatementList(self)
        self.more = QPushButton(self)
        self._lay_out()
        self.grant.clicked.connect(self.grant_wanted)
        self.save.clicked.connect(lambda: self.limits_wanted.emit(self._state.limits))
        self.more.clicked.connect(lambda: self.more_wanted.emit(self._state.next_cursor))
        for box in self.limits:
            box.valueChanged.connect(self._on_edited)
        self.retranslate()

    def show_wallet(self, wallet: Wallet) -> None:
        self._render(self._state.with_wallet(wallet))

    def show_saved(self, wallet: Wallet) -> None:
        self._render(self._state.saved(wallet))

    def show_page(self, page: Movements, *, cursor: str = "") -> None:
        """`cursor`: what it was asked for with; empty for the newest."""
        self._render(self._state.with_page(page, cursor=cursor))

    def forget(self) -> None:
        """Another user, or none."""
        self._render(WalletState())

    def retranslate(self) -> None:
        self.set_heading(self.tr("Wallet"))
        self._about.setText(
            self.tr(
                "Coins cost nothing: some are free each day, and watching earns more. "
                "Beans are what others gave in your own rooms."
            )
        )
        names = (
            self.tr("At most for one gift"),
            self.tr("At most in a day"),
            self.tr("At most in a month"),
        )
        for label, box, words in zip(self._limit_labels, self.limits, names, strict=True):
            label.setText(words)
            box.setAccessibleName(words)
            box.setSpecialValueText(self.tr("No limit"))
        self.save.setText(self.tr("Save the limits"))
        self._statement_label.setText(self.tr("Statement"))
        self.more.setText(self.tr("Show more"))
        self.statement.retranslate()
        self._render(self._state)

    def _lay_out(self) -> None:
        purse = QHBoxLayout()
        purse.setSpacing(8)
        purse.addWidget(self._coin)
        purse.addWidget(self._coins)
        purse.addSpacing(16)
        purse.addWidget(self._beans)
        purse.addStretch(1)
        purse.addWidget(self.grant)
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(8)
        for label, box, spent in zip(self._limit_labels, self.limits, self._spent, strict=True):
            box.setRange(_NO_LIMIT, COINS_MAX)
            box.setMinimumWidth(160)
            label.setMinimumHeight(36)
            spent.setObjectName("soft")
            row = QHBoxLayout()
            row.setSpacing(16)
            row.addWidget(box)
            row.addWidget(spent, 1)
            form.addRow(label, row)
        saving = QHBoxLayout()
        saving.addWidget(self.save)
        saving.addStretch(1)
        showing = QHBoxLayout()
        showing.addWidget(self.more)
        showing.addStretch(1)
        self.body.addLayout(purse)
        self.body.addWidget(self._about)
        self.body.addLayout(form)
        self.body.addLayout(saving)
        self.body.addWidget(self._statement_label)
        self.body.addWidget(self.statement)
        self.body.addLayout(showing)
        for box in self.limits:
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _render(self, state: WalletState) -> None:
        self._state = state
        wallet = state.wallet
        grant = wallet.grant_coins if wallet is not None else 0
        self._coins.setText(coins_text(wallet.balance_coins) if wallet is not None else "–")
        self._beans.setText(beans_text(wallet.beans) if wallet is not None else "")
        self.grant.setEnabled(grant > 0)
        self.grant.setText(
            self.tr("Take {coins}").replace("{coins}", coins_text(grant))
            if grant
            else self.tr("Nothing more today")
        )
        self._show_limits()
        self.statement.show_movements(state.movements)
        self.more.setVisible(state.has_more)

    def _show_limits(self) -> None:
        limits, wallet = self._state.limits, self._state.wallet
        self._is_rendering = True
        chosen = (limits.gift_coins, limits.day_coins, limits.month_coins)
        for box, value in zip(self.limits, chosen, strict=True):
            box.setValue(_NO_LIMIT if value is None else value)
            box.setEnabled(wallet is not None)
        self._is_rendering = False
        spent = (None, wallet.spent_day_coins, wallet.spent_month_coins) if wallet else (None,) * 3
        for label, coins in zip(self._spent, spent, strict=True):
            words = self.tr("spent: {coins}").replace("{coins}", coins_text(coins or 0))
            label.setText(words if coins is not None else "")
        self.save.setEnabled(self._state.can_save)

    def _on_edited(self) -> None:
        if self._is_rendering:
            return
        gift, day, month = (
            None if box.value() == _NO_LIMIT else box.value() for box in self.limits
        )
        draft = Limits(gift_coins=gift, day_coins=day, month_coins=month)
        self._state = self._state.with_draft(draft)
        self.save.setEnabled(self._state.can_save)
