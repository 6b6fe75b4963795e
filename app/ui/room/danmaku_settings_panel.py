"""How danmaku look, chosen in a small panel over the stage."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QSlider, QWidget

from app.ui.plain_text import PlainLabel
from app.ui.room.danmaku_layer import DanmakuSettings

AREAS: Final = (0.25, 0.5, 0.75, 1.0)


class DanmakuSettingsPanel(QFrame):
    """Says `chosen` at every change."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._settings = DanmakuSettings()
        self._is_rendering = False
        self._area = QComboBox()
        self._area.addItems(["1/4", "1/2", "3/4", ""])
        self._opacity = _slider(20, 100)
        self._size = _slider(16, 48)
        self._speed = _slider(50, 200)
        self._rows = tuple(
            (PlainLabel(), widget)
            for widget in (self._area, self._opacity, self._size, self._speed)
        )
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(8)
        for label, widget in self._rows:
            form.addRow(label, widget)
        self._area.currentIndexChanged.connect(self._on_changed)
        for slider in (self._opacity, self._size, self._speed):
            slider.valueChanged.connect(self._on_changed)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Danmaku settings"))
        names = (self.tr("Area"), self.tr("Opacity"), self.tr("Size"), self.tr("Speed"))
        for (label, widget), name in zip(self._rows, names, strict=True):
            label.setText(name)
            widget.setAccessibleName(name)
        self._area.setItemText(len(AREAS) - 1, self.tr("The whole picture"))

    def show_settings(self, settings: DanmakuSettings) -> None:
        self._settings = settings
        self._is_rendering = True
        self._area.setCurrentIndex(AREAS.index(settings.area) if settings.area in AREAS else 3)
        self._opacity.setValue(round(settings.opacity * 100))
        self._size.setValue(round(settings.font))
        self._speed.setValue(round(settings.speed * 100))
        self._is_rendering = False

    def pop_up_above(self, anchor: QWidget) -> None:
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(anchor.width(), -8))
        self.move(corner.x() - self.width(), corner.y() - self.height())
        self.show()

    def _on_changed(self) -> None:
        if self._is_rendering:
            return
        self._settings = DanmakuSettings(
            is_on=self._settings.is_on,
            area=AREAS[max(0, self._area.currentIndex())],
            opacity=self._opacity.value() / 100,
            font=float(self._size.value()),
            speed=self._speed.value() / 100,
        )
        self.chosen.emit(self._settings)


def _slider(least: int, most: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(least, most)
    slider.setMinimumWidth(160)
    return slider
