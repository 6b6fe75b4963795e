"""The mixer: a strip for each sound with meter, gain, mute and noise suppression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.state.studio_events import ChannelChanged
from app.ui.elided_label import ElidedLabel
from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.scrolling import scroll_over
from app.ui.theme.current import theme
from app.ui.theme.icons import icon, set_lead_icon
from app.ui.theme.kinds import set_kind

if TYPE_CHECKING:
    from app.state.studio import StudioState
    from app.state.studio_sound import Channel

FLOOR_DB: Final = -60.0
NAME_WIDTH: Final = 112
MIX_WIDTH: Final = 120
STRIP_HEIGHT: Final = 44
STRIPS_SHOWN_MAX: Final = 4
HOT_DB: Final = -6.0
WARM_DB: Final = -18.0


class LevelMeter(QWidget):
    """RMS as a bar, the peak as a line, in three colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(8)
        self.setMinimumWidth(64)
        self._peak_db = self._rms_db = -90.0

    def set_level(self, peak_db: float, rms_db: float) -> None:
        if (peak_db, rms_db) != (self._peak_db, self._rms_db):
            self._peak_db, self._rms_db = peak_db, rms_db
            self.setAccessibleDescription(f"{peak_db:.0f} dB")
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(area, QColor(theme().line))
        begun = 0.0
        for limit_db, color in (
            (WARM_DB, theme().good),
            (HOT_DB, theme().warn),
            (0.0, theme().bad),
        ):
            end = area.width() * _share(min(self._rms_db, limit_db))
            if end > begun:
                painter.fillRect(QRectF(begun, 0, end - begun, area.height()), QColor(color))
                begun = end
        if self._peak_db > FLOOR_DB:
            place = area.width() * _share(self._peak_db)
            color = theme().bad if self._peak_db > HOT_DB else theme().text
            painter.fillRect(QRectF(place - 2, 0, 2, area.height()), QColor(color))
        painter.end()


def _share(level_db: float) -> float:
    return min(1.0, max(0.0, 1 - level_db / FLOOR_DB))


class ChannelStrip(QWidget):
    """One sound."""

    changed = Signal(object)
    """ChannelChanged."""
    removed = Signal(str)

    def __init__(self, channel: Channel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._channel = channel
        self._shown_signal = channel.signal
        self._name = ElidedLabel()
        self._name.setFixedWidth(NAME_WIDTH)
        self._name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._meter = LevelMeter()
        self._lost = PlainLabel()
        """Where the level would be, so that the name keeps its room."""
        set_kind(self._lost, "warn")
        self._gain = QSlider(Qt.Orientation.Horizontal)
        self._gain.setRange(-40, 20)
        self._gain.setFixedWidth(80)
        self._gain_text = PlainLabel()
        self._gain_text.setFixedWidth(56)
        self._gain_text.setProperty("soft", True)
        self._mute = _toggle("mic_off")
        self._noise = _toggle("noise")
        self._remove = _toggle("trash")
        self._remove.setCheckable(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._name)
        row.addWidget(self._meter, 1)
        row.addWidget(self._lost, 1)
        for widget in (self._gain, self._gain_text, self._mute, self._noise, self._remove):
            row.addWidget(widget)
        self.controls = (self._gain, self._mute, self._noise, self._remove)
        self._gain.valueChanged.connect(self._on_gain)
        self._mute.toggled.connect(self._on_mute)
        self._noise.toggled.connect(self._on_noise)
        self._remove.clicked.connect(lambda: self.removed.emit(self._channel.key))
        self.retranslate()
        self.render_channel(channel)

    def render_channel(self, channel: Channel) -> None:
        self._channel = channel
        is_sent = not channel.is_muted
        self._meter.set_level(channel.peak_db if is_sent else -90, channel.rms_db)
        if channel.signal != self._shown_signal:
            self._shown_signal = channel.signal
            self._show_name()
        for widget, value in (
            (self._mute, channel.is_muted),
            (self._noise, channel.is_noise_suppressed),
        ):
            widget.blockSignals(True)  # Qt's
            widget.setChecked(value)
            widget.blockSignals(False)  # Qt's
        if not self._gain.isSliderDown():
            self._gain.blockSignals(True)  # Qt's
            self._gain.setValue(round(channel.gain_db))
            self._gain.blockSignals(False)  # Qt's
        self._gain_text.setText(f"{channel.gain_db:+.0f} dB")

    def retranslate(self) -> None:
        self._show_name()
        self._meter.setAccessibleName(self.tr("Level"))
        self._gain.setAccessibleName(self.tr("Gain"))
        set_tooltip(self._gain, self.tr("Gain"))
        for button, words in (
            (self._mute, self.tr("Mute")),
            (self._noise, self.tr("Suppress noise")),
            (self._remove, self.tr("Remove this sound")),
        ):
            set_tooltip(button, words)
            button.setAccessibleName(words)

    def _show_name(self) -> None:
        default = self.tr("Microphone") if self._channel.is_microphone else self.tr("Sound")
        name = self._channel.label or default
        is_lost = self._channel.signal == "no_signal"
        self._name.show_line(name)
        self._lost.setText(self.tr("No signal"))
        self._lost.setVisible(is_lost)
        self._meter.setVisible(not is_lost)
        set_kind(self._name, "warn" if is_lost else "")

    def _on_gain(self, value: int) -> None:
        self.changed.emit(ChannelChanged(self._channel.key, gain_db=float(value)))

    def _on_mute(self, checked: bool) -> None:  # noqa: FBT001 # a Qt slot
        self.changed.emit(ChannelChanged(self._channel.key, is_muted=checked))

    def _on_noise(self, checked: bool) -> None:  # noqa: FBT001 # a Qt slot
        self.changed.emit(ChannelChanged(self._channel.key, is_noise_suppressed=checked))


def _toggle(name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setCheckable(True)
    button.setFixedSize(36, 36)
    return button


class MixerPanel(QFrame):
    """All strips, what they give together, and the key that silences the microphones while held."""

    changed = Signal(object)
    removed = Signal(str)
    add_wanted = Signal()
    held = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._strips: dict[str, ChannelStrip] = {}
        self._rows_shown = 1
        self._title = PlainLabel()
        self._title.setObjectName("h3")
        self._mix = LevelMeter()
        self._mix.setFixedWidth(MIX_WIDTH)
        self._empty = PlainLabel()
        self._empty.setProperty("soft", True)
        self._add = QPushButton()
        set_lead_icon(self._add, "plus")
        self._hold = QPushButton()
        set_lead_icon(self._hold, "mic_off")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._mix, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        head.addWidget(self._hold)
        head.addWidget(self._add)
        inner = QWidget()
        self._rows = QVBoxLayout(inner)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self._rows.addStretch(1)
        self._scroll = scroll_over(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._empty)
        column.addWidget(self._scroll, 1)
        self._add.clicked.connect(self.add_wanted)
        self._hold.pressed.connect(lambda: self.held.emit(True))
        self._hold.released.connect(lambda: self.held.emit(False))
        self.retranslate()

    @property
    def add_button(self) -> QPushButton:
        return self._add

    def render_state(self, state: StudioState) -> None:
        keys = [channel.key for channel in state.channels]
        for key in [key for key in self._strips if key not in keys]:
            strip = self._strips.pop(key)
            self._rows.removeWidget(strip)
            strip.deleteLater()
        for channel in state.channels:
            if channel.key not in self._strips:
                strip = self._strips[channel.key] = ChannelStrip(channel)
                strip.changed.connect(self.changed)
                strip.removed.connect(self.removed)
                self._rows.insertWidget(self._rows.count() - 1, strip)
                self._order_tabs()
            self._strips[channel.key].render_channel(channel)
        self._fit()
        self._mix.set_level(state.master_peak_db, state.master_peak_db)
        self._mix.setVisible(bool(keys))
        self._scroll.setVisible(bool(keys))
        self._empty.setVisible(not keys)
        self._hold.setVisible(any(channel.is_microphone for channel in state.channels))

    def show_strips(self, count: int) -> None:
        """So many stand there at least, where there are so many; the others are scrolled to."""
        self._rows_shown = max(1, min(STRIPS_SHOWN_MAX, count))
        self._fit()

    def _fit(self) -> None:
        strips = max(1, min(self._rows_shown, len(self._strips)))
        self._scroll.setMinimumHeight(STRIP_HEIGHT * strips)

    def _order_tabs(self) -> None:
        """A strip that came later is reached here, not after everything else of the page."""
        before: QWidget = self._add
        for strip in self._strips.values():
            for control in strip.controls:
                QWidget.setTabOrder(before, control)
                before = control

    def retranslate(self) -> None:
        self._title.setText(self.tr("Mixer"))
        self._mix.setAccessibleName(self.tr("Level of the whole mix"))
        set_tooltip(self._mix, self.tr("Level of the whole mix"))
        self._empty.setText(self.tr("No sound yet. Viewers will hear silence."))
        self._add.setText(self.tr("Add sound"))
        self._hold.setText(self.tr("Hold to mute"))
        set_tooltip(self._hold, self.tr("Every microphone is silent while you hold this"))
        for button in (self._add, self._hold):
            button.setAccessibleName(button.text())
        for strip in self._strips.values():
            strip.retranslate()
