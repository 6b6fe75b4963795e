"""Who gave most: in this broadcast, this week, and ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QTabBar, QVBoxLayout, QWidget

from app.ui.gift_art import coins_text
from app.ui.plain_text import PlainLabel
from app.ui.room.gift_words import short_name

if TYPE_CHECKING:
    from wire.coin_events import Giver
    from wire.command_base import GiverSpan

WIDTH: Final = 328
HEIGHT: Final = 360
SPANS: Final[tuple[GiverSpan, ...]] = ("broadcast", "week", "all")
MEDALS: Final = ("🥇", "🥈", "🥉")


class GiversPopup(QFrame):
    """`wanted` asks for the givers of a span; answer with `show_givers` or `show_failure`."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setFixedSize(WIDTH, HEIGHT)  # it stands on its button: another height would jump
        self._tabs = QTabBar()
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(True)
        for _ in SPANS:
            self._tabs.addTab("")
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._words = PlainLabel()
        self._words.setObjectName("soft")
        self._words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(8)
        column.addWidget(self._tabs)
        column.addWidget(self._words)
        column.addWidget(self.list, 1)
        column.addStretch()
        self._tabs.currentChanged.connect(lambda _index: self._ask())
        self.retranslate()
        self.hide()

    @property
    def span(self) -> GiverSpan:
        return SPANS[max(0, self._tabs.currentIndex())]

    def show_givers(self, span: GiverSpan, givers: tuple[Giver, ...]) -> None:
        """Nothing where the user has gone to another span meanwhile."""
        if span != self.span:
            return
        self.list.clear()
        for index, giver in enumerate(givers):
            place = MEDALS[index] if index < len(MEDALS) else f"{index + 1}."
            coins = coins_text(giver.coins)
            metrics = self.list.fontMetrics()
            room = WIDTH - 96 - metrics.horizontalAdvance(f"{place} {coins}")
            elide = Qt.TextElideMode.ElideRight
            name = metrics.elidedText(short_name(giver.user.name), elide, max(48, room))
            self.list.addItem(f"{place}  {name}  ·  {coins}")
        self._say("" if givers else self.tr("Nobody has given anything yet."))

    def show_failure(self, words: str) -> None:
        self.list.clear()
        self._say(words)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Top givers"))
        self.list.setAccessibleName(self.tr("Top givers"))
        self._tabs.setAccessibleName(self.tr("Since when"))
        names = (self.tr("Broadcast"), self.tr("Week"), self.tr("All time"))
        for index, words in enumerate(names):
            self._tabs.setTabText(index, words)

    def pop_up_above(self, anchor: QWidget) -> None:
        corner = anchor.mapToGlobal(QPoint(anchor.width() - WIDTH, -8 - HEIGHT))
        self.move(max(0, corner.x()), max(0, corner.y()))
        self.show()
        self._tabs.setFocus(Qt.FocusReason.PopupFocusReason)
        self._ask()

    def _ask(self) -> None:
        self.list.clear()
        self._say("")
        if self.isVisible():
            self.wanted.emit(self.span)

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.list.setVisible(not words)
