"""In the room's header: follow its owner; for those who keep the room, their buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ui.keeping.keep_bar import KeepBar
from wire import account_commands

if TYPE_CHECKING:
    from app.state.room import RoomState


class LeadHead(QWidget):
    """The buttons; `wanted` carries a command."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: RoomState | None = None
        self.follow, self.keep = QPushButton(), KeepBar(is_short=True)
        self.follow.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.follow)
        row.addWidget(self.keep)
        self.follow.clicked.connect(self._on_follow)
        self.keep.wanted.connect(self.wanted)
        self.retranslate()

    def render_state(self, state: RoomState) -> None:
        self._state = state
        is_joined = state.phase == "joined" and state.room is not None
        self.follow.setVisible(is_joined and state.role not in {"guest", "streamer"})
        self.keep.render_kept(state.kept)
        is_following = state.lead.is_following
        self.follow.setChecked(is_following)
        words = self.tr("Following") if is_following else self.tr("Follow")
        self.follow.setText(words)
        self.follow.setAccessibleName(words)

    def retranslate(self) -> None:
        self.keep.retranslate()
        if self._state is not None:
            self.render_state(self._state)

    def _on_follow(self) -> None:
        state = self._state
        if state is None or state.room is None:
            return
        self.follow.setChecked(state.lead.is_following)  # until the relay has taken it
        owner_id = state.room.owner.user_id
        self.wanted.emit(
            account_commands.FollowUser(
                id=0, user_id=owner_id, is_following=not state.lead.is_following
            )
        )
