"""Covers of rooms: each is asked for once, for it never changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from app.live.thumbnail_round import PictureRound
from app.net.address import parse_relay_address
from app.net.thumbnails import fetch_picture
from wire.covers import is_cover_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.live.thumbnail_round import Relay

SHOWN_MAX: Final = 100
AGAIN_S: Final = 60.0
"""Where it did not come."""


async def fetch_cover(relay: Relay, cover_id: str) -> bytes | None:
    """The JPEG, not looked at yet. Raises RelayUnreachable where no relay is chosen."""
    if not is_cover_id(cover_id):
        return None
    url, pin = relay.relay_settings()
    return await fetch_picture(parse_relay_address(url, pin=pin), "covers", cover_id)


class CoverRound(PictureRound):
    """By the covers' ids."""

    def __init__(self) -> None:
        super().__init__("covers", shown_max=SHOWN_MAX, every_s=math.inf, again_s=AGAIN_S)

    async def fetch(
        self, relay: Relay, shown: Sequence[str], on_picture: Callable[[str, bytes], None]
    ) -> None:
        await super().fetch(relay, [one for one in shown if is_cover_id(one)], on_picture)
