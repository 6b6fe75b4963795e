"""How danmaku look and which are shown, chosen in a small panel over the stage."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSlider,
    QWidget,
)

from app.danmaku.choices import WORD_CHARACTERS_MAX, BlockedUser, Blocks, DanmakuSettings
from app.ui.plain_text import PlainLabel, button_text
from app.ui.theme.icons import icon

AREAS: Final = (0.25, 0.5, 0.75, 1.0)


class DanmakuSettingsPanel(QFrame):
    """Says `chosen` at every change."""

    chosen = Signal(object)
    drawing_wanted = Signal()
    """The box to keep clear is to be drawn on the stage."""

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
        self._density = _slider(25, 100)
        self._list = QCheckBox()
        self._clear = QCheckBox()
        self._draw = QPushButton()
        self._word = QLineEdit()
        self._word.setMaxLength(WORD_CHARACTERS_MAX)
        self._add = QPushButton()
        self._blocked = QComboBox()
        self._blocked.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._remove = QPushButton()
        self._rows = tuple(
            (PlainLabel(), widget)
            for widget in (self._area, self._opacity, self._size, self._speed, self._density)
        )
        self._names = PlainLabel(), PlainLabel()
        self._lay_out()
        self._connect()
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Danmaku settings"))
        names = (
            self.tr("Area"),
            self.tr("Opacity"),
            self.tr("Size"),
            self.tr("Speed"),
            self.tr("Density"),
        )
        for (label, widget), name in zip(self._rows, names, strict=True):
            label.setText(name)
            widget.setAccessibleName(name)
        self._area.setItemText(len(AREAS) - 1, self.tr("The whole picture"))
        words = (
            (self._list, self.tr("A list instead of flying texts")),
            (self._clear, self.tr("Keep a box clear")),
            (self._draw, self.tr("Draw it")),
            (self._add, self.tr("Add")),
            (self._remove, self.tr("Remove")),
        )
        for button, text in words:
            button.setText(text)
            button.setAccessibleName(text)
        self._remove.setAccessibleName(self.tr("Remove the chosen block"))
        self._add.setAccessibleName(self.tr("Block these words"))
        self._names[0].setText(self.tr("Block words"))
        self._word.setAccessibleName(self.tr("Words to block"))
        self._names[1].setText(self.tr("Blocked"))
        self._blocked.setAccessibleName(self.tr("Blocked words and people"))
        self._blocked.setPlaceholderText(self.tr("Nothing"))
        self._show_blocks()

    def show_settings(self, settings: DanmakuSettings) -> None:
        self._settings = settings
        self._is_rendering = True
        self._area.setCurrentIndex(AREAS.index(settings.area) if settings.area in AREAS else 3)
        self._opacity.setValue(round(settings.opacity * 100))
        self._size.setValue(round(settings.font))
        self._speed.setValue(round(settings.speed * 100))
        self._density.setValue(round(settings.density * 100))
        self._list.setChecked(settings.is_list)
        self._clear.setChecked(settings.keep_clear is not None)
        self._show_blocks()
        self._is_rendering = False

    def pop_up_above(self, anchor: QWidget) -> None:
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(anchor.width(), -8))
        top = max(self.screen().availableGeometry().top(), corner.y() - self.height())
        self.move(corner.x() - self.width(), top)
        self.show()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (label, widget) in enumerate(self._rows):
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
        row = len(self._rows)
        grid.addWidget(self._list, row, 0, 1, 2)
        grid.addLayout(_line(self._clear, self._draw), row + 1, 0, 1, 2)
        grid.addWidget(self._names[0], row + 2, 0)
        grid.addLayout(_line(self._word, self._add), row + 2, 1)
        grid.addWidget(self._names[1], row + 3, 0)
        grid.addLayout(_line(self._blocked, self._remove), row + 3, 1)

    def _connect(self) -> None:
        self._area.currentIndexChanged.connect(self._on_changed)
        for slider in (self._opacity, self._size, self._speed, self._density):
            slider.valueChanged.connect(self._on_changed)
        self._list.toggled.connect(self._on_changed)
        self._clear.toggled.connect(self._on_clear_toggled)
        self._draw.clicked.connect(self.drawing_wanted)
        self._add.clicked.connect(self._on_add)
        self._word.returnPressed.connect(self._on_add)
        self._remove.clicked.connect(self._on_remove)

    def _show_blocks(self) -> None:
        """The newest first, words before people."""
        blocks = self._settings.blocks
        self._blocked.clear()
        for word in blocks.words:
            self._blocked.addItem(button_text(word), word)
        for user in blocks.users:
            self._blocked.addItem(icon("me"), button_text(user.name), user)
        has_some = self._blocked.count() > 0
        self._blocked.setCurrentIndex(0 if has_some else -1)
        self._blocked.setEnabled(has_some)
        self._remove.setEnabled(has_some)

    def _on_changed(self) -> None:
        if self._is_rendering:
            return
        self._choose(
            replace(
                self._settings,
                area=AREAS[max(0, self._area.currentIndex())],
                opacity=self._opacity.value() / 100,
                font=float(self._size.value()),
                speed=self._speed.value() / 100,
                density=self._density.value() / 100,
                is_list=self._list.isChecked(),
            )
        )

    def _on_clear_toggled(self, is_wanted: bool) -> None:  # noqa: FBT001 # a slot
        if self._is_rendering:
            return
        if is_wanted:
            self.drawing_wanted.emit()
        else:
            self._choose(replace(self._settings, keep_clear=None))

    def _on_add(self) -> None:
        blocks = self._settings.blocks.with_word(self._word.text())
        self._word.clear()
        self._choose_blocks(blocks)

    def _on_remove(self) -> None:
        blocks, chosen = self._settings.blocks, self._blocked.currentData()
        if isinstance(chosen, str):
            self._choose_blocks(blocks.without_word(chosen))
        elif chosen is not None:
            # Qt gives a named tuple back as a plain one.
            self._choose_blocks(blocks.without_user(BlockedUser(*chosen).user_id))

    def _choose_blocks(self, blocks: Blocks) -> None:
        if blocks != self._settings.blocks:
            self._choose(replace(self._settings, blocks=blocks))
            self._show_blocks()

    def _choose(self, settings: DanmakuSettings) -> None:
        self._settings = settings
        self.chosen.emit(settings)


def _line(first: QWidget, second: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(first, 1)
    line.addWidget(second)
    return line


def _slider(least: int, most: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(least, most)
    slider.setMinimumWidth(160)
    return slider
