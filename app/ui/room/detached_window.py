"""The stage in a window of its own: the whole screen, or a small one above all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizeGrip, QVBoxLayout, QWidget

from app.ui.plain_text import one_line
from app.ui.theme import current

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent, QResizeEvent

    from app.ui.room.stage import Stage

SMALL_WIDTH: Final = 400
SMALL_HEIGHT: Final = 225
CONTROLS_SHOWN_MS: Final = 3000
"""After the mouse has moved over the whole screen."""

Form = Literal["full", "small"]


class DetachedWindow(QWidget):
    """Borrows the stage, and the controls for the whole screen, where they come with the mouse;
    whoever lent them takes them back on `closing`."""

    closing = Signal()
    key_pressed = Signal(int)

    def __init__(self, stage: Stage, controls: QWidget, form: Form, title: str) -> None:
        flags = Qt.WindowType.Window
        if form == "small":
            flags |= Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.FramelessWindowHint
        super().__init__(None, flags)
        # The program ends with the main window, whatever small one is still above it.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        current.dress(self)  # the controls come along on the whole screen
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
        self._overlay = QFrame(self)
        self._overlay.setObjectName("overlay")
        self._overlay.hide()
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(CONTROLS_SHOWN_MS)
        self._idle.timeout.connect(self._on_idle)
        # The stage would keep the mouse's moves for itself.
        stage.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if form == "full":
            self._take_controls(controls)
            # On the screen where the program is; and where no window manager makes it large.
            self.setGeometry(controls.screen().geometry())
            self.showFullScreen()
        else:
            self.setMinimumSize(stage.minimumSize())
            self.resize(SMALL_WIDTH, SMALL_HEIGHT)
            self._move_to_corner()
            self._grip = QSizeGrip(self)
            self._grip.setAccessibleName(title)
            self.show()
        self.raise_()
        self.activateWindow()
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.form == "small":
            corner = self.rect().bottomRight() - self._grip.rect().bottomRight()
            self._grip.move(corner)
            self._grip.raise_()
        else:
            height = self._overlay.sizeHint().height()
            self._overlay.setGeometry(0, self.height() - height, self.width(), height)
            self._overlay.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.form == "small" and event.button() is Qt.MouseButton.LeftButton:
            self._grabbed_at = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.form == "full":
            self._show_controls()
        elif self._grabbed_at is not None:
            self.move(event.globalPosition().toPoint() - self._grabbed_at)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grabbed_at = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_closed:
            self.closing.emit()
        event.accept()

    def _take_controls(self, controls: QWidget) -> None:
        row = QHBoxLayout(self._overlay)
        row.setContentsMargins(24, 8, 24, 8)
        row.addWidget(controls)
        self.setMouseTracking(True)
        self._overlay.setMouseTracking(True)
        controls.show()

    def _show_controls(self) -> None:
        self.unsetCursor()
        self._overlay.show()
        self._idle.start()

    def _on_idle(self) -> None:
        """Hidden again, unless somebody is at them; a menu or a focused slider counts."""
        is_used = self._overlay.underMouse() or self._overlay.isAncestorOf(self.focusWidget())
        if is_used or not self.isActiveWindow():
            self._idle.start()
            return
        self._overlay.hide()
        self.setCursor(Qt.CursorShape.BlankCursor)

    def _move_to_corner(self) -> None:
        screen = self.screen().availableGeometry()
        self.move(screen.right() - self.width() - 24, screen.bottom() - self.height() - 24)
