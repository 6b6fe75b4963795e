"""Public recordings that anybody who may enter their rooms can be offered, for whoever picks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from server.recording import queries
from server.recording.replays import UNKNOWN
from wire.errors import WireError
from wire.ids import RoomId, UserId
from wire.permissions import Action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server.accounts.actor import Actor
    from server.recording.replays import Replays
    from server.rooms.service import RoomService
    from server.store.store import Store
    from wire.replay_events import ReplayInfo

OFFERED_MAX: Final = 300
OF_ROOM_MAX: Final = 3
"""The newest of each room, so that a busy one does not hide the others."""
LENGTH_MS_MIN: Final = 60_000
"""What is shorter is a trial more often than a show."""


class Offered(NamedTuple):
    replay_id: str
    room_id: RoomId
    owner_id: UserId
    category: str
    """The room's."""
    started_at_unix_ms: int


class Offers:
    """Event loop's thread only. Only of rooms that are public and open, and never one's own."""

    def __init__(self, store: Store, *, rooms: RoomService, replays: Replays) -> None:
        self._store = store
        self._rooms = rooms
        self._replays = replays

    async def find(self, actor: Actor) -> list[Offered]:
        """Newest first."""
        rows = await self._store.read(
            lambda session: queries.list_offered(
                session, of_room=OF_ROOM_MAX, length_ms_min=LENGTH_MS_MIN, limit=OFFERED_MAX
            )
        )
        cards = await self._rooms.cards_of({RoomId(room_id) for _, room_id, _ in rows})
        own_id = actor.user.user_id if actor.user is not None else None
        open_cards = {
            card.room_id: card
            for card in cards
            if card.privacy == "public"
            and card.closed_reason is None
            and card.owner_id != own_id
            and self._may_enter(actor, card.room_id)
        }
        return [
            Offered(replay_id, card.room_id, card.owner_id, card.category, started_at)
            for replay_id, room_id, started_at in rows
            if (card := open_cards.get(RoomId(room_id))) is not None
        ]

    async def describe(self, actor: Actor, replay_ids: Sequence[str]) -> dict[str, ReplayInfo]:
        """Those that may still be opened; without chapters, which only the player shows.

        Raises WireError: BUSY, STORAGE_FAILED, SHUTTING_DOWN.
        """
        found = {}
        for replay_id in replay_ids:
            try:
                info = await self._replays.describe_public(actor, replay_id)
            except WireError as error:
                if error.code in UNKNOWN:
                    raise
                continue  # gone, or private, since it was found
            found[replay_id] = msgspec.structs.replace(info, chapters=())
        return found

    def _may_enter(self, actor: Actor, room_id: RoomId) -> bool:
        try:
            self._rooms.check_bars(actor, room_id, Action.GET_SUBSCRIBE_TICKET)
        except WireError:
            return False
        return True
