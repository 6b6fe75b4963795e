"""The list of rooms, page by page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from server.rooms import queries, rules
from server.text import fold, is_storable

if TYPE_CHECKING:
    from collections.abc import Collection

    from server.accounts.actor import Actor
    from server.rooms.cards import RoomCard
    from server.rooms.live_view import LiveView, OpenBroadcasts
    from server.store.store import Store
    from wire.event_base import Reason
    from wire.ids import RoomId, UserId
    from wire.room_commands import ListRooms


Rank = Callable[[int, int], Awaitable[tuple["dict[RoomId, Reason]", int]]]
"""(how many to skip, how many at most) -> rooms in order with their reasons, and how many there
are in all."""


class Listing:
    """Live rooms come from memory, those of followed owners first and then in the order of their
    viewers; the others come from the database.

    A cursor counts live rooms and names the last room at rest, so a room that goes live or ends
    between two pages may be shown twice or not at all; the next look at the list is right again.
    """

    def __init__(self, store: Store, live: LiveView, open_broadcasts: OpenBroadcasts) -> None:
        self._store = store
        self._live = live
        self._open_broadcasts = open_broadcasts

    async def page(
        self, actor: Actor, command: ListRooms, followed: Collection[UserId]
    ) -> tuple[list[RoomCard], str]:
        """Rooms and the cursor of the next page, "" on the last. Raises INVALID_VALUE."""
        cursor = rules.parse_cursor(command.cursor)
        room_filter = queries.RoomFilter(
            viewer_id=actor.user.user_id if actor.user else None,
            sees_private=actor.is_admin,
            own_only=command.own_only,
            search=fold(command.search) if is_storable(command.search) else "",
            category=command.category,
        )
        live_ids = self._live_ids()
        live: list[RoomCard] = []
        if cursor.after is None:
            live = await self._list_live(live_ids, room_filter, followed)
        cards = live[cursor.live_skipped : cursor.live_skipped + command.limit]
        shown = cursor.live_skipped + len(cards)
        if shown < len(live):
            return cards, rules.pack_cursor(rules.ListCursor(live_skipped=shown))
        if command.live_only:
            return cards, ""
        space = command.limit - len(cards)
        resting = await self._store.read(
            lambda session: queries.list_resting(
                session, live_ids, room_filter, after=cursor.after, limit=space + 1
            )
        )
        cards += [card for card, _ in resting[:space]]
        if len(resting) <= space:
            return cards, ""
        last = (resting[space - 1][1], str(resting[space - 1][0].room_id)) if space else None
        return cards, rules.pack_cursor(rules.ListCursor(live_skipped=shown, after=last))

    async def ranked_page(
        self, actor: Actor, command: ListRooms, rank: Rank
    ) -> tuple[list[RoomCard], str, dict[RoomId, Reason]]:
        """As `page`, the live rooms in the order that `rank` gives them, with its reasons."""
        cursor = rules.parse_cursor(command.cursor)
        if cursor.after is not None:
            cards, next_cursor = await self.page(actor, command, ())
            return cards, next_cursor, {}
        reasons, count = await rank(cursor.live_skipped, command.limit)
        room_filter = queries.RoomFilter(
            viewer_id=None, sees_private=False, category=command.category
        )
        ids = list(reasons)
        found = await self._store.read(lambda session: queries.list_live(session, ids, room_filter))
        by_id = {card.room_id: card for card in found if card.closed_reason is None}
        cards = [by_id[room_id] for room_id in ids if room_id in by_id]
        shown = cursor.live_skipped + command.limit
        if shown < count:
            return cards, rules.pack_cursor(rules.ListCursor(live_skipped=shown)), reasons
        # Nobody is recommended oneself, but who is live is in the list.
        own = await self._list_own_live(actor, command.category)
        cards += own[: command.limit - len(cards)]
        space = command.limit - len(cards)
        if command.live_only or space <= 0:
            is_end = command.live_only
            return cards, "" if is_end else rules.pack_cursor(rules.RESTING), reasons
        rest = msgspec.structs.replace(
            command, cursor=rules.pack_cursor(rules.RESTING), limit=space
        )
        resting, next_cursor = await self.page(actor, rest, ())
        return cards + resting, next_cursor, reasons

    async def _list_own_live(self, actor: Actor, category: str) -> list[RoomCard]:
        if actor.user is None:
            return []
        room_filter = queries.RoomFilter(
            viewer_id=actor.user.user_id, sees_private=False, own_only=True, category=category
        )
        return await self._list_live(self._live_ids(), room_filter, ())

    def _live_ids(self) -> list[RoomId]:
        return [
            room_id
            for room_id in self._open_broadcasts.open_room_ids()
            if self._live.broadcast(room_id) is not None
        ]

    async def _list_live(
        self,
        live_ids: list[RoomId],
        room_filter: queries.RoomFilter,
        followed: Collection[UserId],
    ) -> list[RoomCard]:
        cards = await self._store.read(
            lambda session: queries.list_live(session, live_ids, room_filter)
        )

        def rank(card: RoomCard) -> tuple[bool, bool, int, str]:
            is_other = card.owner_id not in followed
            viewers = self._live.viewers(card.room_id)
            return (is_other, not card.is_featured, -viewers, card.room_id)

        return sorted(cards, key=rank)
