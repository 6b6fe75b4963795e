"""A link was opened while one is in another house."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


class LeaveQuestion(QMessageBox):
    """Accepted: leave this house. A house of one's own closes for everybody then."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle("Livehouse")
        self.setText(self.tr("An invite link to another house was opened."))
        self.setInformativeText(
            self.tr("If you go there, you leave this one. What you host or stream here ends.")
        )
        self.go_button = self.addButton(self.tr("Go there"), QMessageBox.ButtonRole.AcceptRole)
        self.stay_button = self.addButton(self.tr("Stay here"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.stay_button)
        self.setEscapeButton(self.stay_button)
