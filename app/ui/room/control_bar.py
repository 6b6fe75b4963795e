"""The controls under the stage: pause, sound, danmaku, quality, delay, windows, figures."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from app.settings import DELAY_MS_MAX
from app.state.room import RoomState
from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.player_bar import PlayerBar, drop_menu, name_control, set_quietly, tool
from app.ui.room.like_button import LikeButton
from app.ui.room.quality_menu import QualityMenu, describe_in_use, name_chosen
from app.ui.theme.icons import icon

DELAY_STEP_MS: Final = 20
SLIDER_WIDTH_MIN: Final = 22
"""In the smallest window, where the bar is full."""
SECONDS_FROM_MS: Final = 999.5


class ControlBar(PlayerBar):
    """Renders a RoomState."""

    rewind_wanted = Signal()
    quality_chosen = Signal(object, bool, bool)
    """LayerChoice, whether sound only, whether data is saved."""
    delay_chosen = Signal(int)
    picture_in_picture_wanted = Signal()
    figures_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RoomState()
        self.rewind = tool()
        self.volume.setMinimumWidth(SLIDER_WIDTH_MIN)
        self.quality = tool()
        self._menu = QualityMenu(self.quality)
        drop_menu(self.quality, self._menu)
        self.delay = QSlider(Qt.Orientation.Horizontal)
        self.delay.setRange(0, DELAY_MS_MAX // DELAY_STEP_MS)
        self.delay.setMinimumWidth(SLIDER_WIDTH_MIN)
        self.delay.setMaximumWidth(80)
        self._readout = PlainLabel()
        self._readout.setMinimumWidth(self.fontMetrics().horizontalAdvance("8 888 ms"))
        self.like = LikeButton()
        self.picture_in_picture = tool()
        self.figures = tool(is_checkable=True)
        self._lay_out()
        self._connect()
        self.retranslate()

    def render_state(self, state: RoomState) -> None:
        self._state = state
        if not self.delay.isSliderDown():
            set_quietly(self.delay, state.delay_ms // DELAY_STEP_MS)
        self.pause.setChecked(state.is_paused)
        self.show_sound(state.volume, is_muted=state.is_muted)
        self.pause.setEnabled(state.stage in {"live", "sound"})
        self.rewind.setEnabled(state.stage in {"live", "sound", "away"})
        self.like.render_state(state)
        figures = state.statistics
        self._readout.setText(
            _describe_delay(figures.latency_ms)
            if figures.latency_ms and state.stage == "live"
            else "–"
        )
        self._menu.render_state(state)
        self._name_quality()

    def retranslate(self) -> None:
        super().retranslate()
        for button, name in (
            (self.rewind, self.tr("Go back in the recording")),
            (self.picture_in_picture, self.tr("Picture in picture")),
            (self.figures, self.tr("Statistics")),
        ):
            name_control(button, name)
        self.quality.setAccessibleName(self.tr("Quality"))
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
        self.rewind.clicked.connect(self.rewind_wanted)
        self._menu.chosen.connect(self.quality_chosen)
        self.delay.valueChanged.connect(self._on_delay)
        self.picture_in_picture.clicked.connect(self.picture_in_picture_wanted)
        self.figures.clicked.connect(self.figures_toggled)

    def show_icons(self) -> None:
        super().show_icons()
        self.rewind.setIcon(icon("history"))
        self.figures.setIcon(icon("statistics"))
        self.picture_in_picture.setIcon(icon("pip"))

    def _name_quality(self) -> None:
        self.quality.setText(f"{name_chosen(self._state)} ▾")
        words = describe_in_use(self._state)
        set_tooltip(self.quality, words or self.tr("Quality"))
        self.quality.setAccessibleDescription(words)

    def _on_delay(self, value: int) -> None:
        self.delay_chosen.emit(value * DELAY_STEP_MS)


def _describe_delay(latency_ms: float) -> str:
    """Never wider than its place."""
    return f"{latency_ms:.0f} ms" if latency_ms < SECONDS_FROM_MS else f"{latency_ms / 1000:.1f} s"
