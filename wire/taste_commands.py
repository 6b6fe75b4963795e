"""Client to relay: recordings that fit a taste."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import Command


class RecommendReplays(Command, frozen=True, kw_only=True):
    """Public recordings that fit the asker's taste, best first. Answer: RecommendedReplays."""

    category: Annotated[str, Meta(max_length=limits.ROOM_CATEGORY_CHARACTERS_MAX)] = ""
    """Only of rooms of this one; empty: of all."""
    limit: Annotated[int, Meta(ge=1, le=limits.RECOMMENDED_REPLAYS_MAX)] = (
        limits.RECOMMENDED_REPLAYS_MAX
    )
