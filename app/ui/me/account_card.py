"""Who the user is on this relay: guest, or an account with its password."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.state.house import HouseState
from app.ui.me.card import Card, plain_label
from app.ui.me.consent_box import ConsentBox
from wire import limits


class AccountCard(Card):
    """Emits what the user wants; the page asks the house."""

    login_wanted = Signal(str, str)
    register_wanted = Signal(str, str)
    password_wanted = Signal(str, str)
    logout_wanted = Signal()
    reset_wanted = Signal(str, str, str)
    """Name, an admin's secret, and the new password."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = HouseState()
        self._who = plain_label(self)
        self._note = plain_label(self, is_soft=True)
        self.name_edit = QLineEdit(self)
        self.name_edit.setMaxLength(limits.USER_NAME_CHARACTERS_MAX)
        self.password_edit = _password_edit(self)
        self.login_button, self.register_button = QPushButton(self), QPushButton(self)
        self.login_button.setProperty("kind", "primary")
        self.old_edit, self.new_edit = _password_edit(self), _password_edit(self)
        self.change_button = QPushButton(self)
        self.logout_button = QPushButton(self)
        self.consent = ConsentBox(self)
        self._guest = _row(self, self.name_edit, self.password_edit)
        self.code_edit = QLineEdit(self)
        self.code_edit.setMaxLength(limits.TOKEN_CHARACTERS_MAX)
        self.code_edit.hide()
        self.secret_edit, self.fresh_edit = QLineEdit(self), _password_edit(self)
        self.secret_edit.setMaxLength(limits.TOKEN_CHARACTERS_MAX)
        self.reset_button, self.secret_button = QPushButton(self), QPushButton(self)
        self.secret_button.setCheckable(True)
        self.secret_button.setProperty("kind", "quiet")
        self._guest_buttons = _row(
            self, self.login_button, self.register_button, self.secret_button, is_left=True
        )
        self._reset = _row(self, self.secret_edit, self.fresh_edit, self.reset_button)
        self._reset.hide()
        self._password = _row(self, self.old_edit, self.new_edit, self.change_button)
        self._leaving = _row(self, self.logout_button, is_left=True)
        for widget in (
            self._who,
            self._note,
            self._guest,
            self.code_edit,
            self._guest_buttons,
            self._reset,
            self.consent,
            self._password,
            self._leaving,
        ):
            self.body.addWidget(widget)
        self._connect()
        self.retranslate()

    def render_state(self, state: HouseState) -> None:
        self._state = state
        is_guest = state.user is None
        self._guest.setVisible(is_guest)
        self._guest_buttons.setVisible(is_guest)
        self._reset.setVisible(is_guest and self.secret_button.isChecked())
        if not is_guest:
            self.code_edit.hide()
        self.consent.setVisible(is_guest)
        self._password.setVisible(not is_guest)
        self.old_edit.setVisible(not state.has_made_password)
        self._leaving.setVisible(not is_guest)
        self.setEnabled(state.is_connected)
        if state.user is None:
            self._who.setText(self.tr("You are a guest."))
            self._note.setText(
                self.tr("Guests may watch public rooms. With an account you can write and go live.")
            )
        else:
            self._who.setText(self.tr("You are %1.").replace("%1", state.user.name))
            self._note.setText(
                self.tr("A password was made for you. Set your own to log in on other devices.")
                if state.has_made_password
                else self.tr("A new password logs out all your other devices.")
            )

    def clear_passwords(self) -> None:
        for edit in (
            self.password_edit,
            self.old_edit,
            self.new_edit,
            self.secret_edit,
            self.fresh_edit,
        ):
            edit.clear()
        self.secret_button.setChecked(False)
        self.consent.forget()

    def ask_for_code(self) -> None:
        """The house takes new accounts from whoever has its code."""
        self.code_edit.show()
        self.code_edit.setFocus()

    def retranslate(self) -> None:
        self.set_heading(self.tr("Account"))
        edits = {
            self.name_edit: self.tr("Name"),
            self.password_edit: self.tr("Password"),
            self.old_edit: self.tr("Old password"),
            self.new_edit: self.tr("New password"),
            self.code_edit: self.tr("Sign-up code of this house"),
            self.secret_edit: self.tr("Secret from an admin"),
            self.fresh_edit: self.tr("New password"),
        }
        for edit, words in edits.items():
            edit.setPlaceholderText(words)
            edit.setAccessibleName(words)
        self.login_button.setText(self.tr("Log in"))
        self.register_button.setText(self.tr("Make an account"))
        self.secret_button.setText(self.tr("I have a secret for a new password"))
        self.reset_button.setText(self.tr("Set it"))
        self.reset_button.setAccessibleName(self.tr("Set the new password"))
        self.consent.retranslate()
        self.change_button.setText(self.tr("Change password"))
        self.logout_button.setText(self.tr("Log out"))
        self.render_state(self._state)

    def _connect(self) -> None:
        self.login_button.clicked.connect(self._on_login)
        self.password_edit.returnPressed.connect(self._on_login)
        self.register_button.clicked.connect(
            lambda: self.register_wanted.emit(self.name_edit.text(), self.password_edit.text())
        )
        self.consent.changed.connect(self.register_button.setEnabled)
        self.register_button.setEnabled(self.consent.is_agreed)
        self.change_button.clicked.connect(
            lambda: self.password_wanted.emit(self.old_edit.text(), self.new_edit.text())
        )
        self.new_edit.returnPressed.connect(self.change_button.click)
        self.logout_button.clicked.connect(self.logout_wanted)
        self.secret_button.toggled.connect(lambda: self.render_state(self._state))
        self.reset_button.clicked.connect(
            lambda: self.reset_wanted.emit(
                self.name_edit.text(), self.secret_edit.text().strip(), self.fresh_edit.text()
            )
        )
        self.fresh_edit.returnPressed.connect(self.reset_button.click)

    def _on_login(self) -> None:
        self.login_wanted.emit(self.name_edit.text(), self.password_edit.text())


def _password_edit(parent: QWidget) -> QLineEdit:
    edit = QLineEdit(parent)
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    edit.setMaxLength(limits.PASSWORD_CHARACTERS_MAX)
    return edit


def _row(parent: QWidget, *widgets: QWidget, is_left: bool = False) -> QWidget:
    row = QWidget(parent)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    if is_left:
        layout.addStretch(1)
    return row
