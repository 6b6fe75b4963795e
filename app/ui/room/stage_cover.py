"""The small picture of a broadcast on the stage, as long as there is no picture of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from app.live.loop_thread import LoopThread
    from app.live.room_visits import RoomVisits
    from app.state.room import RoomState
    from app.ui.door import Door
    from app.ui.room.stage import Stage


class StageCover:
    """Asked for once for each broadcast."""

    def __init__(self, stage: Stage, visits: RoomVisits, loop: LoopThread, door: Door) -> None:
        self._stage = stage
        self._visits = visits
        self._loop = loop
        self._door = door
        self._cover_of = ""
        """The broadcast whose small picture was asked for last."""

    def forget(self) -> None:
        self._cover_of = ""

    def render_state(self, state: RoomState) -> None:
        """Who comes while the host is away, or hears it only, sees what the room looks like."""
        broadcast_id = state.broadcast.broadcast_id if state.broadcast is not None else ""
        needs_one = state.stage in {"away", "sound", "starting"} and not self._stage.has_picture
        if not needs_one or broadcast_id == self._cover_of:
            return
        self._cover_of = broadcast_id

        def show(jpeg: bytes) -> None:
            picture = QImage()
            is_good = picture.loadFromData(jpeg, "JPG")
            if self._cover_of == broadcast_id and is_good:
                self._stage.set_cover(picture)

        done = self._loop.submit(self._visits.fetch_cover(broadcast_id))
        self._door.deliver(done, show, lambda _error: None)
