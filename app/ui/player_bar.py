"""What the controls under a picture have in common, in a room and in a replay."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import QMenu, QSlider, QToolButton, QWidget

from app.ui.plain_text import set_tooltip
from app.ui.theme.icons import icon

VOLUME_STEPS: Final = 100
VOLUME_WIDTH: Final = 64


class PlayerBar(QWidget):
    """Pause, sound, danmaku and the whole screen. Every control only says what the user wants."""

    pause_toggled = Signal(bool)
    sound_chosen = Signal(float, bool)
    """From 0 to 1, and whether it is muted."""
    danmaku_toggled = Signal(bool)
    danmaku_settings_wanted = Signal()
    full_screen_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pause = tool(is_checkable=True)
        self.mute = tool(is_checkable=True)
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setRange(0, VOLUME_STEPS)
        self.volume.setMaximumWidth(VOLUME_WIDTH)
        self.danmaku = tool(is_checkable=True)
        self.danmaku.setChecked(True)
        self.danmaku_settings = tool()
        self.full_screen = tool()
        self.pause.clicked.connect(self._on_pause)
        self.mute.clicked.connect(self._on_mute)
        self.volume.valueChanged.connect(self._on_volume)
        self.danmaku.clicked.connect(self._on_danmaku)
        self.danmaku_settings.clicked.connect(self.danmaku_settings_wanted)
        self.full_screen.clicked.connect(self.full_screen_wanted)

    def show_paused(self, *, is_paused: bool) -> None:
        self.pause.setChecked(is_paused)
        self.show_icons()

    def show_sound(self, volume: float, *, is_muted: bool) -> None:
        set_quietly(self.volume, round(volume * VOLUME_STEPS))
        self.mute.setChecked(is_muted)
        self.show_icons()

    def show_danmaku(self, *, is_on: bool) -> None:
        self.danmaku.setChecked(is_on)
        self.show_icons()

    def show_icons(self) -> None:
        """As the buttons stand."""
        is_silent = self.mute.isChecked() or self.volume.value() == 0
        self.pause.setIcon(icon("play" if self.pause.isChecked() else "pause"))
        self.mute.setIcon(icon("muted" if is_silent else "volume"))
        self.danmaku.setIcon(icon("danmaku" if self.danmaku.isChecked() else "danmaku-off"))
        self.danmaku_settings.setIcon(icon("sliders"))
        self.full_screen.setIcon(icon("fullscreen"))

    def retranslate(self) -> None:
        translate = QCoreApplication.translate
        for button, name in (
            (self.pause, translate("PlayerBar", "Pause")),
            (self.mute, translate("PlayerBar", "Mute")),
            (self.volume, translate("PlayerBar", "Volume")),
            (self.danmaku, translate("PlayerBar", "Danmaku")),
            (self.danmaku_settings, translate("PlayerBar", "Danmaku settings")),
            (self.full_screen, translate("PlayerBar", "Full screen")),
        ):
            name_control(button, name)

    # --- what the user wants ------------------------------------------------------------------

    def _on_pause(self) -> None:
        self.show_icons()
        self.pause_toggled.emit(self.pause.isChecked())

    def _on_mute(self) -> None:
        self.show_icons()
        self.sound_chosen.emit(self.volume.value() / VOLUME_STEPS, self.mute.isChecked())

    def _on_volume(self, value: int) -> None:
        """Whoever moves it wants to hear something."""
        self.mute.setChecked(False)
        self.show_icons()
        self.sound_chosen.emit(value / VOLUME_STEPS, False)

    def _on_danmaku(self) -> None:
        self.show_icons()
        self.danmaku_toggled.emit(self.danmaku.isChecked())


def tool(*, is_checkable: bool = False) -> QToolButton:
    """One of its buttons."""
    button = QToolButton()
    button.setProperty("kind", "quiet")
    button.setIconSize(QSize(20, 20))
    button.setCheckable(is_checkable)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def drop_menu(button: QToolButton, menu: QMenu) -> None:
    """A button in words that opens a menu and shows no arrow of Qt's."""
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
    button.setMenu(menu)


def name_control(control: QWidget, name: str) -> None:
    """For screen readers and for the pointer."""
    control.setAccessibleName(name)
    set_tooltip(control, name)


def set_quietly(slider: QSlider, value: int) -> None:
    if slider.value() != value:
        slider.blockSignals(True)  # Qt's own
        slider.setValue(value)
        slider.blockSignals(False)  # Qt's own
