"""Our own line icons, drawn on a 24 x 24 grid, in the colour of the theme.

An icon is painted when it is shown, so that a change of theme needs no new icons.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui.theme import current

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

    from app.ui.theme.tokens import Theme

LEAD_SIDE: Final = 16
_FALLBACK: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" '
    'stroke="currentColor" stroke-width="1.8"><rect x="4" y="4" width="16" height="16"/></svg>'
)


def icon(name: str, color: str = "") -> QIcon:
    """An icon by its file's name in resources/icons; `color` names a field of Theme."""
    return QIcon(_Engine(name, color))


def set_lead_icon(button: QAbstractButton, name: str, color: str = "") -> None:
    """An icon before a button's words, with room between them: Qt's style leaves 4 pixels."""
    button.setIcon(icon(name, color))
    button.setIconSize(QSize(LEAD_SIDE + 6, LEAD_SIDE))


def pixmap(name: str, size: int, color: str = "text", ratio: float = 1.0) -> QPixmap:
    """The same as a picture, for labels."""
    image = _draw(name, getattr(current.theme(), color), round(size * ratio))
    image.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(image)


class _Engine(QIconEngine):
    def __init__(self, name: str, color: str) -> None:
        super().__init__()
        self._name = name
        self._color = color

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._color)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatio()
        side = min(rect.width(), rect.height())
        image = _draw(self._name, self._pick(mode, state), round(side * ratio))
        target = QRect(QPoint(0, 0), QSize(side, side))
        target.moveCenter(rect.center())
        target.moveLeft(rect.left() if rect.width() > rect.height() else target.left())
        painter.drawImage(target, image)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        side = min(size.width(), size.height())
        image = _draw(self._name, self._pick(mode, state), side)
        return QPixmap.fromImage(image.copy(0, 0, size.width(), size.height()))

    def _pick(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        theme: Theme = current.theme()
        if mode == QIcon.Mode.Disabled and self._color in {"", "on_accent"}:
            return theme.line  # a disabled button has no accent behind it
        if self._color:
            return str(getattr(theme, self._color))
        if state == QIcon.State.On:
            return theme.accent_text
        return theme.text_soft if mode == QIcon.Mode.Normal else theme.text


@lru_cache(maxsize=256)
def _draw(name: str, color: str, side: int) -> QImage:
    renderer = QSvgRenderer(QByteArray(_read(name).replace("currentColor", color).encode()))
    image = QImage(max(1, side), max(1, side), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return image


@lru_cache(maxsize=64)
def _read(name: str) -> str:
    file = resources.files("resources") / "icons" / f"{name}.svg"
    return file.read_text("utf-8") if file.is_file() else _FALLBACK
