"""Pictures of what is live, asked for again every few seconds and never too many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol

from app.net.address import parse_relay_address
from app.net.thumbnails import fetch_thumbnail

EVERY_S: Final = 5.0
SHOWN_MAX: Final = 24
AT_ONCE: Final = 4


class Relay(Protocol):
    """Where the relay is."""

    def relay_settings(self) -> tuple[str, str | None]: ...


class ThumbnailRound:
    """Used on one asyncio loop."""

    def __init__(self) -> None:
        self._fetched_at_s: dict[str, float] = {}

    async def fetch(self, relay: Relay, live: Sequence[str]) -> dict[str, bytes]:
        """The JPEGs that are due, by broadcast. Raises RelayUnreachable where none is chosen."""
        now_s = asyncio.get_running_loop().time()
        wanted = live[:SHOWN_MAX]
        self._fetched_at_s = {k: v for k, v in self._fetched_at_s.items() if k in wanted}
        due = [one for one in wanted if now_s - self._fetched_at_s.get(one, -EVERY_S) >= EVERY_S]
        if not due:
            return {}
        url, pin = relay.relay_settings()
        address = parse_relay_address(url, pin=pin)
        room = asyncio.Semaphore(AT_ONCE)
        found: dict[str, bytes] = {}

        async def fetch(broadcast_id: str) -> None:
            async with room:
                jpeg = await fetch_thumbnail(address, broadcast_id)
            if jpeg is not None:
                self._fetched_at_s[broadcast_id] = now_s
                found[broadcast_id] = jpeg

        await asyncio.gather(*(fetch(one) for one in due))
        return found
