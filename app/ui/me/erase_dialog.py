"""Before an account is erased: what goes, what stays, and the password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.ui.answer_row import answer_row
from app.ui.plain_text import PlainLabel
from wire import limits

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

_WIDTH: Final = 560
_MARGIN: Final = 32


class EraseDialog(QDialog):
    """Emits the password; empty where one was made up here and nobody knows it.

    Shown with `open`, so that everything else goes on.
    """

    erase_wanted = Signal(str)

    def __init__(self, parent: QWidget, *, needs_password: bool, is_hosted: bool) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Livehouse")
        self._title, goes, stays = PlainLabel(self), PlainLabel(self), PlainLabel(self)
        self._title.setObjectName("h2")
        self._title.setText(self.tr("Erase your account?"))
        self.setAccessibleName(self._title.text())
        goes.setText(
            self.tr(
                "At once and for good: your name, messages, rooms with all that others wrote in "
                "them, follows, votes, entries in draws, sessions and devices. Coins and beans "
                "that are left are lost."
            )
        )
        stays.setObjectName("soft")
        stays.setText(self._stays(is_hosted=is_hosted))
        self.password = QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(limits.PASSWORD_CHARACTERS_MAX)
        self.password.setPlaceholderText(self.tr("Password"))
        self.password.setAccessibleName(self.tr("Password"))
        self.password.setVisible(needs_password)
        self.no_button = QPushButton(self.tr("Keep it"), self)
        self.yes_button = QPushButton(self.tr("Erase for good"), self)
        self.yes_button.setProperty("kind", "danger")
        self.yes_button.setAutoDefault(False)
        self.no_button.setDefault(True)
        self.yes_button.setEnabled(not needs_password)
        self.password.textChanged.connect(
            lambda words: self.yes_button.setEnabled(bool(words) or not needs_password)
        )
        self.yes_button.clicked.connect(self._on_yes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 24, _MARGIN, 24)
        layout.setSpacing(16)
        self._labels = (self._title, goes, stays)
        for label in self._labels:
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addWidget(self.password)
        layout.addLayout(answer_row(self, yes=self.yes_button, no=self.no_button))
        self.setFixedWidth(_WIDTH)
        (self.password if needs_password else self.no_button).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """A dialog's first height is a guess where words wrap: it is given theirs."""
        super().showEvent(event)
        for label in self._labels:
            label.setMinimumHeight(label.heightForWidth(_WIDTH - 2 * _MARGIN))
        self.adjustSize()

    def _stays(self, *, is_hosted: bool) -> str:
        words = self.tr(
            "What stays: the ledger of coins, with a number in place of your name; what others "
            "wrote in other rooms; and copies that the relay's keeper has made, until they are "
            "too old."
        )
        if is_hosted:
            words += " " + self.tr("You leave your house; opening it again makes a new account.")
        return words

    def _on_yes(self) -> None:
        self.erase_wanted.emit(self.password.text())
        self.accept()
