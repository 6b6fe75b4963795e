"""Why a room is recommended: the strongest part of its score that is true and may be said.

What single people do is nobody's business: a reason that rests on others names a crowd of at
least five, or is not given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from server.discovery import ranking
from wire.event_base import Reason
from wire.ids import UserId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wire.event_base import ReasonKind, UserInfo

CROWD_MIN: Final = 5
NAMES_MAX: Final = 2

_KIND_OF_PART: Final[dict[str, ReasonKind]] = {
    **dict.fromkeys(
        (
            "own_long", "own_short", "own_share", "own_count", "own_recency", "own_latest",
            "own_due", "own_hour", "seen", "minutes", "likes", "coins", "messages",
        ),
        "watched",
    ),
    **dict.fromkeys(("item_knn", "user_knn", "ease"), "alike"),
    **dict.fromkeys(("popular", "returns", "now"), "popular"),
    **dict.fromkeys(("rising", "momentum"), "rising"),
    **dict.fromkeys(("newness", "fresh"), "new_streamer"),
    **dict.fromkeys(("friends", "friend"), "friends"),
    **dict.fromkeys(("followed", "follow"), "followed"),
    **dict.fromkeys(("category", "tag"), "category"),
    "viewers": "popular",
    "recent": "recent",
    "interest": "interest",
    "wish": "taste",
    "passed": "taste",
    "rest": "taste",
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What is true of one candidate."""

    visits_lately: int
    """Of the user, in 30 days."""
    alike: Callable[[], tuple[str, ...]]
    """Names of streamers that the user knows and whose viewers like this one; only of crowds."""
    friends: int
    is_followed: bool
    is_rising: bool
    is_new: bool
    is_popular: bool
    is_recent: bool
    """A recording of the last weeks; what is live is no recording."""
    has_history: bool
    """Of the user: without it nothing fits what was watched."""
    category: str
    """"" where the user's taste has little of it."""
    interest: str
    """The candidate's category where the user chose it, else ""."""


def choose(parts: Mapping[str, float], facts: Facts, *, is_discovery: bool) -> Reason:
    """`parts` are the parts of the score. Equal kinds are added up."""
    sums: dict[ReasonKind, float] = {}
    for name, value in parts.items():
        kind = _KIND_OF_PART[name]
        sums[kind] = sums.get(kind, 0.0) + value
    if is_discovery and facts.is_new:
        return Reason(kind="new_streamer", is_discovery=True)
    for kind, value in sorted(sums.items(), key=lambda one: -one[1]):
        if value <= 0:
            break
        reason = _tell(kind, facts)
        if reason is not None:
            return _with(reason, is_discovery=is_discovery)
    # Nothing that speaks for it may be said, or it stands here for a try.
    for kind in ("followed", "interest", "category", "rising", "popular", "new_streamer", "recent"):
        reason = _tell(kind, facts)
        if reason is not None:
            return _with(reason, is_discovery=is_discovery)
    return Reason(kind="taste" if facts.has_history else "open", is_discovery=is_discovery)


def _with(reason: Reason, *, is_discovery: bool) -> Reason:
    return Reason(
        kind=reason.kind, names=reason.names, count=reason.count, is_discovery=is_discovery
    )


def _tell(kind: ReasonKind, facts: Facts) -> Reason | None:
    """None where it is not true, or not to be said."""
    if kind == "watched":
        return Reason(kind=kind, count=facts.visits_lately) if facts.visits_lately else None
    if kind == "friends":
        return Reason(kind=kind, count=facts.friends) if facts.friends >= CROWD_MIN else None
    if kind == "alike":
        names = facts.alike()[:NAMES_MAX]
        return Reason(kind=kind, names=names) if names else None
    if kind == "category":
        return Reason(kind=kind, names=(facts.category,)) if facts.category else None
    if kind == "interest":
        return Reason(kind=kind, names=(facts.interest,)) if facts.interest else None
    is_true = {
        "followed": facts.is_followed,
        "rising": facts.is_rising,
        "new_streamer": facts.is_new,
        "popular": facts.is_popular,
        "recent": facts.is_recent,
    }
    return Reason(kind=kind) if is_true.get(kind) else None


def approximate(reason: Reason) -> Reason:
    """Of a model that does not say what its score is made of."""
    return Reason(
        kind=reason.kind,
        names=reason.names,
        count=reason.count,
        is_discovery=reason.is_discovery,
        is_approximate=True,
    )


def may_be_told(part: str, value: float) -> bool:
    """Whether a part of a score names nobody: of a few friends it says that they watch."""
    return part != "friend" or value >= ranking.friends_part(CROWD_MIN) - 1e-9


def with_names(reason: Reason, users: Mapping[UserId, UserInfo]) -> Reason:
    """Ids of streamers turn into names; without any left it is a vaguer reason."""
    if reason.kind != "alike":
        return reason
    names = tuple(users[UserId(one)].name for one in reason.names if UserId(one) in users)
    return msgspec.structs.replace(reason, names=names, kind="alike" if names else "taste")
