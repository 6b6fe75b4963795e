"""Lets old chat go, where the house keeps it for so many days only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import structlog

from server.chat import queries
from wire.errors import WireError

if TYPE_CHECKING:
    from server.clocks import Clocks
    from server.store.store import Store

LOOK_S: Final = 3_600.0
AT_ONCE: Final = 2_000
"""Messages of one transaction: the relay writes others in between."""
MS_PER_DAY: Final = 24 * 3_600_000

_log = structlog.get_logger(__name__)


class ChatRetention:
    """Event loop's thread only."""

    def __init__(self, store: Store, *, clocks: Clocks, days: Callable[[], int]) -> None:
        """`days` is asked each time; 0 keeps everything."""
        self._store = store
        self._clocks = clocks
        self._days = days

    async def run(self) -> None:
        """Once an hour, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.prune()
            except WireError as error:
                _log.warning("old chat was not let go", code=error.code)

    async def prune(self) -> int:
        """How many messages went."""
        days = self._days()
        if not days:
            return 0
        before = self._clocks.unix_ms() - days * MS_PER_DAY
        gone = 0
        while True:
            count = await self._store.write(
                lambda session: queries.delete_before(session, before, AT_ONCE)
            )
            gone += count
            if count < AT_ONCE:
                return gone
