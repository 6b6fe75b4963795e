"""How much waits for an admin, from the moment of logging in on. On the loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.errors import LivehouseError
from app.state.admin_overview import NOTHING_WAITS, WaitingCounts
from wire import command_base, event_base, events, limits
from wire.admin_commands import GetOverview
from wire.admin_events import HouseWaiting, Overview

if TYPE_CHECKING:
    from app.state.house import HouseState

_Answer = TypeVar("_Answer", bound=event_base.Answer)

_NO_SAMPLES: Final = limits.INTEGER_MAX
"""Since then: the overview without its figures."""


class House(Protocol):
    """What this needs of it."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...

    def add_state_listener(self, listener: Callable[[HouseState], None]) -> Callable[[], None]: ...

    def add_room_listener(
        self, room_id: str, listener: Callable[[events.RoomEvent], None]
    ) -> Callable[[], None]: ...


class WaitingWatch:
    """Made before the house does anything; its listeners are called on the loop."""

    def __init__(self, house: House, *, on_counts: Callable[[WaitingCounts], None]) -> None:
        self._house = house
        self._on_counts = on_counts
        self._is_watching = False
        self._counts = NOTHING_WAITS
        self._loading: asyncio.Task[None] | None = None
        house.add_state_listener(self._on_house)
        house.add_room_listener("", self._on_event)

    def _on_house(self, state: HouseState) -> None:
        is_admin = state.user is not None and state.user.is_admin
        is_watching = is_admin and state.is_connected
        if is_watching == self._is_watching:
            if not is_admin:
                self._put(NOTHING_WAITS)
            return
        self._is_watching = is_watching
        if self._loading is not None:
            self._loading.cancel()
            self._loading = None
        if is_watching:
            # Also after each cut of the link: what came meanwhile is counted so.
            self._loading = asyncio.get_running_loop().create_task(self._load())
        elif not is_admin:
            self._put(NOTHING_WAITS)

    async def _load(self) -> None:
        command = GetOverview(id=0, since_unix_ms=_NO_SAMPLES)
        with contextlib.suppress(LivehouseError):
            found = await self._house.request(command, Overview)
            self._put(WaitingCounts(found.reports_open, found.feedback_new))

    def _on_event(self, event: events.RoomEvent) -> None:
        if isinstance(event, HouseWaiting):
            self._put(WaitingCounts(event.reports, event.feedback))

    def _put(self, counts: WaitingCounts) -> None:
        if counts != self._counts:
            self._counts = counts
            self._on_counts(counts)
