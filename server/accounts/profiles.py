"""What users say of themselves, and their names.

A new name is taken under the same rules as a first one, and the old one is free from then on.
Sockets that are open, rooms and the chat that is still in memory show the new name at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from server.accounts import queries
from server.accounts.queries import describe
from server.accounts.rules import check_about, check_user_name, name_taken, session_ended
from server.accounts.tables import LoginSession, User
from server.rates import Rate, TokenBuckets, rate_limited
from server.text import is_storable
from wire.account_events import Profile
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from server.accounts.actor import Login
    from server.accounts.known_users import KnownUsers
    from server.clocks import Clocks
    from server.store.session import Session
    from server.store.store import Store
    from wire.event_base import UserInfo
    from wire.ids import UserId

RENAMES_PER_USER: Final = Rate(burst=5, per_s=1 / 600)
"""Nobody can go through names faster than others can learn who it is."""


class Profiles:
    """Event loop's thread only."""

    def __init__(self, store: Store, *, known: KnownUsers, clocks: Clocks) -> None:
        self._store = store
        self._known = known
        self._clocks = clocks
        self._renames: TokenBuckets[UserId] = TokenBuckets(RENAMES_PER_USER)

    def latest(self, user: UserInfo) -> UserInfo:
        return self._known.latest(user)

    async def get(self, user_id: UserId) -> Profile:
        """Raises WireError(NOT_FOUND)."""
        user = None
        if is_storable(user_id):
            user = await self._store.read(lambda session: session.get(User, user_id))
        if user is None:
            raise WireError(ErrorCode.NOT_FOUND, "there is no such user", field="user_id")
        return Profile(user=self._known.remember(describe(user)), about=user.about)

    async def edit(self, login: Login, *, name: str | None, about: str | None) -> Profile:
        """Change what is given. Raises WireError: INVALID_VALUE, NAME_TAKEN, RATE_LIMITED, ..."""
        user_id = login.user.user_id
        kept_name = check_user_name(name) if name is not None else None
        kept_about = check_about(about) if about is not None else None
        if kept_name == self._known.latest(login.user).name:
            kept_name = None
        if kept_name is not None:
            wait_s = self._renames.take(user_id, self._clocks.mono_s())
            if wait_s:
                raise rate_limited(wait_s, "you have changed your name often; wait")

        def work(session: Session) -> User:
            user = session.get(User, user_id)
            if user is None or session.get(LoginSession, login.session_id) is None:
                raise session_ended()
            if kept_name is not None and queries.is_taken(session, kept_name, except_id=user_id):
                raise name_taken()
            queries.update_profile(session, user, name=kept_name, about=kept_about)
            return user

        user = await self._store.write(work)
        info = describe(user)
        if kept_name is not None:
            self._known.change(info)
        return Profile(user=info, about=user.about)
