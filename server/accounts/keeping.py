"""What an admin does with others' accounts: see them, their roles, sessions and lost passwords.

A lost password is not mailed: the admin hands over a secret, once, and whoever has it chooses a new
password within a day. Making another one ends the one before.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from server.accounts import queries
from server.accounts.actor import Login
from server.accounts.queries import describe
from server.accounts.rules import check_password
from server.accounts.tables import PasswordReset, User
from server.ids import RandomBytes, digest, make_secret
from server.rates import FailureWindows, rate_limited
from server.store.store import nothing_more
from server.text import fold, is_storable
from wire.admin_events import PasswordResetMade
from wire.errors import ErrorCode, WireError
from wire.ids import SessionId, UserId

if TYPE_CHECKING:
    from server.accounts.hashing import PasswordHasher
    from server.accounts.known_users import KnownUsers
    from server.accounts.service import AccountService
    from server.clocks import Clocks
    from server.store.session import Session
    from server.store.store import Store
    from wire.account_events import LoggedIn
    from wire.event_base import SessionInfo, UserInfo

RESET_LIFETIME_MS: Final = 24 * 3_600_000
REDEEM_FAILURES_MAX: Final = 10
REDEEM_WINDOW_S: Final = 60.0

UserKind = Literal["all", "online", "admins"]


@dataclass(frozen=True, kw_only=True)
class KeptUser:
    """A row of the list of users."""

    user: UserInfo
    about: str
    created_at_unix_ms: int
    last_seen_at_unix_ms: int
    """0 where no session is left."""
    sessions: int


@dataclass(frozen=True)
class UserPageOf:
    users: tuple[KeptUser, ...]
    total: int


class UserKeeping:
    """The caller has checked that an admin asks. Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        *,
        accounts: AccountService,
        known: KnownUsers,
        hasher: PasswordHasher,
        common_passwords: frozenset[str],
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._known = known
        self._hasher = hasher
        self._common_passwords = common_passwords
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._failures: FailureWindows[str] = FailureWindows(REDEEM_FAILURES_MAX, REDEEM_WINDOW_S)

    async def list_page(
        self,
        *,
        search: str,
        kind: UserKind,
        online: Collection[UserId],
        offset: int,
        limit: int,
    ) -> UserPageOf:
        """By name, `limit` from `offset` on, and how many there are in all."""
        words = fold(search) if is_storable(search) else ""

        def work(session: Session) -> UserPageOf:
            rows, total = queries.list_users(
                session,
                search=words,
                admins_only=kind == "admins",
                among=tuple(online) if kind == "online" else None,
                offset=offset,
                limit=limit,
            )
            return UserPageOf(self._describe_all(session, rows), total)

        return await self._store.read(work)

    async def get(self, user_id: UserId) -> KeptUser:
        """Raises WireError(NOT_FOUND)."""

        def work(session: Session) -> tuple[KeptUser, ...]:
            return self._describe_all(session, [_access(session, user_id)])

        return (await self._store.read(work))[0]

    async def sessions(
        self, user: UserInfo, open_now: Collection[SessionId]
    ) -> tuple[SessionInfo, ...]:
        return await self._accounts.list_sessions(_as_login(user), open_now=open_now)

    async def set_admin(
        self, user_id: UserId, *, granted: bool, then: Callable[[Session], None] = nothing_more
    ) -> UserInfo:
        """`then` runs in the same transaction.

        Raises WireError: NOT_FOUND, WRONG_STATE where nobody would be left.
        """

        def work(session: Session) -> User:
            row = _access(session, user_id)
            if row.password_hash is None:
                raise WireError(ErrorCode.WRONG_STATE, "nobody can log in to this account")
            if row.is_admin and not granted and queries.count_admins(session) <= 1:
                raise WireError(ErrorCode.WRONG_STATE, "a house keeps at least one admin")
            row.is_admin = granted
            session.flush()
            then(session)
            return row

        return self._known.change(describe(await self._store.write(work)))

    async def end_sessions(self, user: UserInfo, session_id: SessionId | None) -> None:
        """All of them, or one. Raises WireError(NOT_FOUND) where the user has no such session."""
        login = _as_login(user)
        if session_id is None:
            await self._accounts.logout(login, everywhere=True)
        else:
            await self._accounts.end_session(login, session_id)

    async def make_reset(self, user_id: UserId) -> PasswordResetMade:
        """Raises WireError: NOT_FOUND, WRONG_STATE for the relay's own account."""
        secret = make_secret(self._random_bytes)
        expires_at = self._clocks.unix_ms() + RESET_LIFETIME_MS

        def work(session: Session) -> None:
            if _access(session, user_id).password_hash is None:
                raise WireError(ErrorCode.WRONG_STATE, "nobody can log in to this account")
            session.merge(
                PasswordReset(
                    user_id=user_id, secret_hash=digest(secret), expires_at_unix_ms=expires_at
                )
            )

        await self._store.write(work)
        return PasswordResetMade(secret=secret, expires_at_unix_ms=expires_at)

    async def redeem_reset(
        self,
        *,
        name: str,
        secret: str,
        new_password: str,
        device: str,
        address: str,
        cut: Callable[[UserId], None],
    ) -> LoggedIn:
        """A new password, everything else logged out, and a session for who asks.

        `cut` ends the user's sockets. Raises WireError: BAD_CREDENTIALS, WEAK_PASSWORD,
        RATE_LIMITED.
        """
        wait_s = self._failures.wait_s(address, self._clocks.mono_s())
        if wait_s:
            raise rate_limited(wait_s)
        folded = fold(name) if is_storable(name) else ""
        found = await self._store.read(lambda session: queries.find_reset(session, folded))
        self._check(found, secret, address)
        assert found is not None  # noqa: S101 # _check has raised otherwise
        user = found[1]
        check_password(
            new_password,
            user_name=user.name,
            common=self._common_passwords,
            field="new_password",
        )
        new_hash = await self._hasher.hash(new_password)

        def work(session: Session) -> None:
            now = queries.find_reset(session, folded)
            if now is None or now[0].secret_hash != digest(secret):
                raise _bad_secret()
            now[1].password_hash = new_hash
            session.delete(now[0])
            queries.delete_devices_of(session, user.id)
            session.flush()

        await self._store.write(work)
        info = describe(user)
        await self._accounts.logout(_as_login(info), everywhere=True)
        cut(info.user_id)
        return await self._accounts.login(
            name=user.name, password=new_password, device=device, device_token="", address=address
        )

    def _check(self, found: tuple[PasswordReset, User] | None, secret: str, address: str) -> None:
        """The same answer for an unknown name, no reset, an old one and a wrong secret."""
        expected = found[0].secret_hash if found else digest("")
        is_right = hmac.compare_digest(expected, digest(secret))
        is_fresh = found is not None and self._clocks.unix_ms() < found[0].expires_at_unix_ms
        if not (is_right and is_fresh):
            self._failures.begin(address, self._clocks.mono_s())
            raise _bad_secret()

    def _describe_all(self, session: Session, rows: Collection[User]) -> tuple[KeptUser, ...]:
        """In a store thread."""
        seen = queries.sessions_seen(session, [row.id for row in rows])
        return tuple(
            KeptUser(
                user=describe(row),
                about=row.about,
                created_at_unix_ms=row.created_at_unix_ms,
                last_seen_at_unix_ms=seen.get(row.id, (0, 0))[1],
                sessions=seen.get(row.id, (0, 0))[0],
            )
            for row in rows
        )


def _access(session: Session, user_id: UserId) -> User:
    row = session.get(User, user_id) if is_storable(user_id) else None
    if row is None:
        raise WireError(ErrorCode.NOT_FOUND, "there is no such user", field="user_id")
    return row


def _as_login(user: UserInfo) -> Login:
    """Whose sessions are meant; no session of it is "this"."""
    return Login(user, SessionId(""))


def _bad_secret() -> WireError:
    return WireError(
        ErrorCode.BAD_CREDENTIALS,
        "the name or the secret is wrong, or it is too old",
        field="secret",
    )
