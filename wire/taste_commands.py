"""Client to relay: recordings that fit a taste, and what somebody chose to like."""

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


class GetInterests(Command, frozen=True, kw_only=True):
    """What can be chosen, and what the user has chosen. Answer: Interests."""


class ChooseInterests(Command, frozen=True, kw_only=True):
    """Choose these instead of those before; none: the user does not want to say.

    Answer: Interests.
    """

    interests: Annotated[
        tuple[
            Annotated[str, Meta(min_length=1, max_length=limits.ROOM_CATEGORY_CHARACTERS_MAX)], ...
        ],
        Meta(max_length=limits.INTERESTS_MAX),
    ]
