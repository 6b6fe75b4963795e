"""Where the stage stands: on the page, in a window of its own, or something else in its stead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.ui.room.detached_window import DetachedWindow, Form

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.room.stage import Stage


class StagePlace(QObject):
    """`layout` and `foot` are for the page: the stage's place, and that of the controls below."""

    key_pressed = Signal(int)
    """In a window of its own."""

    def __init__(
        self, stage: Stage, controls: QWidget, title: Callable[[], str], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._stage = stage
        self._controls = controls
        self._title = title
        self._detached: DetachedWindow | None = None
        self._instead: QWidget | None = None
        """What stands where the stage was."""
        self.back = QPushButton()
        """Brings the stage back from its window."""
        self.back.hide()
        self.back.clicked.connect(self.end_detached)
        self.layout = QVBoxLayout()
        self.layout.setContentsMargins(0, 0, 0, 0)
        self.layout.addWidget(stage, 1)
        self.layout.addWidget(self.back, 0, Qt.AlignmentFlag.AlignCenter)
        self.foot = QVBoxLayout()
        self.foot.addWidget(controls)

    def show_instead(self, widget: QWidget | None) -> None:
        """Something in the stage's place; None: the stage again."""
        self.end_detached()
        before, self._instead = self._instead, widget
        if before is not None:
            self.layout.removeWidget(before)
            before.hide()
        for own in (self._stage, self._controls):
            own.setVisible(widget is None)
        if widget is not None:
            self.layout.insertWidget(0, widget, 1)
            widget.show()

    def toggle_detached(self, form: Form) -> None:
        was = self._detached.form if self._detached is not None else None
        self.end_detached()
        if was == form:
            return
        self.layout.removeWidget(self._stage)
        self.back.show()
        self.layout.setAlignment(self.back, Qt.AlignmentFlag.AlignCenter)
        window = DetachedWindow(self._stage, self._controls, form, self._title())
        self._detached = window
        window.closing.connect(self.end_detached)
        window.key_pressed.connect(self.key_pressed)

    def end_detached(self) -> None:
        window, self._detached = self._detached, None
        if window is None:
            return
        stage = window.give_back()
        self.back.hide()
        self.layout.insertWidget(0, stage, 1)
        self.foot.addWidget(self._controls)
        self._controls.show()
        stage.show()
        stage.setFocus()

    def give_back_the_screen(self) -> None:
        """The small window goes on; the whole screen is given back."""
        if self._detached is not None and self._detached.form == "full":
            self.end_detached()
