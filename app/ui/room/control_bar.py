"""The controls under the stage: pause, sound, danmaku, quality, delay, windows, figures."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QToolButton, QWidget

from app.settings import DELAY_MS_MAX
from app.state.room import RoomState
from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.room.like_button import LikeButton
from app.ui.room.quality_menu import QualityMenu, describe_in_use, name_chosen
from app.ui.theme.icons import icon

DELAY_STEP_MS: Final = 20
VOLUME_STEPS: Final = 100
SLIDER_WIDTH_MIN: Final = 22
"""In the smallest window, where the bar is full."""
SECONDS_FROM_MS: Final = 999.5


class ControlBar(QWidget):
    """Renders a RoomState; every control only says what the user wants."""

    pause_toggled = Signal(bool)
    rewind_wanted = Signal()
    sound_chosen = Signal(float, bool)
    danmaku_toggled = Signal(bool)
    danmaku_settings_wanted = Signal()
    quality_chosen = Signal(object, bool, bool)
    """LayerChoice, whether sound only, whether data is saved."""
    delay_chosen = Signal(int)
    picture_in_picture_wanted = Signal()
    figures_toggled = Signal(bool)
    full_screen_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RoomState()
        self.pause = _button(is_checkable=True)
        self.rewind = _button()
        self.mute = _button(is_checkable=True)
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setRange(0, VOLUME_STEPS)
        self.volume.setMinimumWidth(SLIDER_WIDTH_MIN)
        self.volume.setMaximumWidth(64)
        self.danmaku = _button(is_checkable=True)
        self.danmaku.setChecked(True)
        self.danmaku_settings = _button()
        self.quality = _button()
        self.quality.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.quality.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.quality.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._menu = QualityMenu(self.quality)
        self.quality.setMenu(self._menu)
        self.delay = QSlider(Qt.Orientation.Horizontal)
        self.delay.setRange(0, DELAY_MS_MAX // DELAY_STEP_MS)
        self.delay.setMinimumWidth(SLIDER_WIDTH_MIN)
        self.delay.setMaximumWidth(80)
        self._readout = PlainLabel()
        self._readout.setMinimumWidth(self.fontMetrics().horizontalAdvance("8 888 ms"))
        self.like = LikeButton()
        self.picture_in_picture = _button()
        self.figures = _button(is_checkable=True)
        self.full_screen = _button()
        self._lay_out()
        self._connect()
        self.retranslate()

    def render_state(self, state: RoomState) -> None:
        self._state = state
        _set_quietly(self.volume, round(state.volume * VOLUME_STEPS))
        if not self.delay.isSliderDown():
            _set_quietly(self.delay, state.delay_ms // DELAY_STEP_MS)
        self.mute.setChecked(state.is_muted)
        self.pause.setChecked(state.is_paused)
        self.pause.setEnabled(state.stage in {"live", "sound"})
        self.rewind.setEnabled(state.stage in {"live", "sound", "away"})
        self.like.render_state(state)
        figures = state.statistics
        self._readout.setText(
            _describe_delay(figures.latency_ms)
            if figures.latency_ms and state.stage == "live"
            else "–"
        )
        self._set_icons()
        self._menu.render_state(state)
        self._name_quality()

    def show_danmaku(self, *, is_on: bool) -> None:
        self.danmaku.setChecked(is_on)
        self._set_icons()

    def retranslate(self) -> None:
        for button, name in (
            (self.pause, self.tr("Pause")),
            (self.rewind, self.tr("Go back in the recording")),
            (self.mute, self.tr("Mute")),
            (self.danmaku, self.tr("Danmaku")),
            (self.danmaku_settings, self.tr("Danmaku settings")),
            (self.picture_in_picture, self.tr("Picture in picture")),
            (self.figures, self.tr("Statistics")),
            (self.full_screen, self.tr("Full screen")),
        ):
            button.setAccessibleName(name)
            set_tooltip(button, name)
        self.quality.setAccessibleName(self.tr("Quality"))
        self.volume.setAccessibleName(self.tr("Volume"))
        self.volume.setToolTip(self.tr("Volume"))
        self.delay.setAccessibleName(self.tr("Delay, from instant to steady"))
        self.delay.setToolTip(self.tr("Delay: left is instant, right is steady"))
        self._readout.setAccessibleName(self.tr("Delay now"))
        self._readout.setToolTip(self.tr("From the host's camera to your screen"))
        self.like.retranslate()
        self._menu.retranslate()
        self._name_quality()

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        right: tuple[QWidget, ...] = (
            self.delay,
            self._readout,
            self.quality,
            self.danmaku,
            self.danmaku_settings,
            self.figures,
            self.picture_in_picture,
            self.full_screen,
        )
        left: tuple[QWidget, ...] = (self.pause, self.rewind, self.mute, self.volume, self.like)
        for widget in left:
            layout.addWidget(widget)
        layout.addStretch(1)
        for widget in right:
            layout.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        self.pause.clicked.connect(self.pause_toggled)
        self.rewind.clicked.connect(self.rewind_wanted)
        self.mute.clicked.connect(self._on_sound)
        self._menu.chosen.connect(self.quality_chosen)
        self.volume.valueChanged.connect(self._on_volume)
        self.danmaku.clicked.connect(self._on_danmaku)
        self.danmaku_settings.clicked.connect(self.danmaku_settings_wanted)
        self.delay.valueChanged.connect(self._on_delay)
        self.picture_in_picture.clicked.connect(self.picture_in_picture_wanted)
        self.figures.clicked.connect(self.figures_toggled)
        self.full_screen.clicked.connect(self.full_screen_wanted)

    def _set_icons(self) -> None:
        self.pause.setIcon(icon("play" if self._state.is_paused else "pause"))
        is_silent = self._state.is_muted or self._state.volume == 0
        self.mute.setIcon(icon("muted" if is_silent else "volume"))
        self.rewind.setIcon(icon("history"))
        self.danmaku.setIcon(icon("danmaku" if self.danmaku.isChecked() else "danmaku-off"))
        self.danmaku_settings.setIcon(icon("sliders"))
        self.figures.setIcon(icon("statistics"))
        self.picture_in_picture.setIcon(icon("pip"))
        self.full_screen.setIcon(icon("fullscreen"))

    def _name_quality(self) -> None:
        self.quality.setText(f"{name_chosen(self._state)} ▾")
        words = describe_in_use(self._state)
        set_tooltip(self.quality, words or self.tr("Quality"))
        self.quality.setAccessibleDescription(words)

    def _on_sound(self) -> None:
        self.sound_chosen.emit(self.volume.value() / VOLUME_STEPS, self.mute.isChecked())

    def _on_volume(self, value: int) -> None:
        self.sound_chosen.emit(value / VOLUME_STEPS, False)

    def _on_delay(self, value: int) -> None:
        self.delay_chosen.emit(value * DELAY_STEP_MS)

    def _on_danmaku(self) -> None:
        self._set_icons()
        self.danmaku_toggled.emit(self.danmaku.isChecked())


def _button(*, is_checkable: bool = False) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "quiet")
    button.setIconSize(QSize(20, 20))
    button.setCheckable(is_checkable)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _set_quietly(slider: QSlider, value: int) -> None:
    if slider.value() != value:
        slider.blockSignals(True)  # Qt's own
        slider.setValue(value)
        slider.blockSignals(False)  # Qt's own


def _describe_delay(latency_ms: float) -> str:
    """Never wider than its place."""
    return f"{latency_ms:.0f} ms" if latency_ms < SECONDS_FROM_MS else f"{latency_ms / 1000:.1f} s"
