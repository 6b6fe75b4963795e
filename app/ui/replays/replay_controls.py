"""The controls under a recording."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from app.state.moment import clock_words
from app.ui.plain_text import PlainLabel, button_text
from app.ui.player_bar import VOLUME_WIDTH, PlayerBar, drop_menu, name_control, tool
from app.ui.theme.icons import icon

SPEEDS: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


class ReplayControls(PlayerBar):
    """Beside the seek bar's own line."""

    speed_chosen = Signal(float)
    chapters_wanted = Signal()
    live_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.volume.setFixedWidth(VOLUME_WIDTH)
        self.time = PlainLabel()
        self.live = QPushButton()
        self.live.setObjectName("slim")
        self.live.setProperty("kind", "primary")
        self.live.hide()
        self.speed = tool()
        self._speeds = self._make_speeds()
        self.chapters = tool()
        self._speed = 1.0
        self._lay_out()
        self._connect()
        self.retranslate()
        self.show_speed(self._speed)

    def show_time(self, at_ms: int, duration_ms: int) -> None:
        self.time.setText(f"{clock_words(at_ms)} / {clock_words(duration_ms)}")

    def show_speed(self, speed: float) -> None:
        self._speed = speed
        self._speeds[speed].setChecked(True)
        self.speed.setText(f"{_speed_words(speed)} ▾")

    def step_speed(self, steps: int) -> None:
        """To the next of those that can be chosen."""
        at = min(range(len(SPEEDS)), key=lambda number: abs(SPEEDS[number] - self._speed))
        self._on_speed(SPEEDS[min(len(SPEEDS) - 1, max(0, at + steps))])

    def step_volume(self, steps: int) -> None:
        self.volume.setValue(self.volume.value() + steps)

    def retranslate(self) -> None:
        super().retranslate()
        name_control(self.speed, self.tr("Speed"))
        name_control(self.chapters, self.tr("Chapters"))
        self.time.setAccessibleName(self.tr("Time"))
        self.live.setText(self.tr("Back to live"))
        self.live.setAccessibleName(self.tr("Back to live"))
        self.show_icons()

    def replace_chapters(self, other: QToolButton) -> None:
        """What is still being recorded has none to edit."""
        self._row.replaceWidget(self.chapters, other)
        self.chapters.hide()
        self.setTabOrder(self.speed, other)
        self.setTabOrder(other, self.danmaku)

    def _lay_out(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        left: tuple[QWidget, ...] = (self.pause, self.mute, self.volume)
        for widget in left:
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self.time)
        row.addStretch(1)
        right: tuple[QWidget, ...] = (
            self.live,
            self.speed,
            self.chapters,
            self.danmaku,
            self.danmaku_settings,
            self.full_screen,
        )
        for widget in right:
            row.addWidget(widget)

    def _connect(self) -> None:
        self.chapters.clicked.connect(self.chapters_wanted)
        self.live.clicked.connect(self.live_wanted)

    def show_icons(self) -> None:
        super().show_icons()
        self.chapters.setIcon(icon("chapters"))

    def _make_speeds(self) -> dict[float, QAction]:
        menu = QMenu(self.speed)
        group = QActionGroup(menu)
        actions: dict[float, QAction] = {}
        for speed in reversed(SPEEDS):
            action = actions[speed] = QAction(button_text(_speed_words(speed)), menu)
            action.setCheckable(True)
            action.triggered.connect(partial(self._on_speed, speed))
            group.addAction(action)
            menu.addAction(action)
        drop_menu(self.speed, menu)
        return actions

    def _on_speed(self, speed: float, _checked: object = None) -> None:
        self.show_speed(speed)
        self.speed_chosen.emit(speed)


def _speed_words(speed: float) -> str:
    return f"{speed:g}×"
