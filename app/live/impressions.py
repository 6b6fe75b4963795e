"""Tells the relay which recommended rooms and recordings were seen and chosen: many at once."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Iterable
from typing import Final, Protocol, TypeVar

from app.errors import LivehouseError, RelayRefused
from app.live.relay_watch import RelayWatch
from app.state.seen_cards import SeenCards, ShownCard
from wire import command_base, event_base, events
from wire.discovery_commands import Impression, RecordImpressions
from wire.errors import ErrorCode
from wire.limits import IMPRESSIONS_MAX

_Answer = TypeVar("_Answer", bound=event_base.Answer)

INTERVAL_S: Final = 4.0
WAITING_MAX: Final = 5 * IMPRESSIONS_MAX
"""A relay that does not answer costs the oldest of them, not memory."""
_PASSING: Final = frozenset({ErrorCode.BUSY, ErrorCode.RATE_LIMITED, ErrorCode.TIMED_OUT})


class Control(Protocol):
    """What this needs of the house."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...

    def relay_settings(self) -> tuple[str, str | None]: ...


def _make_key() -> str:
    return uuid.uuid4().hex


class Impressions:
    """One visit of the page. Made, run and stopped on one asyncio loop."""

    def __init__(
        self,
        control: Control,
        *,
        make_key: Callable[[], str] = _make_key,
        interval_s: float = INTERVAL_S,
    ) -> None:
        self._control = control
        self._make_key = make_key
        self._interval_s = interval_s
        self._loop = asyncio.get_running_loop()
        self._seen = SeenCards()
        self._waiting: list[Impression] = []
        self._relay = RelayWatch(control)
        self._stopping = asyncio.Event()

    def look(self, cards: Iterable[ShownCard]) -> None:
        """What is on the screen from now on."""
        self._take(tuple(cards))

    def click(self, card: ShownCard) -> None:
        """It was chosen; it was seen then, too, however short."""
        self._add(card, is_clicked=True)

    async def run(self) -> None:
        """Until `stop`; what waits then is sent at once."""
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._interval_s):
                    await self._stopping.wait()
            await self.send()

    def stop(self) -> None:
        """Nothing is on the screen any more."""
        self._take(())
        self._stopping.set()

    async def send(self) -> None:
        """What waits, as far as the relay takes it."""
        self._take(None)
        relay = self._relay.look()
        if relay == "none":
            return
        if relay == "another":
            self._waiting.clear()  # it was seen elsewhere
        while self._waiting:
            some = tuple(self._waiting[:IMPRESSIONS_MAX])
            try:
                await self._control.request(RecordImpressions(id=0, impressions=some), events.Ok)
            except RelayRefused as refused:
                if refused.code in _PASSING:
                    return
            except LivehouseError:
                return
            del self._waiting[: len(some)]

    def _take(self, cards: tuple[ShownCard, ...] | None) -> None:
        self._seen, seen = self._seen.look(self._loop.time(), cards)
        for card in seen:
            self._add(card, is_clicked=False)

    def _add(self, card: ShownCard, *, is_clicked: bool) -> None:
        self._waiting.append(
            Impression(
                key=self._make_key(),
                room_id=card.room_id,
                position=card.position,
                reason=card.reason,
                is_clicked=is_clicked,
                replay_id=card.replay_id,
            )
        )
        del self._waiting[:-WAITING_MAX]
