"""Texts of danmaku as pixmaps: each is drawn once, with its outline and emotes. GUI thread only."""

from __future__ import annotations

import math
import unicodedata
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from app.danmaku.lanes import LINE_HEIGHT
from app.ui.room_emotes import RoomEmotes

if TYPE_CHECKING:
    from app.danmaku.emotes import Run
    from app.danmaku.lanes import Text

BYTES_MAX: Final = 24 * 1024 * 1024
"""Of pixmaps. A full stage of 1920x1080 takes 10 MB; a larger one may take what it needs."""
WIDTHS_MAX: Final = 4000
OUTLINE: Final = 2.5
OUTLINE_ALPHA: Final = 200
LIGHTNESS_MIN: Final = 70
"""Darker colours get a light edge."""
FONTS_MAX: Final = 64
"""Sizes that a window passes through while it is drawn larger."""
OWN_COLOR: Final = QColor(255, 255, 255)
BADGE: Final = QColor(0, 0, 0, 190)
EMOTE_SIDE: Final = 1.2
"""Of the font's size."""
EMOTE_ROOM: Final = 1.3
_AROUND: Final = tuple(
    QPointF(math.cos(turn * math.pi / 4), math.sin(turn * math.pi / 4)) for turn in range(8)
)


class _Key(NamedTuple):
    words: str
    color: int
    font: int
    is_own: bool
    ratio: float


class TextPixmaps:
    """Bounded by bytes; what was not needed for longest goes first, what is on the stage never."""

    def __init__(self, bytes_max: int = BYTES_MAX) -> None:
        self.bytes_max = bytes_max
        self.bytes_held = 0
        self.emotes = RoomEmotes()
        self._pixmaps: OrderedDict[_Key, QPixmap] = OrderedDict()
        """What was used last is at the end."""
        self._used: set[_Key] = set()
        """Since the last `trim`."""
        self._widths: OrderedDict[tuple[str, int], float] = OrderedDict()
        self._fonts: dict[int, tuple[QFont, QFontMetricsF]] = {}

    def measure(self, words: str, font: float) -> float:
        """The width of a text with its outline. Logical pixels."""
        size = round(font)
        key = (words, size)
        width = self._widths.get(key)
        if width is None:
            _, metrics = self._access_font(size)
            width = sum(self._run_width(run, size, metrics) for run in self.emotes.split(words))
            width = self._widths[key] = width + 2 * OUTLINE
            if len(self._widths) > WIDTHS_MAX:
                self._widths.popitem(last=False)
        return width

    def access(self, text: Text, font: float, ratio: float) -> QPixmap:
        """`font` is the text's own size, `ratio` device pixels for each logical one."""
        key = _Key(text.text, text.color, round(font), text.is_own, ratio)
        return self._find(key) or self._keep(key, self._draw(key))

    def access_count(self, count: int, font: float, ratio: float) -> QPixmap:
        """The badge with how many equal texts one stands for."""
        key = _Key(f"\0{count}", 0, round(font), is_own=False, ratio=ratio)
        return self._find(key) or self._keep(key, _draw_count(count, font, ratio))

    def trim(self) -> None:
        """A frame is painted: forget what it did not need and the bound does not allow."""
        while self.bytes_held > self.bytes_max and len(self._pixmaps) > len(self._used):
            _, oldest = self._pixmaps.popitem(last=False)
            self.bytes_held -= _bytes_of(oldest)
        self._used.clear()

    def forget(self) -> None:
        """Emotes are drawn that were text, or are others: all is drawn anew."""
        self._pixmaps.clear()
        self._used.clear()
        self._widths.clear()
        self.bytes_held = 0

    def _find(self, key: _Key) -> QPixmap | None:
        pixmap = self._pixmaps.get(key)
        if pixmap is not None:
            self._pixmaps.move_to_end(key)
            self._used.add(key)
        return pixmap

    def _keep(self, key: _Key, pixmap: QPixmap) -> QPixmap:
        self._pixmaps[key] = pixmap
        self._used.add(key)
        self.bytes_held += _bytes_of(pixmap)
        return pixmap

    def _access_font(self, size: int) -> tuple[QFont, QFontMetricsF]:
        found = self._fonts.get(size)
        if found is None:
            if len(self._fonts) > FONTS_MAX:
                self._fonts.clear()
            font = QFont()
            font.setPixelSize(max(1, size))
            font.setWeight(QFont.Weight.DemiBold)
            found = self._fonts[size] = (font, QFontMetricsF(font))
        return found

    def _run_width(self, run: Run, size: int, metrics: QFontMetricsF) -> float:
        return size * EMOTE_ROOM if run.is_emote else metrics.horizontalAdvance(run.words)

    def _draw(self, key: _Key) -> QPixmap:
        font, metrics = self._access_font(key.font)
        height = LINE_HEIGHT * key.font
        width = self.measure(key.words, key.font)
        pixmap = _transparent(width, height, key.ratio)
        base = (height + metrics.ascent() - metrics.descent()) / 2
        color = QColor(key.color)
        placed = self._place(key.words, key.font, metrics)
        painter = QPainter(pixmap)
        painter.setFont(font)
        # The text around itself, and not a stroked path: 2 ms for 100 Chinese characters, not 120.
        is_light = color.lightness() > LIGHTNESS_MIN
        painter.setPen(Qt.GlobalColor.black if is_light else Qt.GlobalColor.white)
        for run, x in placed:
            if not run.is_emote:
                for way in _AROUND:
                    painter.drawText(QPointF(x, base) + way * (OUTLINE / 2), run.words)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.fillRect(QRectF(0, 0, width, height), QColor(0, 0, 0, OUTLINE_ALPHA))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color)
        side = key.font * EMOTE_SIDE
        for run, x in placed:
            if run.is_emote:
                at = QRectF(
                    x + key.font * (EMOTE_ROOM - EMOTE_SIDE) / 2, (height - side) / 2, side, side
                )
                self.emotes.paint(painter, run.words, at)
            else:
                painter.drawText(QPointF(x, base), run.words)
        if key.is_own:
            painter.setPen(QPen(OWN_COLOR, 1.5))
            painter.drawLine(QPointF(OUTLINE, height - 3), QPointF(width - OUTLINE, height - 3))
        painter.end()
        return pixmap

    def _place(self, words: str, size: int, metrics: QFontMetricsF) -> list[tuple[Run, float]]:
        """Where each run stands. A text that reads from the right has its first run there."""
        runs = self.emotes.split(words)
        if len(runs) > 1 and words_read_from_right(runs):
            runs = runs[::-1]
        placed: list[tuple[Run, float]] = []
        x = OUTLINE
        for run in runs:
            placed.append((run, x))
            x += self._run_width(run, size, metrics)
        return placed


def words_read_from_right(runs: tuple[Run, ...]) -> bool:
    """By the first letter that has a direction, as Unicode does for a paragraph."""
    for run in runs:
        for character in "" if run.is_emote else run.words:
            direction = unicodedata.bidirectional(character)
            if direction in {"L", "R", "AL"}:
                return direction != "L"
    return False


def _draw_count(count: int, font: float, ratio: float) -> QPixmap:
    badge = QFont()
    badge.setPixelSize(max(9, round(font * 0.55)))
    badge.setBold(True)
    words = f"×{count}"
    metrics = QFontMetricsF(badge)
    box = QRectF(0, 0, metrics.horizontalAdvance(words) + 8, metrics.height())
    pixmap = _transparent(box.width(), box.height(), ratio)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(BADGE)
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setFont(badge)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return pixmap


def _transparent(width: float, height: float, ratio: float) -> QPixmap:
    pixmap = QPixmap(max(1, math.ceil(width * ratio)), max(1, math.ceil(height * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
