"""The two buttons at the foot of a dialog: what it is for, and the way out before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QPushButton


def answer_row(dialog: QDialog, *, yes: QPushButton, no: QPushButton) -> QHBoxLayout:
    """Named by their texts; `no` closes the dialog, and what `yes` does is its own affair."""
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addStretch(1)
    for button in (no, yes):
        button.setAccessibleName(button.text())
        row.addWidget(button)
    no.clicked.connect(dialog.reject)
    return row
