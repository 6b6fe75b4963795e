"""How others get in: the invite link, a button that copies it, and the same as a QR code."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.me.qr import QrCode
from app.ui.plain_text import PlainLabel
from app.ui.theme.icons import set_lead_icon

WIDTH = 376
COPIED_MS = 2000


class SharePanel(QFrame):
    """Pops up below a button; closed by Esc or a click elsewhere."""

    renew_wanted = Signal()
    """Another link, and the old one opens no more."""
    copied = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setFixedWidth(WIDTH)
        self._words = PlainLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("soft", True)
        self.link_edit = QLineEdit()
        self.link_edit.setReadOnly(True)
        self.copy_button = QPushButton()
        set_lead_icon(self.copy_button, "copy")
        self._qr = QrCode()
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(COPIED_MS)
        self._copied.timeout.connect(self.retranslate)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.link_edit, 1)
        line.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addWidget(self._words)
        column.addLayout(line)
        column.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignHCenter)
        self._renew = QPushButton()
        set_lead_icon(self._renew, "refresh")
        self._renew.clicked.connect(self.renew_wanted)
        column.addWidget(self._renew)
        self.copy_button.clicked.connect(self._on_copy)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Invite others"))
        self._words.setText(
            self.tr("Whoever is in your network opens Livehouse and joins with this link.")
        )
        self.link_edit.setAccessibleName(self.tr("Invite link"))
        self.copy_button.setText(self.tr("Copy"))
        self._renew.setText(self.tr("Make a new link; the old one ends"))
        self._qr.setAccessibleName(self.tr("Invite link as a QR code"))

    def pop_up_below(self, anchor: QWidget, link: str, *, may_renew: bool) -> None:
        self._renew.setVisible(may_renew)
        self.retranslate()
        self.link_edit.setText(link)
        self.link_edit.setCursorPosition(0)
        self._qr.show_text(link)
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(anchor.width() - WIDTH, anchor.height() + 8))
        self.move(corner)
        self.show()
        self.copy_button.setFocus()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.link_edit.text())
        self.copied.emit()
        self.copy_button.setText(self.tr("Copied"))
        self._copied.start()
