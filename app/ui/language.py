"""English (the source) and Chinese, changed while the program runs."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QTranslator

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_NAME: Final = "livehouse_zh_CN.qm"


class Languages:
    """Installs and takes away the translation; Qt then sends LanguageChange to every widget."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._chinese = QTranslator(application)
        file = resources.files("resources") / "translations" / _NAME
        self._data = file.read_bytes() if file.is_file() else b""
        self._has_chinese = bool(self._data) and self._chinese.load(self._data)
        self._is_chinese = False

    def apply(self, wish: str) -> None:
        """`system`, `en` or `zh_CN`."""
        system = QLocale.system().language() == QLocale.Language.Chinese
        is_chinese = self._has_chinese and (wish == "zh_CN" or (wish == "system" and system))
        if is_chinese == self._is_chinese:
            return
        self._is_chinese = is_chinese
        if is_chinese:
            self._application.installTranslator(self._chinese)
        else:
            self._application.removeTranslator(self._chinese)
