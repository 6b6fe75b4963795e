"""Going back while a room is live: the recording in the stage's place, and the way to now again.

The room stands still meanwhile, silent; its chat goes on. Whoever catches up with what is live, by
playing faster or by jumping to the end, is live again by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.errors import RelayRefused
from app.ui.errors_in_words import explain
from app.ui.toast import tell
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from app.ui.replays.replay_view import ReplayView
    from app.ui.room.room_page import RoomPage

NEAR_MS: Final = 2_500
"""Of the end that is known: as live as it gets."""


class RewindDesk(QObject):
    """Joins the Room page with a player; neither knows the other."""

    def __init__(self, room: RoomPage, view: ReplayView) -> None:
        super().__init__(room)
        self.room = room
        self.view = view
        self.is_on = False
        self._has_played = False
        view.setParent(room)
        view.hide()
        view.stage.danmaku.use_emotes(room.emotes.emotes)
        room.controls.rewind_wanted.connect(self.begin)
        room.room_changed.connect(self.end)
        view.live_wanted.connect(self.end)
        view.desk.failed.connect(self._on_failed)
        view.desk.status_changed.connect(self._on_status)

    def begin(self) -> None:
        if self.is_on or not self.room.room_id:
            return
        self.is_on, self._has_played = True, False
        self.view.danmaku.show(self.room.stage.danmaku.settings)
        self.room.show_instead(self.view)
        self.view.open_live(self.room.room_id)
        self.view.stage.setFocus()

    def end(self) -> None:
        """Live again."""
        if not self.is_on:
            return
        self.is_on = False
        self.view.close_replay()
        self.room.danmaku.show(self.view.stage.danmaku.settings)
        self.room.show_instead(None)
        self.room.stage.setFocus()

    def _on_status(self) -> None:
        status = self.view.desk.status
        if not self.is_on or not self.view.desk.is_open:
            return
        if status.phase == "playing":
            self._has_played = True
        elif self._has_played and status.phase in {"waiting", "ended"} and self._is_at_end():
            self.end()
            tell(self.room, self.tr("You are live again."), "info")
        elif status.phase == "failed":
            # As a rule the broadcast is over, and its recording is not for everybody.
            self.end()
            words = self.tr("The recording cannot be read any more. You are back in the room.")
            tell(self.room, words, "info")

    def _is_at_end(self) -> bool:
        desk = self.view.desk
        return desk.position_ms() >= desk.duration_ms - NEAR_MS

    def _on_failed(self, error: LivehouseError) -> None:
        if not self.is_on:
            return
        self.end()
        words = explain(error)
        if isinstance(error, RelayRefused) and error.code is ErrorCode.NOT_FOUND:
            words = self.tr("This broadcast is not recorded, so there is nothing to go back to.")
        tell(self.room, words, "bad")
