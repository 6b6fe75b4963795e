"""Which relay this is, how its link fares, and how others get in."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.state.house import HouseState
from app.ui.me.card import Card, plain_label
from app.ui.me.qr import QrCode
from app.ui.theme.icons import icon


class InviteEdit(QLineEdit):
    """Read-only; all of it is selected when it gets the focus, to be copied."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setReadOnly(True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # After the click that gave the focus, which would put the cursor somewhere.
        QTimer.singleShot(0, self, self.selectAll)


class HouseCard(Card):
    """The invite link is shown where the relay is hosted here."""

    leave_wanted = Signal()
    reconnect_wanted = Signal()
    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = HouseState()
        self._where = plain_label(self)
        self._link = plain_label(self, is_soft=True)
        self._invite_words = plain_label(self, is_soft=True)
        self.invite_edit = InviteEdit(self)
        self._address = plain_label(self, is_soft=True)
        self.copy_button = QPushButton(icon("copy"), "", self)
        self.copy_button.clicked.connect(self._on_copy)
        self.reconnect_button, self.leave_button = QPushButton(self), QPushButton(self)
        self.reconnect_button.clicked.connect(self.reconnect_wanted)
        self.leave_button.clicked.connect(self.leave_wanted)
        self._qr = QrCode(self)
        invite = QHBoxLayout()
        invite.setSpacing(8)
        invite.addWidget(self.invite_edit, 1)
        invite.addWidget(self.copy_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.reconnect_button)
        buttons.addWidget(self.leave_button)
        buttons.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._where)
        words.addWidget(self._link)
        words.addWidget(self._invite_words)
        words.addLayout(invite)
        words.addWidget(self._address)
        words.addStretch(1)
        words.addLayout(buttons)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(words, 1)
        row.addWidget(self._qr)
        self.body.addLayout(row)
        self.retranslate()

    def render_state(self, state: HouseState) -> None:
        has_invite = bool(state.invite_link)
        if state.invite_link != self.invite_edit.text():
            self.invite_edit.setText(state.invite_link)
            self.invite_edit.setCursorPosition(0)
            self._qr.show_text(state.invite_link)
        self._state = state
        for widget in (
            self.invite_edit,
            self.copy_button,
            self._qr,
            self._invite_words,
            self._address,
        ):
            widget.setVisible(has_invite)
        self._invite_words.setText(self._words_of_invite(state))
        self._address.setText(self._words_of_address(state))
        here = self.tr("Your own house, on this computer") if state.is_hosted else state.url
        self._where.setText(here if state.has_relay else self.tr("No relay is chosen."))
        self._link.setText(self._words_of_link(state))
        self.reconnect_button.setVisible(state.link == "waiting")
        self.leave_button.setVisible(state.link != "none")

    def retranslate(self) -> None:
        self.set_heading(self.tr("House"))
        self.invite_edit.setAccessibleName(self.tr("Invite link"))
        self.copy_button.setText(self.tr("Copy"))
        self.reconnect_button.setText(self.tr("Reconnect now"))
        self.leave_button.setText(self.tr("Leave this house"))
        self._qr.setAccessibleName(self.tr("Invite link as a QR code"))
        self.render_state(self._state)

    def _words_of_invite(self, state: HouseState) -> str:
        if not state.lan_host:
            return self.tr("This link opens your house on this computer only:")
        return self.tr("Others in your network join with this link, or by the code:")

    def _words_of_address(self, state: HouseState) -> str:
        if not state.lan_host:
            return self.tr(
                "This computer is in no network that was found. Connect it to one and open your "
                "house again, so that others can come."
            )
        words = self.tr("The address of this computer in your network: %1")
        return words.replace("%1", state.lan_host)

    def _words_of_link(self, state: HouseState) -> str:
        words = {
            "none": "",
            "starting": self.tr("Starting…"),
            "connecting": self.tr("Connecting…"),
            "connected": self.tr("Connected"),
            "waiting": self.tr("The link was lost. It is tried again by itself."),
            "ended": self.tr("The link has ended."),
        }
        if state.is_reopening:
            return self.tr("The relay stopped. It is opened again by itself.")
        return words[state.link]

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._state.invite_link)
        self.copied.emit()
