"""Covers of rooms: each is asked for once, for it never changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from app.net.address import parse_relay_address
from app.net.thumbnails import fetch_picture
from wire.covers import is_cover_id

if TYPE_CHECKING:
    from app.live.thumbnail_round import Relay

AT_ONCE: Final = 4
SHOWN_MAX: Final = 100
AGAIN_S: Final = 60.0
"""Where it did not come."""


async def fetch_cover(relay: Relay, cover_id: str) -> bytes | None:
    """The JPEG, not looked at yet. Raises RelayUnreachable where no relay is chosen."""
    if not is_cover_id(cover_id):
        return None
    url, pin = relay.relay_settings()
    return await fetch_picture(parse_relay_address(url, pin=pin), "covers", cover_id)


class CoverRound:
    """Used on one asyncio loop."""

    def __init__(self) -> None:
        self._done: set[str] = set()
        self._failed_at_s: dict[str, float] = {}

    async def fetch(
        self, relay: Relay, shown: Sequence[str], on_cover: Callable[[str, bytes], None]
    ) -> None:
        """Those that were not asked for yet, each as it comes. Raises RelayUnreachable where no
        relay is chosen."""
        now_s = asyncio.get_running_loop().time()
        wanted = list(dict.fromkeys(shown))[:SHOWN_MAX]
        self._done &= set(wanted)
        self._failed_at_s = {k: v for k, v in self._failed_at_s.items() if k in wanted}
        due = [one for one in wanted if self._is_due(one, now_s)]
        room = asyncio.Semaphore(AT_ONCE)

        async def fetch(cover_id: str) -> None:
            async with room:
                picture = await fetch_cover(relay, cover_id)
            if picture is None:
                self._failed_at_s[cover_id] = now_s
            else:
                self._done.add(cover_id)
                on_cover(cover_id, picture)

        await asyncio.gather(*(fetch(one) for one in due))

    def _is_due(self, cover_id: str, now_s: float) -> bool:
        failed_at_s = self._failed_at_s.get(cover_id)
        is_rested = failed_at_s is None or now_s - failed_at_s >= AGAIN_S
        return cover_id not in self._done and is_rested
