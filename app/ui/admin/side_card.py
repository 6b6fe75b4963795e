"""Beside a table: what is chosen there. A title, words, and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.plain_text import PlainLabel
from app.ui.scrolling import scroll_over
from app.ui.small_pictures import decode_small

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from app.ui.admin.panel import Panel

MARGIN: Final = 16
FRAME: Final = 1
SCROLL_BAR: Final = 12
"""As wide as the style sheet has it."""
PICTURE_SIDE_MAX: Final = 8_000
"""Of a screenshot; who sent it may be anybody."""
_PNG: Final = b"\x89PNG"


class SideCard(QFrame):
    """`content` scrolls; whoever makes the card fills it."""

    def __init__(self, parent: QWidget | None, width: int) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFixedWidth(width)
        self.title, self.words = PlainLabel(self), PlainLabel(self)
        self.title.setObjectName("h3")
        self.words.setObjectName("soft")
        self.buttons: dict[str, QPushButton] = {}
        page = QWidget(self)
        self.content = QVBoxLayout(page)
        self.content.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self.content.setSpacing(8)
        for label in (self.title, self.words):
            label.setWordWrap(True)
            self.content.addWidget(label)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(FRAME, FRAME, FRAME, FRAME)
        self._whole.setSpacing(0)
        self._whole.addWidget(scroll_over(page), 1)

    def add_foot(self) -> QVBoxLayout:
        """It stays below what scrolls."""
        foot = QVBoxLayout()
        foot.setContentsMargins(MARGIN, 8, MARGIN, MARGIN)
        foot.setSpacing(8)
        self._whole.addLayout(foot)
        return foot

    def add_buttons(self, actions: Mapping[str, Callable[[], None]]) -> None:
        """One below the other; `name_buttons` gives them their texts."""
        for key, action in actions.items():
            button = QPushButton(self)
            button.clicked.connect(action)
            self.buttons[key] = button
            self.content.addWidget(button)

    def name_buttons(self, texts: Mapping[str, str]) -> None:
        for key, words in texts.items():
            self.buttons[key].setText(words)
            self.buttons[key].setAccessibleName(words)

    def show_buttons(self, *, are_shown: bool) -> None:
        for button in self.buttons.values():
            button.setVisible(are_shown)


class PictureLabel(PlainLabel):
    """A picture that came from the relay, as wide as fits; hidden where there is none."""

    def __init__(self, parent: QWidget, card_width: int) -> None:
        super().__init__(parent)
        self._width = card_width - 2 * (MARGIN + FRAME) - SCROLL_BAR
        self.hide()

    def show_picture(self, data: bytes) -> None:
        kind = "png" if data.startswith(_PNG) else "jpg"
        self.show_image(decode_small(data, kind, QSize(PICTURE_SIDE_MAX, PICTURE_SIDE_MAX)))

    def show_image(self, picture: QImage | None) -> None:
        if picture is not None:
            smooth = Qt.TransformationMode.SmoothTransformation
            self.setPixmap(QPixmap.fromImage(picture.scaledToWidth(self._width, smooth)))
        self.setVisible(picture is not None)


def lay_beside(panel: Panel, left: QBoxLayout, card: QWidget) -> None:
    """In the panel's body."""
    both = QHBoxLayout()
    both.setSpacing(16)
    both.addLayout(left, 1)
    both.addWidget(card)
    panel.body.addLayout(both, 1)
