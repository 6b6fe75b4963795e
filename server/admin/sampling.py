"""Reads the house's figures every few seconds and keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import structlog

from server.admin import queries
from server.admin.figures import SAMPLE_S, STORED_MAX, STORED_MS, History, columns, measure
from server.admin.rules import FIGURES_DAYS_KEPT
from wire.admin_events import Overview
from wire.coin_events import GiftSent
from wire.errors import WireError
from wire.event_base import DanmakuPosted, Event

if TYPE_CHECKING:
    from server.admin.figures import Reading, Sample
    from server.admin.service import HouseSettings
    from server.admin.waiting import Waiting
    from server.clocks import Clocks
    from server.store.session import Session
    from server.store.store import Store
    from wire.admin_commands import GetOverview

MS_PER_DAY: Final = 24 * 3_600_000

_log = structlog.get_logger(__name__)


class Tally:
    """What nobody else counts. Event loop's thread only."""

    def __init__(self) -> None:
        self.messages = 0
        self.coins = 0
        self.refusals = 0
        self._lag_s_max = 0.0

    def note_event(self, event: Event) -> None:
        """Something that is told to a room."""
        if isinstance(event, DanmakuPosted):
            self.messages += 1
        elif isinstance(event, GiftSent):
            self.coins += event.coins

    def note_lag(self, lag_s: float) -> None:
        self._lag_s_max = max(self._lag_s_max, lag_s)

    def take_lag_max(self) -> float:
        """Since it was last asked."""
        lag_s, self._lag_s_max = self._lag_s_max, 0.0
        return lag_s


class Sampling:
    """Event loop's thread only; `run` until it is cancelled."""

    def __init__(
        self,
        store: Store,
        *,
        read: Callable[[], Reading],
        settings: HouseSettings,
        clocks: Clocks,
        version: str,
        count: Callable[[Session], tuple[int, int]],
        waiting: Waiting,
    ) -> None:
        """`count` gives how many users and rooms there are."""
        self._store = store
        self._read = read
        self._settings = settings
        self._clocks = clocks
        self._version = version
        self._count = count
        self._waiting = waiting
        self._history = History()
        self._last = read()
        self._started_at_unix_ms = clocks.unix_ms()

    async def restore(self) -> None:
        """What was stored in earlier lives, as far as a week shows it."""
        since = self._clocks.unix_ms() - STORED_MAX * STORED_MS
        self._history.put_back(
            await self._store.read(lambda session: queries.load_figures(session, since))
        )

    async def run(self) -> None:
        while True:
            await asyncio.sleep(SAMPLE_S)
            await self.sample()

    async def sample(self) -> None:
        """Take one. Never raises: figures that cannot be stored are still shown."""
        before, self._last = self._last, self._read()
        done = self._history.add(measure(before, self._last))
        if done is not None:
            await self._put(done)

    async def overview(self, command: GetOverview) -> Overview:
        spans = {
            "hour": self._history.hour,
            "day": self._history.day,
            "week": self._history.week,
        }
        users, rooms = await self._store.read(self._count)
        waiting = await self._waiting.count()
        return Overview(
            started_at_unix_ms=self._started_at_unix_ms,
            version=self._version,
            users=users,
            rooms=rooms,
            reports_open=waiting.reports,
            feedback_new=waiting.feedback,
            **columns(spans[command.span](command.since_unix_ms)),  # type: ignore[arg-type] # lists, by field
        )

    async def _put(self, done: Sample) -> None:
        days = self._settings.number(FIGURES_DAYS_KEPT)
        keep_since = self._clocks.unix_ms() - days * MS_PER_DAY
        try:
            await self._store.write(
                lambda session: queries.insert_figures(session, done, keep_since_unix_ms=keep_since)
            )
        except WireError as error:
            _log.warning("the house's figures were not stored", code=error.code)
