"""Pictures of emotes: the project's own, from resources/emotes. GUI thread only."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer


@lru_cache(maxsize=64)
def access_emote(name: str) -> QSvgRenderer:
    """By one of the names of app/danmaku/emotes.py."""
    drawing = resources.files("resources").joinpath("emotes", f"{name}.svg").read_bytes()
    return QSvgRenderer(drawing)


@lru_cache(maxsize=128)
def emote_pixmap(name: str, side: int, ratio: float) -> QPixmap:
    """A square of `side` logical pixels."""
    pixels = max(1, round(side * ratio))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    access_emote(name).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
