"""A page whose work is still to come, and says so."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.page import Page
from app.ui.plain_text import PlainLabel
from app.ui.rail import page_name
from app.ui.theme import current
from app.ui.theme.icons import pixmap


class PlaceholderPage(Page):
    """An icon and an honest sentence."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._picture = PlainLabel(self)
        self._title = PlainLabel(self)
        self._title.setObjectName("h2")
        self._words = PlainLabel(self)
        self._words.setObjectName("soft")
        self._words.setWordWrap(True)
        self._words.setFixedSize(480, 64)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addStretch(2)
        for label in (self._picture, self._title, self._words):
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        current.changed.connect(self._draw)
        self._draw()
        self.retranslate()

    def title(self) -> str:
        return page_name(self._key)

    def retranslate(self) -> None:
        self._title.setText(self.title())
        self._words.setText(_words(self._key))

    def _draw(self) -> None:
        self._picture.setPixmap(pixmap(self._key, 56, "text_soft", self.devicePixelRatioF()))


def _words(key: str) -> str:
    words = {
        "replays": QCoreApplication.translate(
            "Placeholder",
            "Replays are not built yet. This version records nothing: when a broadcast is over, "
            "it is gone.",
        )
    }
    return words[key]
