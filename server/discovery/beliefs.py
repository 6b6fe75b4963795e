"""What is believed of a user, as it is told to that user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wire.discovery_events import Belief, BelievedCategory, BelievedStreamer
from wire.ids import UserId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wire.event_base import UserInfo

Known = tuple[str, float, int, int, int]
"""Streamer, share, visits, minutes, and when it was last."""


def describe_belief(
    streamers: Sequence[Known],
    categories: Mapping[str, float],
    wishes: Mapping[str, float],
    users: Mapping[UserId, UserInfo],
    *,
    visits: int,
    is_recorded: bool,
) -> Belief:
    """Strongest first, then what was corrected but is not known any more."""
    known = {one[0]: one for one in streamers}
    corrected, named, hidden = (
        [one.removeprefix(prefix) for one in wishes if one.startswith(prefix)]
        for prefix in ("streamer:", "category:", "hide:")
    )
    return Belief(
        streamers=tuple(
            _believed(users[UserId(one)], known.get(one), wishes.get(f"streamer:{one}", 1.0))
            for one in dict.fromkeys([*known, *corrected])
            if UserId(one) in users
        ),
        categories=tuple(
            BelievedCategory(
                category=one,
                share=categories.get(one, 0.0),
                weight=wishes.get(f"category:{one}", 1.0),
            )
            for one in dict.fromkeys([*categories, *named])
        ),
        hidden=tuple(users[UserId(one)] for one in hidden if UserId(one) in users),
        visits=visits,
        personal_share=visits / (visits + 5),
        is_recorded=is_recorded,
    )


def _believed(user: UserInfo, known: Known | None, weight: float) -> BelievedStreamer:
    _, share, visits, minutes, last = known if known is not None else ("", 0.0, 0, 0, 0)
    return BelievedStreamer(
        user=user,
        share=share,
        visits=visits,
        minutes=minutes,
        last_at_unix_ms=last,
        weight=weight,
    )
