"""Recordings for Discover: asked for where little is live, and not with every look at it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.errors import LivehouseError
from app.live.relay_watch import RelayWatch
from app.live.replay_covers import Control, ReplayCovers
from wire.taste_commands import RecommendReplays
from wire.taste_events import RecommendedReplay, RecommendedReplays

if TYPE_CHECKING:
    from app.state.discover import DiscoverState

FRESH_S: Final = 60.0

Offers = tuple[RecommendedReplay, ...]


class ReplayOffers:
    """On the loop, where the sinks are called."""

    def __init__(
        self,
        control: Control,
        *,
        on_offers: Callable[[Offers], None],
        on_cover: Callable[[str, bytes], None],
    ) -> None:
        self._control = control
        self._on_offers = on_offers
        self._covers = ReplayCovers(control, on_cover)
        self._relay = RelayWatch(control)
        self._asked: tuple[str, str] | None = None
        """For which category and whom; None: nothing is shown."""
        self._asked_at_s = 0.0
        self._asking = asyncio.Lock()

    async def look(self, state: DiscoverState, user_id: str) -> None:
        """The list of rooms is shown as it is in `state`, to whom; called as often as it is."""
        if self._asking.locked():
            return  # the next look is at most seconds away
        async with self._asking:
            self._forget_another_relay()
            if not state.wants_replays:
                self._show_none()
                return
            wanted, now_s = (state.category, user_id), asyncio.get_running_loop().time()
            if wanted == self._asked and now_s - self._asked_at_s < FRESH_S:
                return
            await self._ask(wanted, now_s)

    def renew(self) -> None:
        """The next look asks the relay: its answer is another now."""
        self._asked_at_s = -FRESH_S

    async def _ask(self, wanted: tuple[str, str], now_s: float) -> None:
        command = RecommendReplays(id=0, category=wanted[0])
        try:
            answer = await self._control.request(command, RecommendedReplays)
        except LivehouseError:
            if wanted != self._asked:
                self._show_none()
            return  # what is shown stays; the next look asks again
        self._asked, self._asked_at_s = wanted, now_s
        self._on_offers(answer.replays)
        await self._covers.fetch(one.replay for one in answer.replays)

    def _show_none(self) -> None:
        if self._asked is not None:
            self._asked = None
            self._on_offers(())

    def _forget_another_relay(self) -> None:
        if self._relay.look() == "another":
            self._covers.forget()
            self._show_none()
