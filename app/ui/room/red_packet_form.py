"""Coins for whoever is quick: how many, and for how many people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.state.gifts import RED_PACKET_MS, GiftsState
from app.ui.double_click import ignore_double_click
from app.ui.gift_art import art_pixmap
from app.ui.number_box import NumberBox
from app.ui.plain_text import PlainLabel
from wire.limits import COINS_MAX, RED_PACKET_SHARES_MAX

if TYPE_CHECKING:
    from app.state.gifts import Refusal

ART_SIDE: Final = 72
COINS_DEFAULT: Final = 100
SHARES_DEFAULT: Final = 10


class RedPacketForm(QWidget):
    """`wanted` carries coins and shares."""

    wanted = Signal(int, int)
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = GiftsState()
        art = PlainLabel()
        art.setPixmap(art_pixmap("red_packet", ART_SIDE))
        art.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._about = PlainLabel()
        self._about.setWordWrap(True)
        self._coins_label, self._shares_label = PlainLabel(), PlainLabel()
        self.coins, self.shares = NumberBox(), NumberBox()
        self.coins.setRange(1, COINS_MAX)
        self.shares.setRange(1, RED_PACKET_SHARES_MAX)
        self.coins.setValue(COINS_DEFAULT)
        self.shares.setValue(SHARES_DEFAULT)
        self.send = QPushButton()
        self.send.setProperty("kind", "primary")
        ignore_double_click(self.send)
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow(self._coins_label, self.coins)
        form.addRow(self._shares_label, self.shares)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(self.send)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(art)
        column.addWidget(self._about)
        column.addLayout(form)
        column.addStretch(1)
        column.addLayout(bottom)
        for box in (self.coins, self.shares):
            box.valueChanged.connect(self._on_edited)
        self.send.clicked.connect(self._on_send)
        self.retranslate()

    @property
    def refusal(self) -> Refusal | None:
        return self._state.find_refusal(self.coins.value())

    def render_state(self, state: GiftsState) -> None:
        self._state = state
        self._update_send()

    def retranslate(self) -> None:
        about = self.tr(
            "Whoever is quick takes a share, each of a different size. "
            "After %n s the rest comes back to you.",
            "",
            RED_PACKET_MS // 1000,
        )
        self._about.setText(about)
        for label, box, words in (
            (self._coins_label, self.coins, self.tr("Coins in all")),
            (self._shares_label, self.shares, self.tr("Shares")),
        ):
            label.setText(words)
            box.setAccessibleName(words)
        self.send.setText(self.tr("Send the red packet"))

    def _on_edited(self) -> None:
        if self.shares.value() > self.coins.value():
            self.shares.setValue(self.coins.value())  # a share has a coin at the least
        self._update_send()
        self.edited.emit()

    def _update_send(self) -> None:
        self.send.setEnabled(self.refusal is None)

    def _on_send(self) -> None:
        if self.refusal is None:
            self.wanted.emit(self.coins.value(), self.shares.value())
