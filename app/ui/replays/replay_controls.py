"""The controls under a recording. Every control only says what the user wants."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSlider, QToolButton, QWidget

from app.state.replays import clock_words
from app.ui.plain_text import PlainLabel, button_text, set_tooltip
from app.ui.theme.icons import icon

SPEEDS: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
VOLUME_STEPS: Final = 100


class ReplayControls(QWidget):
    """Beside the seek bar's own line."""

    pause_toggled = Signal(bool)
    sound_chosen = Signal(float, bool)
    speed_chosen = Signal(float)
    danmaku_toggled = Signal(bool)
    danmaku_settings_wanted = Signal()
    chapters_wanted = Signal()
    full_screen_wanted = Signal()
    live_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pause = _button(is_checkable=True)
        self.mute = _button(is_checkable=True)
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setRange(0, VOLUME_STEPS)
        self.volume.setFixedWidth(64)
        self.time = PlainLabel()
        self.live = QPushButton()
        self.live.setObjectName("slim")
        self.live.setProperty("kind", "primary")
        self.live.hide()
        self.speed = _button()
        self.speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.speed.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.speed.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._menu = QMenu(self.speed)
        self.speed.setMenu(self._menu)
        self.chapters = _button()
        self.danmaku = _button(is_checkable=True)
        self.danmaku.setChecked(True)
        self.danmaku_settings = _button()
        self.full_screen = _button()
        self._speed = 1.0
        self._lay_out()
        self._connect()
        self.retranslate()

    def show_time(self, at_ms: int, duration_ms: int) -> None:
        self.time.setText(f"{clock_words(at_ms)} / {clock_words(duration_ms)}")

    def show_paused(self, *, is_paused: bool) -> None:
        self.pause.setChecked(is_paused)
        self._set_icons()

    def show_sound(self, volume: float, *, is_muted: bool) -> None:
        self.volume.blockSignals(True)  # Qt's own
        self.volume.setValue(round(volume * VOLUME_STEPS))
        self.volume.blockSignals(False)  # Qt's own
        self.mute.setChecked(is_muted)
        self._set_icons()

    def show_danmaku(self, *, is_on: bool) -> None:
        self.danmaku.setChecked(is_on)
        self._set_icons()

    def show_speed(self, speed: float) -> None:
        self._speed = speed
        self._fill_menu()

    def step_speed(self, steps: int) -> None:
        """To the next of those that can be chosen."""
        at = min(range(len(SPEEDS)), key=lambda number: abs(SPEEDS[number] - self._speed))
        self._on_speed(SPEEDS[min(len(SPEEDS) - 1, max(0, at + steps))])

    def step_volume(self, steps: int) -> None:
        self.volume.setValue(self.volume.value() + steps)

    def retranslate(self) -> None:
        for button, name in (
            (self.pause, self.tr("Pause")),
            (self.mute, self.tr("Mute")),
            (self.speed, self.tr("Speed")),
            (self.chapters, self.tr("Chapters")),
            (self.danmaku, self.tr("Danmaku")),
            (self.danmaku_settings, self.tr("Danmaku settings")),
            (self.full_screen, self.tr("Full screen")),
        ):
            button.setAccessibleName(name)
            set_tooltip(button, name)
        self.volume.setAccessibleName(self.tr("Volume"))
        self.volume.setToolTip(self.tr("Volume"))
        self.time.setAccessibleName(self.tr("Time"))
        self.live.setText(self.tr("Back to live"))
        self.live.setAccessibleName(self.tr("Back to live"))
        self._fill_menu()

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
        self.pause.clicked.connect(self._on_pause)
        self.mute.clicked.connect(self._on_mute)
        self.volume.valueChanged.connect(self._on_volume)
        self.danmaku.clicked.connect(self._on_danmaku)
        self.danmaku_settings.clicked.connect(self.danmaku_settings_wanted)
        self.chapters.clicked.connect(self.chapters_wanted)
        self.full_screen.clicked.connect(self.full_screen_wanted)
        self.live.clicked.connect(self.live_wanted)

    def _set_icons(self) -> None:
        self.pause.setIcon(icon("play" if self.pause.isChecked() else "pause"))
        is_silent = self.mute.isChecked() or self.volume.value() == 0
        self.mute.setIcon(icon("muted" if is_silent else "volume"))
        self.chapters.setIcon(icon("chapters"))
        self.danmaku.setIcon(icon("danmaku" if self.danmaku.isChecked() else "danmaku-off"))
        self.danmaku_settings.setIcon(icon("sliders"))
        self.full_screen.setIcon(icon("fullscreen"))

    def _fill_menu(self) -> None:
        self._menu.clear()
        group = QActionGroup(self._menu)
        for speed in reversed(SPEEDS):
            action = QAction(button_text(_speed_words(speed)), self._menu)
            action.setCheckable(True)
            action.setChecked(speed == self._speed)
            action.triggered.connect(partial(self._on_speed, speed))
            group.addAction(action)
            self._menu.addAction(action)
        self.speed.setText(f"{_speed_words(self._speed)} ▾")
        self._set_icons()

    def _on_speed(self, speed: float, _checked: object = None) -> None:
        self.show_speed(speed)
        self.speed_chosen.emit(speed)

    def _on_pause(self) -> None:
        self._set_icons()
        self.pause_toggled.emit(self.pause.isChecked())

    def _on_mute(self) -> None:
        self._set_icons()
        self.sound_chosen.emit(self.volume.value() / VOLUME_STEPS, self.mute.isChecked())

    def _on_volume(self, value: int) -> None:
        self.mute.setChecked(False)
        self._set_icons()
        self.sound_chosen.emit(value / VOLUME_STEPS, False)

    def _on_danmaku(self) -> None:
        self._set_icons()
        self.danmaku_toggled.emit(self.danmaku.isChecked())


def _speed_words(speed: float) -> str:
    return f"{speed:g}×"


def _button(*, is_checkable: bool = False) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "quiet")
    button.setIconSize(QSize(20, 20))
    button.setCheckable(is_checkable)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
