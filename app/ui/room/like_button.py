"""The heart at the room's controls: tap it, hold it, or press L; the count stands beside it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QElapsedTimer, QSize, Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from app.state.room import RoomState
from app.ui.plain_text import set_tooltip
from app.ui.short_count import short_count
from app.ui.theme.icons import icon

HOLD_AFTER_MS: Final = 350
ICON_AND_MARGINS: Final = 58
TAP_INTERVAL_MS: Final = 125
"""While held, by mouse or by key: 8 a second, within what the relay counts."""


class LikeButton(QToolButton):
    """Says `liked` for each tap."""

    liked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RoomState()
        self._since_tap = QElapsedTimer()
        self.setProperty("kind", "quiet")
        self.setIcon(icon("heart", "accent_text"))
        self.setIconSize(QSize(20, 20))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        width = self.fontMetrics().horizontalAdvance("8888") + ICON_AND_MARGINS
        self.setMinimumWidth(width)  # the bar does not jump while the count grows
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoRepeat(True)
        self.setAutoRepeatDelay(HOLD_AFTER_MS)
        self.setAutoRepeatInterval(TAP_INTERVAL_MS)
        self.pressed.connect(self.tap)

    @property
    def can_like(self) -> bool:
        state = self._state
        is_member = state.phase == "joined" and state.role != "guest"
        return is_member and state.broadcast is not None

    def tap(self) -> None:
        """Once in `TAP_INTERVAL_MS` at most, however fast a key repeats."""
        is_early = self._since_tap.isValid() and self._since_tap.elapsed() < TAP_INTERVAL_MS * 0.7
        if self.can_like and not is_early:
            self._since_tap.start()
            self.liked.emit()

    def render_state(self, state: RoomState) -> None:
        self._state = state
        self.retranslate()

    def retranslate(self) -> None:
        self.setEnabled(self.can_like)
        self.setText(short_count(self._state.likes))
        self.setAccessibleName(self.tr("Send a heart"))
        self.setAccessibleDescription(self.tr("Hearts so far: {0}").format(self._state.likes))
        if self._state.role == "guest" and self._state.phase == "joined":
            set_tooltip(self, self.tr("Sign in to send hearts"))
            return
        set_tooltip(self, self.tr("Tap or hold to send hearts"))
