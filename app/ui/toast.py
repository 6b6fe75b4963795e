"""A few words over the page that go by themselves, perhaps with a button that takes it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, Protocol, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import QPushButton

from app.ui.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

ToastKind = Literal["info", "good", "bad"]
SHOWN_MS: Final = {"info": 4000, "good": 4000, "bad": 8000}
WITH_BUTTON_MS: Final = 9000
BUTTON_HEIGHT: Final = 28
_MARGIN: Final = 24
_WIDTH_MAX: Final = 640


class Toast(PlainLabel):
    """One at a time; the newest wins. A click sends it away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton(self)
        self.button.setObjectName("intoast")
        self.button.clicked.connect(self._on_button)
        self.button.hide()
        self._on_taken_back: Callable[[], None] | None = None
        self._ground: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(
        self,
        text: str,
        kind: ToastKind,
        ground: QWidget | None = None,
        button: str = "",
        on_button: Callable[[], None] | None = None,
    ) -> None:
        """At the lower edge of `ground`, or of the window."""
        self._ground = ground
        self.setText(text)
        self.setAccessibleName(text)
        self.setProperty("kind", kind)
        self._on_taken_back = on_button
        self.button.setText(button)
        self.button.setAccessibleName(button)
        self.button.setVisible(bool(button))
        self.style().unpolish(self)
        self.style().polish(self)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(WITH_BUTTON_MS if button else SHOWN_MS[kind])

    def stand_on(self, ground: QWidget | None) -> None:
        """Another page is in front: what is said stays, and stands where it is in nobody's way."""
        self._ground = ground
        if self.isVisible():
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.hide()  # its words are in the language before
        super().changeEvent(event)

    def mousePressEvent(self, _event: QEvent) -> None:
        self.hide()

    def _on_button(self) -> None:
        self.hide()
        taken_back, self._on_taken_back = self._on_taken_back, None
        if taken_back is not None:
            taken_back()

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        area = window.rect()
        ground = self._ground
        if ground is not None and ground.isVisible() and window.isAncestorOf(ground):
            # Else it is in a window of its own: there is no telling where it would be in this one.
            area = QRect(ground.mapTo(window, QPoint(0, 0)), ground.size())
        beside = self.button.sizeHint().width() + 8 if self.button.text() else 0
        self.setContentsMargins(0, 0, beside, 0)
        text_width = self.fontMetrics().horizontalAdvance(self.text()) + 56 + beside
        width = min(_WIDTH_MAX, area.width() - 2 * _MARGIN, max(160, text_width))
        self.setFixedWidth(width)
        self.setFixedHeight(max(40, self.heightForWidth(width)))
        left = area.left() + (area.width() - width) // 2
        self.move(left, area.top() + area.height() - self.height() - _MARGIN)
        if beside:
            top = (self.height() - BUTTON_HEIGHT) // 2
            self.button.setGeometry(width - beside - 4, top, beside - 4, BUTTON_HEIGHT)


class _Window(Protocol):
    def toast(
        self,
        text: str,
        kind: ToastKind = "info",
        button: str = "",
        on_button: Callable[[], None] | None = None,
    ) -> None: ...


def tell(
    widget: QWidget,
    text: str,
    kind: ToastKind,
    button: str = "",
    on_button: Callable[[], None] | None = None,
) -> None:
    """A toast in the window that the widget stands in; nothing where it stands alone."""
    window = cast("_Window", widget.window())
    if hasattr(window, "toast"):
        window.toast(text, kind, button, on_button)
