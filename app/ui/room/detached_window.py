"""The stage in a window of its own: the whole screen, or a small one above all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent

    from app.ui.room.stage import Stage

SMALL_WIDTH: Final = 400
SMALL_HEIGHT: Final = 225

Form = Literal["full", "small"]


class DetachedWindow(QWidget):
    """Borrows the stage; whoever lent it takes it back on `closing`."""

    closing = Signal()
    key_pressed = Signal(int)

    def __init__(self, stage: Stage, form: Form, title: str) -> None:
        flags = Qt.WindowType.Window
        if form == "small":
            flags |= Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.FramelessWindowHint
        super().__init__(None, flags)
        # The program ends with the main window, whatever small one is still above it.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.form = form
        self._stage = stage
        self._grabbed_at: QPoint | None = None
        self._is_closed = False
        self.setWindowTitle(one_line(title))
        self.setAccessibleName(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(stage)
        stage.show()
        if form == "full":
            self.showFullScreen()
        else:
            self.setMinimumSize(stage.minimumSize())
            self.resize(SMALL_WIDTH, SMALL_HEIGHT)
            stage.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._move_to_corner()
            self.show()
        self.setFocus()

    def give_back(self) -> Stage:
        """The stage without this window, which then ends."""
        self._is_closed = True
        self._stage.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=False)
        self._stage.setParent(None)
        self.close()
        self.deleteLater()
        return self._stage

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            self.key_pressed.emit(int(event.key()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.form == "small" and event.button() is Qt.MouseButton.LeftButton:
            self._grabbed_at = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed_at is not None:
            self.move(event.globalPosition().toPoint() - self._grabbed_at)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grabbed_at = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_closed:
            self.closing.emit()
        event.accept()

    def _move_to_corner(self) -> None:
        screen = self.screen().availableGeometry()
        self.move(screen.right() - self.width() - 24, screen.bottom() - self.height() - 24)
