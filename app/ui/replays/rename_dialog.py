"""Another name for a recording or for one of its chapters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QVBoxLayout

from app.ui.answer_row import answer_row
from app.ui.plain_text import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_WIDTH: Final = 440


class RenameDialog(QDialog):
    """`named` with what was typed; Esc leaves it as it is."""

    named = Signal(str)

    def __init__(
        self, parent: QWidget, heading: str, *, text: str, characters_max: int, may_be_empty: bool
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Livehouse")
        self.setAccessibleName(heading)
        label = PlainLabel(self)
        label.setText(heading)
        label.setObjectName("h3")
        self.field = QLineEdit(text)
        self.field.setMaxLength(characters_max)
        self.field.setAccessibleName(heading)
        self.field.selectAll()
        self._may_be_empty = may_be_empty
        self.save = QPushButton(self.tr("Save"))
        self.save.setProperty("kind", "primary")
        self.save.setDefault(True)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        self.save.clicked.connect(self._on_save)
        self.field.textChanged.connect(self._fit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(16)
        layout.addWidget(label)
        layout.addWidget(self.field)
        layout.addLayout(answer_row(self, yes=self.save, no=cancel))
        self.setFixedWidth(_WIDTH)
        self.field.setFocus()
        self._fit()

    def _fit(self) -> None:
        self.save.setEnabled(self._may_be_empty or bool(self.field.text().strip()))

    def _on_save(self) -> None:
        self.named.emit(self.field.text().strip())
        self.accept()
