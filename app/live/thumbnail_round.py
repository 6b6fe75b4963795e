"""Pictures of what is shown, never too many at once; of what is live, again every few seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from app.net.address import parse_relay_address
from app.net.thumbnails import fetch_picture

EVERY_S: Final = 5.0
SHOWN_MAX: Final = 24
AT_ONCE: Final = 4


class Relay(Protocol):
    """Where the relay is."""

    def relay_settings(self) -> tuple[str, str | None]: ...


class PictureRound:
    """Used on one asyncio loop."""

    def __init__(self, folder: str, *, shown_max: int, every_s: float, again_s: float) -> None:
        """`every_s`: how long one is good for; `again_s`: when one that did not come is due."""
        self._folder = folder
        self._shown_max = shown_max
        self._every_s = every_s
        self._again_s = again_s
        self._due_at_s: dict[str, float] = {}

    async def fetch(
        self, relay: Relay, shown: Sequence[str], on_picture: Callable[[str, bytes], None]
    ) -> None:
        """The JPEGs that are due, each as it comes, not looked at yet. Raises RelayUnreachable
        where no relay is chosen."""
        now_s = asyncio.get_running_loop().time()
        wanted = list(dict.fromkeys(shown))[: self._shown_max]
        self._due_at_s = {name: at_s for name, at_s in self._due_at_s.items() if name in wanted}
        due = [name for name in wanted if self._due_at_s.get(name, now_s) <= now_s]
        if not due:
            return
        url, pin = relay.relay_settings()
        address = parse_relay_address(url, pin=pin)
        room = asyncio.Semaphore(AT_ONCE)

        async def fetch(name: str) -> None:
            async with room:
                jpeg = await fetch_picture(address, self._folder, name)
            if jpeg is None:
                self._due_at_s[name] = now_s + self._again_s
            else:
                self._due_at_s[name] = now_s + self._every_s
                on_picture(name, jpeg)

        await asyncio.gather(*(fetch(name) for name in due))


class ThumbnailRound(PictureRound):
    """By broadcast."""

    def __init__(self) -> None:
        super().__init__("thumbnails", shown_max=SHOWN_MAX, every_s=EVERY_S, again_s=0.0)
