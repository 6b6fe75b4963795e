"""The look of the program as a whole: Qt's style and the typeface, the system's own, or on Linux
one that holds both languages well."""

from __future__ import annotations

import sys
from importlib import resources
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QFont, QFontDatabase, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_LINUX: Final[tuple[str, ...]] = ("Inter", "Noto Sans", "Cantarell", "Ubuntu", "Noto Sans CJK SC")
"""The first that is installed. Behind each stands the face for Chinese, so that a line of both
languages has one weight; what fontconfig picks by itself may be bold or Japanese."""
_ICON_SIDES: Final = (16, 32, 48, 128)
_CHINESE: Final[tuple[str, ...]] = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")


def prepare(application: QApplication) -> None:
    """Name, style and typeface, before the first widget is made."""
    application.setApplicationName("Livehouse")
    application.setDesktopFileName("livehouse")
    application.setWindowIcon(_paint_icon())
    application.setStyle("Fusion")
    apply_font(application)


def _paint_icon() -> QIcon:
    """In the sizes that task bars and title bars take, without waiting for Qt to ask for them."""
    drawing = resources.files("resources").joinpath("app", "livehouse.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(drawing))
    icon = QIcon()
    for side in _ICON_SIDES:
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        icon.addPixmap(pixmap)
    return icon


def apply_font(application: QApplication) -> None:
    """Before the first widget is made."""
    if sys.platform in {"win32", "darwin"}:
        return
    there = set(QFontDatabase.families())
    wanted = [name for name in _LINUX if name in there][:1]
    wanted += [name for name in _CHINESE if name in there and name not in wanted]
    if wanted:
        font = QFont(application.font())
        font.setFamilies([*wanted, *(name for name in font.families() if name not in wanted)])
        application.setFont(font)
