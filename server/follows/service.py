"""Following a user: kept on disk, answered from memory, so that a thousand joins cost few reads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

from sqlmodel import Session, col, func, select

from server.follows.tables import Follow
from wire.errors import ErrorCode, WireError
from wire.ids import UserId
from wire.limits import FOLLOWED_MAX

if TYPE_CHECKING:
    from server.clocks import Clocks
    from server.store.store import Store
    from wire.event_base import UserInfo

CACHED_MAX: Final = 5_000
"""Followers whose lists, and users whose counts, are in memory."""

_Value = TypeVar("_Value")


class Users(Protocol):
    """What following asks of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


class Standing(NamedTuple):
    """How somebody stands to a room's owner."""

    is_following: bool
    followers: int


class FollowService:
    """Event loop's thread only."""

    def __init__(self, store: Store, *, users: Users, clocks: Clocks) -> None:
        self._store = store
        self._users = users
        self._clocks = clocks
        self._followed: OrderedDict[UserId, frozenset[UserId]] = OrderedDict()
        self._counts: OrderedDict[UserId, int] = OrderedDict()
        self._changes = 0
        """A read that began before a change is not kept."""

    async def follow(self, user_id: UserId, other_id: UserId, *, is_following: bool) -> None:
        """Doing it twice is no error. Raises WireError: INVALID_VALUE, NOT_FOUND, FULL."""
        if user_id == other_id:
            raise WireError(ErrorCode.INVALID_VALUE, "nobody follows themselves", field="user_id")
        if is_following and other_id not in await self._users.find_users([other_id]):
            raise WireError(ErrorCode.NOT_FOUND, "there is no such user", field="user_id")
        now = self._clocks.unix_ms()

        def work(session: Session) -> None:
            row = session.get(Follow, (user_id, other_id))
            if row is not None and not is_following:
                session.delete(row)
            if row is None and is_following:
                if _count_followed(session, user_id) >= FOLLOWED_MAX:
                    raise WireError(
                        ErrorCode.FULL, f"at most {FOLLOWED_MAX} may be followed", field="followed"
                    )
                session.add(Follow(follower_id=user_id, followed_id=other_id, since_unix_ms=now))

        await self._store.write(work)
        self._changes += 1
        self._followed.pop(user_id, None)
        self._counts.pop(other_id, None)

    async def standing(self, user_id: UserId | None, other_id: UserId) -> Standing:
        """Whether the user (None: a guest) follows the other, and how many do."""
        is_following = user_id is not None and other_id in await self._load_followed(user_id)
        return Standing(is_following, await self._load_count(other_id))

    def forget(self) -> None:
        """Rows have changed beside this: all is read anew."""
        self._changes += 1
        self._followed.clear()
        self._counts.clear()

    async def followed_since(self, user_id: UserId, other_id: UserId) -> int | None:
        """Since when, on the wall clock in ms; None where the user does not follow the other."""
        row = await self._store.read(lambda session: session.get(Follow, (user_id, other_id)))
        return row.since_unix_ms if row is not None else None

    async def followed_by(self, user_id: UserId) -> frozenset[UserId]:
        """Whom the user follows."""
        return await self._load_followed(user_id)

    async def all_follows(self) -> list[tuple[str, str]]:
        """Follower and followed, of everybody."""
        query = select(Follow.follower_id, Follow.followed_id)
        return await self._store.read(
            lambda session: [(one, other) for one, other in session.exec(query)]
        )

    async def _load_followed(self, user_id: UserId) -> frozenset[UserId]:
        known = self._followed.get(user_id)
        if known is not None:
            return known
        changes = self._changes
        found = await self._store.read(lambda session: _list_followed(session, user_id))
        if changes == self._changes:
            _keep(self._followed, user_id, found)
        return found

    async def _load_count(self, other_id: UserId) -> int:
        known = self._counts.get(other_id)
        if known is not None:
            return known
        changes = self._changes
        found = await self._store.read(lambda session: _count_followers(session, other_id))
        if changes == self._changes:
            _keep(self._counts, other_id, found)
        return found


def _keep(cache: OrderedDict[UserId, _Value], user_id: UserId, value: _Value) -> None:
    cache[user_id] = value
    if len(cache) > CACHED_MAX:
        cache.popitem(last=False)


def _list_followed(session: Session, user_id: UserId) -> frozenset[UserId]:
    query = select(Follow.followed_id).where(Follow.follower_id == user_id)
    return frozenset(UserId(found) for found in session.exec(query))


def _count_followed(session: Session, user_id: UserId) -> int:
    query = select(func.count()).select_from(Follow).where(col(Follow.follower_id) == user_id)
    return session.exec(query).one()


def _count_followers(session: Session, other_id: UserId) -> int:
    query = select(func.count()).select_from(Follow).where(col(Follow.followed_id) == other_id)
    return session.exec(query).one()
