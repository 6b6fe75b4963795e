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
    """`area` and `foot` are for the page: the stage's place, and that of the controls below."""

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
        # Widgets of their own, for what is in them comes and goes: layouts that are nested when
        # they are filled leave Python an item for each widget, which outlives it (PySide 6.11), and
        # what is made at its address later is taken for that item.
        self.area, self.foot = QWidget(), QWidget()
        self._rows, self._foot_rows = QVBoxLayout(self.area), QVBoxLayout(self.foot)
        for rows in (self._rows, self._foot_rows):
            rows.setContentsMargins(0, 0, 0, 0)
        self._rows.addWidget(stage, 1)
        self._rows.addWidget(self.back, 0, Qt.AlignmentFlag.AlignCenter)
        self._foot_rows.addWidget(controls)

    def show_instead(self, widget: QWidget | None) -> None:
        """Something in the stage's place; None: the stage again."""
        self.end_detached()
        before, self._instead = self._instead, widget
        if before is not None:
            self._rows.removeWidget(before)
            before.hide()
        for own in (self._stage, self.foot):
            own.setVisible(widget is None)
        if widget is not None:
            self._rows.insertWidget(0, widget, 1)
            widget.show()

    def toggle_detached(self, form: Form) -> None:
        was = self._detached.form if self._detached is not None else None
        self.end_detached()
        if was == form:
            return
        self._rows.removeWidget(self._stage)
        self.back.show()
        self._rows.setAlignment(self.back, Qt.AlignmentFlag.AlignCenter)
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
        self._rows.insertWidget(0, stage, 1)
        self._foot_rows.addWidget(self._controls)
        self._controls.show()
        stage.show()
        stage.setFocus()

    def give_back_the_screen(self) -> None:
        """The small window goes on; the whole screen is given back."""
        if self._detached is not None and self._detached.form == "full":
            self.end_detached()
