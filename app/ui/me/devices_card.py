"""Where the account is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui.me.card import Card, plain_label
from app.ui.me.last_seen import describe_last_seen

if TYPE_CHECKING:
    from wire.event_base import SessionInfo


class DevicesCard(Card):
    """Emits what the user wants; the page asks the house."""

    end_wanted = Signal(str)
    everywhere_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sessions: tuple[SessionInfo, ...] = ()
        self._now_unix_ms = 0
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        self._words = plain_label(self, is_soft=True)
        self.everywhere_button = QPushButton(self)
        self.everywhere_button.setProperty("kind", "danger")
        self.everywhere_button.clicked.connect(self.everywhere_wanted)
        self.end_buttons: dict[str, QPushButton] = {}
        """By the session that each ends; this device has none."""
        buttons = QHBoxLayout()
        buttons.addWidget(self.everywhere_button)
        buttons.addStretch(1)
        self.body.addLayout(self._rows)
        self.body.addSpacing(8)
        self.body.addWidget(self._words)
        self.body.addLayout(buttons)
        self.retranslate()

    def show_sessions(self, sessions: tuple[SessionInfo, ...], now_unix_ms: int) -> None:
        self._sessions, self._now_unix_ms = sessions, now_unix_ms
        self.end_buttons = {}
        while (item := self._rows.takeAt(0)) is not None:
            row = item.widget()
            if row is not None:
                row.hide()
                row.deleteLater()
        for session in sessions:
            self._rows.addWidget(self._make_row(session))

    def retranslate(self) -> None:
        self.set_heading(self.tr("Devices signed in"))
        self._words.setText(
            self.tr("Do you not know one of them? Log it out and change your password.")
        )
        self.everywhere_button.setText(self.tr("Log out on all devices"))
        self.show_sessions(self._sessions, self._now_unix_ms)

    def _make_row(self, session: SessionInfo) -> QWidget:
        name = " ".join(session.device.split()) or self.tr("A device without a name")
        row = QWidget(self)
        device, seen = plain_label(row), plain_label(row, is_soft=True)
        device.setText(name)
        if session.is_this:
            seen.setText(self.tr("This device"))
        else:
            seen.setText(describe_last_seen(session.last_seen_at_unix_ms, self._now_unix_ms))
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (device, seen):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            words.addWidget(label)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addLayout(words, 1)
        if not session.is_this:
            button = QPushButton(self.tr("Log out"), row)
            button.setAccessibleName(self.tr("Log out %1").replace("%1", name))
            session_id = session.session_id
            button.clicked.connect(lambda: self.end_wanted.emit(session_id))
            self.end_buttons[session_id] = button
            layout.addWidget(button)
        return row
