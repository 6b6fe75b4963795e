"""Paints what the lane allocator lets fly. GUI thread only.

Each text is drawn once, with its outline, into a pixmap; a frame then only copies pixmaps.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from app.danmaku.lanes import Flight, Geometry, LaneAllocator, Mode, Text
from app.danmaku.paint_budget import PaintBudget

if TYPE_CHECKING:
    from wire import events

PIXMAPS_MAX: Final = 300
CHARACTERS_MAX: Final = 200
OUTLINE: Final = 2.5
OUTLINE_ALPHA: Final = 200
OWN_COLOR: Final = QColor(255, 255, 255)
BADGE: Final = QColor(0, 0, 0, 190)
_AROUND: Final = tuple(
    QPointF(math.cos(turn * math.pi / 4), math.sin(turn * math.pi / 4)) for turn in range(8)
)
_PRIVILEGED: Final = frozenset({"streamer", "moderator", "admin"})


@dataclass(frozen=True, slots=True)
class DanmakuSettings:
    """What each viewer may choose."""

    is_on: bool = True
    area: float = 1.0
    opacity: float = 0.9
    font: float = 24.0
    """Pixels on a stage 720 high; scaled with the stage."""
    speed: float = 1.0


class _Key(NamedTuple):
    text: str
    color: int
    font: float
    is_own: bool
    scale: float


class DanmakuLayer:
    """The allocator with its clock and its pixmaps."""

    def __init__(self) -> None:
        self.settings = DanmakuSettings()
        self.budget = PaintBudget()
        self._lanes = LaneAllocator(Geometry(width=1280, height=720, font=24))
        self._pixmaps: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._is_paused = False
        self._now_ms = 0.0
        self._ticked_at_s = time.monotonic()

    @property
    def is_moving(self) -> bool:
        """Whether there is something to paint anew."""
        has_work = bool(self._lanes.flights) or self._lanes.waiting > 0
        return self.settings.is_on and not self._is_paused and has_work

    @property
    def hidden(self) -> int:
        """Texts that found no place."""
        return self._lanes.hidden

    @property
    def flights(self) -> tuple[Flight, ...]:
        return self._lanes.flights

    def offer(self, posted: events.DanmakuPosted) -> None:
        """Somebody else's message."""
        self._offer(
            posted.message_id,
            posted.text,
            user_id=posted.user_id,
            mode=posted.mode,
            color=posted.color,
            is_privileged=posted.role in _PRIVILEGED,
        )

    def offer_own(self, key: str, text: str, *, mode: int, color: int) -> None:
        """One's own, before the relay has answered."""
        self._offer(key, text, user_id="", mode=mode, color=color, is_own=True, is_privileged=True)

    def take_back(self, key: str) -> None:
        self._lanes.take_back(key)

    def clear(self) -> None:
        self._lanes.clear()
        self._lanes.hidden = 0

    def set_paused(self, *, is_paused: bool) -> None:
        """A pause stops the clock."""
        self._tick()
        self._is_paused = is_paused

    def choose(self, settings: DanmakuSettings) -> None:
        self.settings = settings
        self.resize(self._lanes.geometry.width, self._lanes.geometry.height)
        if not settings.is_on:
            self.clear()

    def resize(self, width: float, height: float) -> None:
        """Logical pixels."""
        settings = self.settings
        # Whole pixels: texts are drawn again when it changes, not with each pixel of the height.
        font = max(12.0, float(round(settings.font * height / 720.0)))
        geometry = Geometry(
            width=max(1.0, width),
            height=max(1.0, height),
            font=font,
            area=settings.area,
            duration_ms=8000.0 / settings.speed,
        )
        if geometry != self._lanes.geometry:
            self._tick()
            self._lanes.resize(geometry, self._now_ms)

    def paint(self, painter: QPainter) -> None:
        """All flights at this moment."""
        if not self.settings.is_on:
            return
        began_s = time.perf_counter()
        self._tick()
        lanes = self._lanes
        lanes.advance(self._now_ms)
        painter.setOpacity(self.settings.opacity)
        scale = painter.device().devicePixelRatioF()
        for flight in lanes.flights:
            pixmap = self._access_pixmap(flight, scale)
            at = QPointF(flight.x(lanes.geometry, self._now_ms), flight.y(lanes.geometry))
            painter.drawPixmap(at, pixmap)
            if flight.count > 1:
                self._paint_count(painter, flight, at)
        painter.setOpacity(1.0)
        self.budget.observe((time.perf_counter() - began_s) * 1000, time.monotonic() * 1000)

    def _offer(
        self,
        key: str,
        text: str,
        *,
        user_id: str,
        mode: int,
        color: int,
        is_own: bool = False,
        is_privileged: bool = False,
    ) -> None:
        if not self.settings.is_on or self._is_paused:
            return
        if not is_privileged and not self.budget.admit():
            self._lanes.hidden += 1
            return
        self._tick()
        line = " ".join(text[:CHARACTERS_MAX].split())
        known_mode = Mode(mode) if mode in set(Mode) else Mode.SCROLL_RTL
        width = QFontMetricsF(self._font()).horizontalAdvance(line) + 2 * OUTLINE
        flying = Text(
            key=key,
            text=line,
            width=width,
            user_id=user_id,
            mode=known_mode,
            color=color,
            is_privileged=is_privileged,
            is_own=is_own,
        )
        self._lanes.offer(flying, self._now_ms)

    def _tick(self) -> None:
        now_s = time.monotonic()
        if not self._is_paused:
            self._now_ms += (now_s - self._ticked_at_s) * 1000
        self._ticked_at_s = now_s

    def _font(self) -> QFont:
        font = QFont()
        font.setPixelSize(round(self._lanes.geometry.font))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _access_pixmap(self, flight: Flight, scale: float) -> QPixmap:
        text = flight.text
        key = _Key(text.text, text.color, self._lanes.geometry.font, text.is_own, scale)
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            pixmap = self._pixmaps[key] = self._draw(text, scale)
            while len(self._pixmaps) > PIXMAPS_MAX:
                self._pixmaps.popitem(last=False)
        else:
            self._pixmaps.move_to_end(key)
        return pixmap

    def _draw(self, text: Text, scale: float) -> QPixmap:
        font = self._font()
        metrics = QFontMetricsF(font)
        height = self._lanes.geometry.line_height
        width = metrics.horizontalAdvance(text.text) + 2 * OUTLINE
        pixmap = QPixmap(max(1, round(width * scale)), max(1, round(height * scale)))
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        at = QPointF(OUTLINE, (height + metrics.ascent() - metrics.descent()) / 2)
        color = QColor(text.color)
        painter = QPainter(pixmap)
        painter.setFont(font)
        # The text around itself, and not a stroked path: 2 ms for 100 Chinese characters, not 120.
        painter.setPen(Qt.GlobalColor.black if color.lightness() > 70 else Qt.GlobalColor.white)
        for way in _AROUND:
            painter.drawText(at + way * (OUTLINE / 2), text.text)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.fillRect(QRectF(0, 0, width, height), QColor(0, 0, 0, OUTLINE_ALPHA))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color)
        painter.drawText(at, text.text)
        if text.is_own:
            painter.setPen(QPen(OWN_COLOR, 1.5))
            painter.drawLine(QPointF(OUTLINE, height - 3), QPointF(width - OUTLINE, height - 3))
        painter.end()
        return pixmap

    def _paint_count(self, painter: QPainter, flight: Flight, at: QPointF) -> None:
        """The count in the text's own corner: it takes no room in the lane."""
        font = QFont()
        font.setPixelSize(max(9, round(self._lanes.geometry.font * 0.55)))
        font.setBold(True)
        words = f"×{flight.count}"
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(words) + 8
        box = QRectF(at.x() + flight.text.width - width, at.y(), width, metrics.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(BADGE)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()


def with_is_on(settings: DanmakuSettings, *, is_on: bool) -> DanmakuSettings:
    return replace(settings, is_on=is_on)
