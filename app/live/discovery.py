"""Keeps the list of rooms and their pictures fresh while somebody looks at it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from app.errors import LivehouseError
from app.live.cover_round import CoverRound
from app.live.recommending import set_hidden
from app.live.relay_watch import RelayWatch
from app.live.thumbnail_round import ThumbnailRound
from app.state import discover as state
from wire import event_base, room_commands, room_events

if TYPE_CHECKING:
    from app.live.room_session import Control
    from wire.ids import UserId

REFRESH_S: Final = 4.0
"""Beside events, which only come for joined rooms: who is live is asked for."""
KEEP_ORDER_S: Final = 45.0
"""So long recommended cards stay where they are while somebody looks at them."""


class Discovery:
    """Made, run and stopped on one asyncio loop; the sinks are called there."""

    def __init__(
        self,
        control: Control,
        *,
        on_state: Callable[[state.DiscoverState], None],
        on_thumbnail: Callable[[str, bytes], None],
        on_cover: Callable[[str, bytes], None] = lambda _cover, _picture: None,
        find_known: Callable[[], Awaitable[tuple[event_base.RoomInfo, ...]]] | None = None,
    ) -> None:
        """`find_known` gives private rooms that no list shows, but that opened here before."""
        self._control = control
        self._on_state = on_state
        self._on_thumbnail = on_thumbnail
        self._on_cover = on_cover
        self._find_known = find_known
        self._hurry = asyncio.Event()
        self._stopping = asyncio.Event()
        self._thumbnails = ThumbnailRound()
        self._covers = CoverRound()
        self._relay = RelayWatch(control)
        self._ordered_at_s: float | None = None
        """When the order was taken from the relay; None: take the next one."""
        self.state = state.DiscoverState()

    async def run(self) -> None:
        """Until `stop`."""
        self._on_state(self.state)
        pictures: asyncio.Task[None] | None = None
        try:
            while not self._stopping.is_set():
                self._hurry.clear()
                await self._refresh()
                if pictures is None or pictures.done():
                    pictures = asyncio.get_running_loop().create_task(self._fetch_pictures())
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(REFRESH_S):
                        await self._hurry.wait()
        finally:
            if pictures is not None:
                pictures.cancel()
                await asyncio.gather(pictures, return_exceptions=True)

    def stop(self) -> None:
        self._stopping.set()
        self._hurry.set()

    def refresh(self) -> None:
        self._ordered_at_s = None
        self._hurry.set()

    async def hide(self, user_id: UserId, *, is_hidden: bool) -> None:
        """Their rooms go at once, and come back where the relay refuses. Raises LivehouseError."""
        self._apply(state.StreamerHidden(user_id, is_hidden=is_hidden))
        try:
            await set_hidden(self._control, user_id, is_hidden=is_hidden)
        except LivehouseError:
            self._apply(state.StreamerHidden(user_id, is_hidden=not is_hidden))
            raise
        if not is_hidden:
            self._ordered_at_s = None  # back to where it stood
        self._hurry.set()

    def search(self, text: str) -> None:
        self._apply(state.SearchChanged(text))
        self._hurry.set()

    def choose_category(self, category: str) -> None:
        self._apply(state.CategoryChosen(category))
        self._ordered_at_s = None
        self._hurry.set()

    async def _refresh(self) -> None:
        self._forget_another_relay()
        search, category = self.state.search, self.state.category
        command = room_commands.ListRooms(
            id=0,
            search=search,
            category=category,
            limit=100,
            order="usual" if search else "recommended",
        )
        try:
            answer = await self._control.request(command, room_events.RoomList)
            rooms = answer.rooms
            if self._find_known is not None and not search and not category:
                listed = {room.room_id for room in rooms}
                known = await self._find_known()
                rooms = (*(room for room in known if room.room_id not in listed), *rooms)
        except LivehouseError as error:
            self._apply(state.ListFailed(error))
        else:
            self._apply(
                state.Listed(
                    rooms,
                    search,
                    category,
                    frozenset(answer.followed),
                    keeps_order=self._keeps_order(),
                )
            )

    def _keeps_order(self) -> bool:
        now_s = asyncio.get_running_loop().time()
        if self._ordered_at_s is None or now_s - self._ordered_at_s >= KEEP_ORDER_S:
            self._ordered_at_s = now_s
            return False
        return True

    def _forget_another_relay(self) -> None:
        if self._relay.look() == "another":
            self._apply(state.Forgotten())
            self._thumbnails = ThumbnailRound()
            self._covers = CoverRound()

    async def _fetch_pictures(self) -> None:
        """Beside the list, which does not wait for them: a slow link takes its time with many."""
        if not self._relay.is_known:
            return
        with contextlib.suppress(LivehouseError):  # left meanwhile: the list says so
            await asyncio.gather(
                self._covers.fetch(self._control, self.state.covers, self._on_cover),
                self._thumbnails.fetch(
                    self._control, self.state.live_broadcasts, self._on_thumbnail
                ),
            )

    def _apply(self, change: state.Change) -> None:
        before, self.state = self.state, self.state.apply(change)
        if self.state != before:
            self._on_state(self.state)
