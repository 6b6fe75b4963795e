"""Brings the pictures of a room's own emotes from the relay to where they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from app.errors import BadInput
from app.live.emote_pictures import EmotePictures
from app.ui.room_emotes import RoomEmotes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.ui.door import Door
    from wire.emotes_events import EmoteInfo
    from wire.ids import RoomId

RETRY_MS: Final = 10_000


class EmoteDesk(QObject):
    """One for each place that shows a room. A picture that does not come leaves its name text."""

    def __init__(self, house: House, loop: LoopThread, door: Door, parent: QObject) -> None:
        super().__init__(parent)
        self._loop = loop
        self._door = door
        self._pictures = EmotePictures(house)
        self._room_id: RoomId | None = None
        self.emotes = RoomEmotes(self)
        self.emotes.wanted.connect(self._on_wanted)

    def render_room(self, room_id: RoomId | None, emotes: Sequence[EmoteInfo]) -> None:
        """The room that one is in, None for none, and what it has."""
        self._room_id = room_id
        self.emotes.set_list(emotes if room_id is not None else ())

    def _on_wanted(self, emote_id: str) -> None:
        if self._room_id is None:
            return
        done = self._loop.submit(self._pictures.fetch(self._room_id, emote_id))
        self._door.deliver(
            done,
            lambda picture: self.emotes.put(emote_id, picture),
            lambda error: self._on_failed(emote_id, error),
        )

    def _on_failed(self, emote_id: str, error: LivehouseError) -> None:
        """A picture that is no good stays so; what did not come may come later."""
        if not isinstance(error, BadInput):
            QTimer.singleShot(RETRY_MS, self, lambda: self.emotes.may_ask_again(emote_id))
