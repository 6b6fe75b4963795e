"""Asks for how long and why somebody is muted, removed or banned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from app.state.keeping import SANCTION_PRESETS_S
from app.ui.answer_row import answer_row
from app.ui.keeping.words import preset_name, sanction_heading, sanction_verb
from app.ui.plain_text import PlainLabel
from wire.limits import REASON_CHARACTERS_MAX

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.state.keeping import Target
    from wire.order_commands import SanctionKind

WIDTH: Final = 400
PRESET_FIRST: Final = SANCTION_PRESETS_S.index(600)


class SanctionDialog(QDialog):
    """Shown with `open`. `chosen`: seconds (None: for ever), reason, whether messages go too."""

    chosen = Signal(object, str, bool)

    def __init__(self, parent: QWidget, kind: SanctionKind, target: Target) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self._kind = kind
        heading = sanction_heading(kind, target.name)
        self.setWindowTitle("Livehouse")
        self.setAccessibleName(heading)
        label = PlainLabel(self)
        label.setObjectName("h3")
        label.setWordWrap(True)
        label.setText(heading)
        self.span = QComboBox(self)
        for preset_s in SANCTION_PRESETS_S:
            self.span.addItem(preset_name(preset_s))
        self.span.setCurrentIndex(PRESET_FIRST)
        self.span.setAccessibleName(self.tr("How long"))
        self.span.setVisible(kind != "kick")
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(REASON_CHARACTERS_MAX)
        self.reason.setPlaceholderText(self.tr("Why? They read it."))
        self.reason.setAccessibleName(self.tr("Reason"))
        self.deletes = QCheckBox(self.tr("Delete what they wrote lately"), self)
        self.deletes.setAccessibleName(self.deletes.text())
        self.yes_button, self.no_button = QPushButton(self), QPushButton(self)
        self.yes_button.setText(sanction_verb(kind))
        self.yes_button.setProperty("kind", "danger")
        self.yes_button.setDefault(True)
        self.no_button.setText(self.tr("Cancel"))
        self.no_button.setAutoDefault(False)
        self.yes_button.clicked.connect(self.accept)
        self.accepted.connect(self._on_accepted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        for widget in (label, self.span, self.reason, self.deletes):
            layout.addWidget(widget)
        layout.addLayout(answer_row(self, yes=self.yes_button, no=self.no_button))
        self.reason.setFocus()

    def _on_accepted(self) -> None:
        seconds = None if self._kind == "kick" else SANCTION_PRESETS_S[self.span.currentIndex()]
        self.chosen.emit(seconds, self.reason.text().strip(), self.deletes.isChecked())
