"""What rooms ask of the media plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from wire.event_base import BroadcastInfo, EndReason
    from wire.ids import RoomId


class LiveView(Protocol):
    """Event loop's thread only."""

    def broadcast(self, room_id: RoomId) -> BroadcastInfo | None:
        """What is live in the room, or away and waited for."""

    def viewers(self, room_id: RoomId) -> int: ...

    def media_time_us(self, room_id: RoomId) -> int | None:
        """The newest pts of the room's broadcast; None while nothing is live."""

    async def end_broadcast(self, room_id: RoomId, reason: EndReason) -> bool:
        """False when nothing was live."""

    def set_away_s(self, room_id: RoomId, away_s: int) -> None:
        """How long the room waits for its host from now on; 0: as the house says."""

    def cut_guests(self, room_id: RoomId) -> None:
        """The room is no longer public: subscribers without a ticket have to go."""


class OpenBroadcasts(Protocol):
    """Which rooms have a broadcast that has not ended."""

    def open_room_ids(self) -> Collection[RoomId]: ...
