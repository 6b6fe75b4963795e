"""One recording in the list, and the list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from app.ui.discover.card import LIVE, PILL, WIDTH_MIN, PictureCard, paint_pill
from app.ui.discover.card_grid import arrange, on_screen
from app.ui.plain_text import set_tooltip
from app.ui.replays.replay_words import about_words, length_words, replay_title, special_words
from app.ui.theme import current

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from wire.replay_events import ReplayInfo

CURVE_HEIGHT: Final = 26.0
CURVE: Final = QColor(255, 255, 255, 150)
SHADE: Final = QColor(0, 0, 0, 110)
WATCHED: Final = 3.0


class ReplayCard(PictureCard):
    """Cover, length, what was said when, and how far it was watched."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._replay: ReplayInfo | None = None
        self._watched_ms = 0
        self._reason = ""

    @property
    def replay(self) -> ReplayInfo | None:
        return self._replay

    def show_replay(self, replay: ReplayInfo, *, watched_ms: int = 0, reason: str = "") -> None:
        """With a reason it stands among live rooms, and is marked as what it is."""
        if replay.replay_id != self.key:
            self._picture = None
        self.key = replay.replay_id
        self._replay, self._watched_ms, self._reason = replay, watched_ms, reason
        title = replay_title(replay)
        name = f"{title}, {about_words(replay)}, {length_words(replay)}"
        self.setAccessibleName(f"{_mark()}: {name}" if reason else name)
        self.setAccessibleDescription(reason or special_words(replay))
        words = QCoreApplication.translate("Card", "More about {0}").replace("{0}", title)
        self.more.setAccessibleName(words)
        set_tooltip(self.more, words)
        self.more.setVisible(replay.can_manage)
        self.update()

    def lines(self) -> tuple[str, str, str]:
        replay = self._replay
        if replay is None:
            return "", "", ""
        return replay_title(replay), about_words(replay), self._reason or special_words(replay)

    def paint_marks(self, painter: QPainter, area: QRectF) -> None:
        replay = self._replay
        if replay is None:
            return
        self._paint_curve(painter, area, replay, is_over_picture=self._picture is not None)
        words = length_words(replay)
        font = QFont(painter.font())
        font.setPixelSize(12)
        font.setWeight(QFont.Weight.DemiBold)
        left = area.right() - 8 - QFontMetricsF(font).horizontalAdvance(words) - 16
        is_live = replay.state == "recording"
        top = area.bottom() - 30
        paint_pill(painter, words, left, top, LIVE if is_live else PILL)
        if self._reason:
            paint_pill(painter, _mark(), area.left() + 8, area.top() + 8, PILL)
        if self._watched_ms > 0 and replay.duration_ms > 0:
            share = min(1.0, self._watched_ms / replay.duration_ms)
            line = QRectF(area.left(), area.bottom() - WATCHED, area.width() * share, WATCHED)
            painter.fillRect(line, LIVE)

    @staticmethod
    def _paint_curve(
        painter: QPainter, area: QRectF, replay: ReplayInfo, *, is_over_picture: bool
    ) -> None:
        """The peaks of the chat, at the foot of the picture."""
        most = max(replay.density, default=0)
        if not most:
            return
        foot = area.bottom()
        box = QRectF(area.left(), foot - CURVE_HEIGHT, area.width(), CURVE_HEIGHT)
        if is_over_picture:
            painter.fillRect(box, SHADE)
        path = QPainterPath(QPointF(box.left(), foot))
        count = len(replay.density)
        for number, value in enumerate(replay.density):
            x = box.left() + box.width() * (number + 0.5) / count
            path.lineTo(x, foot - (CURVE_HEIGHT - 4) * value / most)
        path.lineTo(box.right(), foot)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(CURVE if is_over_picture else QColor(current.theme().line))
        painter.drawPath(path)


def _mark() -> str:
    return QCoreApplication.translate("Replays", "Replay")


class ReplayGrid(QWidget):
    """Keeps its cards and reuses them, so that focus and covers stay where they are."""

    chosen = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[ReplayCard] = []
        self._count = 0

    def access_cards(self, count: int) -> list[ReplayCard]:
        """So many cards, visible and in order."""
        while len(self.cards) < count:
            card = ReplayCard(self)
            card.chosen.connect(self.chosen)
            card.menu_wanted.connect(self.menu_wanted)
            self.cards.append(card)
        for index, card in enumerate(self.cards):
            card.setVisible(index < count)
        self._count = count
        self._arrange()
        return self.cards[:count]

    def shown_cards(self) -> list[ReplayCard]:
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
        bottom = arrange(self.cards[: self._count], self.width(), WIDTH_MIN)
        if bottom is not None:
            self.setFixedHeight(bottom)
