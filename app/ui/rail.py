"""The list of pages on the left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.ui.plain_text import set_tooltip
from app.ui.theme.icons import icon

WIDTH: Final = 88
NEWS_SHOWN_MAX: Final = 99
_AT_BOTTOM: Final = frozenset({"me", "admin"})


class Rail(QWidget):
    """One button a page, exclusive."""

    chosen = Signal(str)

    def __init__(self, keys: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._news: dict[str, int] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 16, 8, 16)
        layout.setSpacing(8)
        for key in (key for key in keys if key not in _AT_BOTTOM):
            layout.addWidget(self._make_button(key))
        layout.addStretch(1)
        for key in (key for key in keys if key in _AT_BOTTOM):
            layout.addWidget(self._make_button(key))
        self.retranslate()

    def select(self, key: str) -> None:
        self._buttons[key].setChecked(True)

    def set_visible(self, key: str, *, is_visible: bool) -> None:
        self._buttons[key].setVisible(is_visible)

    def set_news(self, key: str, count: int) -> None:
        """A number behind the page's name; none for 0."""
        if self._news.get(key, 0) != count:
            self._news[key] = count
            self.retranslate()

    def is_offered(self, key: str) -> bool:
        return not self._buttons[key].isHidden()

    def button(self, key: str) -> QToolButton:
        return self._buttons[key]

    def retranslate(self) -> None:
        for number, (key, button) in enumerate(self._buttons.items(), start=1):
            name = page_name(key)
            if self._news.get(key):
                name = f"{name} ({min(self._news[key], NEWS_SHOWN_MAX)})"
            button.setText(name)
            button.setAccessibleName(name)
            set_tooltip(button, f"{name}  Ctrl+{number}")

    def _make_button(self, key: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"rail-{key}")
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(24, 24))
        button.setIcon(icon(key))
        button.setMinimumHeight(64)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(button)
        self._buttons[key] = button
        return button


def page_name(key: str) -> str:
    """A page's name in the user's language."""
    names = {
        "discover": QCoreApplication.translate("Rail", "Discover"),
        "room": QCoreApplication.translate("Rail", "Room"),
        "studio": QCoreApplication.translate("Rail", "Studio"),
        "replays": QCoreApplication.translate("Rail", "Replays"),
        "me": QCoreApplication.translate("Rail", "Me"),
        "admin": QCoreApplication.translate("Rail", "Admin"),
    }
    return names[key]
