"""Likes on the Room page: from the button to the relay, and from the room's total to hearts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.live.room_session import RoomSession
from app.state.hearts import OthersTaps
from app.state.room import RoomState

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.room.like_button import LikeButton
    from app.ui.room.stage import Stage


class RoomLikes(QObject):
    """`ask` does something with the session on the loop."""

    def __init__(
        self, button: LikeButton, stage: Stage, ask: Callable[[object], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._stage = stage
        self._ask = ask
        self._state = RoomState()
        self._others = OthersTaps()
        button.liked.connect(self._on_liked)

    def render_state(self, state: RoomState) -> None:
        before, self._state = self._state, state
        if state.room_id != before.room_id:
            self._stage.hearts.clear()
        if _visit_of(state) != _visit_of(before):
            self._others.begin(state.likes)
            return
        taps = self._others.hear(state.likes)
        if taps:
            self._stage.hearts.hear(taps)
            self._stage.wake()

    def choose_effects(self, *, is_on: bool) -> None:
        self._stage.hearts.choose(is_on=is_on)
        self._stage.wake()

    def _on_liked(self) -> None:
        """One's own heart rises at once."""
        self._others.tap()
        self._stage.hearts.tap()
        self._stage.wake()
        self._ask(RoomSession.like)


def _visit_of(state: RoomState) -> tuple[object, ...]:
    """Within one, totals follow each other; what was liked before one came is no news."""
    broadcast = state.broadcast.broadcast_id if state.broadcast is not None else None
    return state.room_id, state.phase, broadcast
