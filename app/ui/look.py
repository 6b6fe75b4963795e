"""The look of the program as a whole: Qt's style and the typeface, the system's own, or on Linux
one that holds both languages well."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QFont, QFontDatabase

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_LINUX: Final[tuple[str, ...]] = ("Inter", "Noto Sans", "Cantarell", "Ubuntu", "Noto Sans CJK SC")
"""The first that is installed. Behind each stands the face for Chinese, so that a line of both
languages has one weight; what fontconfig picks by itself may be bold or Japanese."""
_CHINESE: Final[tuple[str, ...]] = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")


def prepare(application: QApplication) -> None:
    """Name, style and typeface, before the first widget is made."""
    application.setApplicationName("Livehouse")
    application.setStyle("Fusion")
    apply_font(application)


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
