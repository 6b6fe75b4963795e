"""Whom a user may know: Adamic-Adar on the graph of follows, and a shared taste.

    AA(u, w) = sum over z that both u and w are tied to of 1 / ln(ties of z)

A tie is a follow in either direction. Somebody whom the user is tied to through one with few ties
counts more than through one that everybody is tied to.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from wire.discovery_events import People, Person
from wire.ids import UserId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from wire.event_base import UserInfo

TIES_MAX: Final = 500
"""Of one user, that are walked: whoever is tied to thousands says nothing of any of them."""
TASTE_SHARE: Final = 0.4


class Graph:
    """Follows, as they were read last."""

    def __init__(self, follows: Iterable[tuple[str, str]] = ()) -> None:
        """Pairs of follower and followed."""
        self.followed: dict[str, set[str]] = {}
        self.followers: dict[str, set[str]] = {}
        for follower, followed in follows:
            self.change(follower, followed, is_following=True)

    def change(self, follower: str, followed: str, *, is_following: bool) -> None:
        for table, one, other in (
            (self.followed, follower, followed),
            (self.followers, followed, follower),
        ):
            if is_following:
                table.setdefault(one, set()).add(other)
            else:
                table.get(one, set()).discard(other)

    def forget(self, user_id: str) -> None:
        for followed in tuple(self.followed.get(user_id, ())):
            self.change(user_id, followed, is_following=False)
        for follower in tuple(self.followers.get(user_id, ())):
            self.change(follower, user_id, is_following=False)

    def friends(self, user_id: str) -> set[str]:
        """Those who follow each other."""
        return self.followed.get(user_id, set()) & self.followers.get(user_id, set())

    def ties(self, user_id: str) -> set[str]:
        return self.followed.get(user_id, set()) | self.followers.get(user_id, set())


class Suggested(NamedTuple):
    user_id: str
    score: float
    is_taste: bool
    """The taste weighs more than the ties."""
    between: tuple[str, ...]
    """Friends of the user who are tied to both."""
    ties: int
    """All who are tied to both."""


def suggest(
    graph: Graph,
    user_id: str,
    *,
    alike: Mapping[str, float],
    leave_out: Collection[str],
    limit: int,
) -> list[Suggested]:
    """`alike`: cosines of those whose taste may be spoken of (who stream in public)."""
    out = {user_id, *graph.followed.get(user_id, ()), *leave_out}
    sums: dict[str, float] = {}
    counts: dict[str, list[str]] = {}
    for middle in sorted(graph.ties(user_id))[:TIES_MAX]:
        ties = graph.ties(middle)
        weight = 1.0 / math.log(max(2, len(ties)) + 1e-9) if len(ties) > 1 else 0.0
        for other in sorted(ties)[:TIES_MAX]:
            if other not in out:
                sums[other] = sums.get(other, 0.0) + weight
                counts.setdefault(other, []).append(middle)
    most = max(sums.values(), default=0.0) or 1.0
    friends = graph.friends(user_id)
    found = []
    for other in sums.keys() | (alike.keys() - out):
        tie = (1 - TASTE_SHARE) * sums.get(other, 0.0) / most
        taste = TASTE_SHARE * max(0.0, alike.get(other, 0.0))
        between = counts.get(other, [])
        found.append(
            Suggested(
                other,
                tie + taste,
                taste > tie,
                tuple(one for one in between if one in friends),
                len(between),
            )
        )
    found.sort(key=lambda one: (-one.score, one.user_id))
    return found[:limit]


def describe(found: Iterable[Suggested], users: Mapping[UserId, UserInfo]) -> People:
    """Of those who are still there."""
    return People(
        people=tuple(
            Person(
                user=users[UserId(each.user_id)],
                kind="taste" if each.is_taste else "mutual",
                names=tuple(
                    users[UserId(one)].name for one in each.between[:2] if UserId(one) in users
                ),
                count=each.ties,
            )
            for each in found
            if UserId(each.user_id) in users
        )
    )
