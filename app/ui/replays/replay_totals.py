"""How many hearts and gifts there were by the moment that is played."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.state.replay_timeline import Totals
from app.ui.gift_art import art_pixmap
from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.short_count import short_count
from app.ui.theme.icons import pixmap

SIDE: Final = 18


class ReplayTotals(QWidget):
    """Nothing is shown of what nobody knows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._totals = Totals()
        self._heart, self._coin = PlainLabel(self), PlainLabel(self)
        self.likes, self.coins = PlainLabel(self), PlainLabel(self)
        self._coin.setPixmap(art_pixmap("coin", SIDE))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (self._heart, self.likes, self._coin, self.coins):
            layout.addWidget(part)
        layout.insertSpacing(2, 8)
        self._draw_heart()
        self.retranslate()

    def show_totals(self, totals: Totals) -> None:
        """Ten times a second: only what is another is told."""
        if totals != self._totals:
            self._totals = totals
            self.retranslate()

    def retranslate(self) -> None:
        likes, coins = self._totals
        hearts = self.tr("Hearts so far: {0}").replace("{0}", f"{likes or 0:,}")
        gifts = self.tr("Gifts so far: {0} coins").replace("{0}", f"{coins or 0:,}")
        for number, label, mark, words in (
            (likes, self.likes, self._heart, hearts),
            (coins, self.coins, self._coin, gifts),
        ):
            label.setText(short_count(number or 0))
            label.setAccessibleName(words)
            for part in (label, mark):
                set_tooltip(part, words)
                part.setVisible(bool(number))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self._draw_heart()
        super().changeEvent(event)

    def _draw_heart(self) -> None:
        self._heart.setPixmap(pixmap("heart", SIDE, "accent_text", self.devicePixelRatioF()))
