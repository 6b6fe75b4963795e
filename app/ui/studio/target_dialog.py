"""Asks for a service's server and stream key. A key that is kept is never shown again."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from app.errors import BadInput
from app.live.push_file import NAME_CHARACTERS_MAX
from app.net.rtmp.address import (
    ADDRESS_CHARACTERS_MAX,
    KEY_CHARACTERS_MAX,
    parse_rtmp_address,
    parse_stream_key,
)
from app.settings import CROPS
from app.ui.answer_row import answer_row
from app.ui.plain_text import PlainLabel, one_line
from app.ui.studio.stream_words import crop_name

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.state.pushing import TargetStatus

WIDTH: Final = 400
EXAMPLE: Final = "rtmp://live.example.org/app"


class TargetDialog(QDialog):
    """Shown with `open`."""

    saved = Signal(str, str, str, str)
    """Name, server, key (empty: as it was), crop."""
    removed = Signal()

    def __init__(self, parent: QWidget, target: TargetStatus | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self._is_new = target is None
        title = self.tr("Also stream to") if target is None else self.tr("Change the service")
        self.setWindowTitle(one_line(title))
        label = PlainLabel(self)
        label.setObjectName("h3")
        label.setText(title)
        form = QFormLayout()
        form.setSpacing(8)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self.name = self._add_line(form, self.tr("Name"), NAME_CHARACTERS_MAX)
        self.server = self._add_line(form, self.tr("Server"), ADDRESS_CHARACTERS_MAX)
        self.server.setPlaceholderText(EXAMPLE)
        self.key = self._add_line(form, self.tr("Stream key"), KEY_CHARACTERS_MAX)
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.crop = self._add_crops(form)
        if target is not None:
            self.crop.setCurrentIndex(CROPS.index(target.crop))
            self.name.setText(target.name)
            self.server.setText(target.address)
            self.key.setPlaceholderText(self.tr("Unchanged"))
        hint = PlainLabel(self)
        hint.setText(self.tr("Both stand on the service's page for streaming with OBS."))
        hint.setWordWrap(True)
        hint.setProperty("soft", True)
        answers = self._make_buttons()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(label)
        column.addLayout(form)
        column.addWidget(hint)
        column.addLayout(answers)
        order = (
            *(self.name, self.server, self.key, self.crop),
            *(self.remove_button, self.cancel, self.save_button),
        )
        for before, after in pairwise(order):
            self.setTabOrder(before, after)
        self.save_button.clicked.connect(self.accept)
        self.accepted.connect(self._on_accepted)
        self.remove_button.clicked.connect(self._on_remove)
        self._on_edited()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_buttons(self) -> QHBoxLayout:
        self.save_button, self.cancel = QPushButton(self.tr("Save"), self), QPushButton(self)
        self.save_button.setProperty("kind", "primary")
        self.save_button.setDefault(True)
        self.cancel.setText(self.tr("Cancel"))
        self.cancel.setAutoDefault(False)
        self.remove_button = QPushButton(self.tr("Remove"), self)
        self.remove_button.setProperty("kind", "danger")
        self.remove_button.setAccessibleName(self.remove_button.text())
        self.remove_button.setAutoDefault(False)
        self.remove_button.setVisible(not self._is_new)
        answers = answer_row(self, yes=self.save_button, no=self.cancel)
        answers.insertWidget(0, self.remove_button)
        return answers

    def _add_line(self, form: QFormLayout, name: str, characters_max: int) -> QLineEdit:
        line = QLineEdit(self)
        line.setMaxLength(characters_max)
        line.setAccessibleName(name)
        line.textChanged.connect(self._on_edited)
        label = PlainLabel(self)
        label.setText(name)
        form.addRow(label, line)
        return line

    def _add_crops(self, form: QFormLayout) -> QComboBox:
        crops = QComboBox(self)
        crops.setAccessibleName(self.tr("Picture"))
        for crop in CROPS:
            crops.addItem(crop_name(crop), crop)
        label = PlainLabel(self)
        label.setText(self.tr("Picture"))
        form.addRow(label, crops)
        return crops

    def _on_edited(self) -> None:
        if hasattr(self, "save_button"):
            self.save_button.setEnabled(self._is_complete())

    def _is_complete(self) -> bool:
        try:
            parse_rtmp_address(self.server.text())
            if self.key.text() or self._is_new:
                parse_stream_key(self.key.text())
        except BadInput:
            return False
        return bool(self.name.text().strip())

    def _on_accepted(self) -> None:
        name, server = self.name.text().strip(), self.server.text().strip()
        self.saved.emit(name, server, self.key.text(), self.crop.currentData())

    def _on_remove(self) -> None:
        self.removed.emit()
        self.reject()
