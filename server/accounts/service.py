"""Accounts: registering, logging in, sessions, passwords, and the first admin.

What the caller can learn about others' accounts: nothing but whether a name is free. An unknown
name, a wrong password and an account that cannot be logged in to cost the same time and give the
same answer, and the lock after too many failures is counted before the name is looked up.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final, Protocol

from server.accounts import queries
from server.accounts.login_guard import LoginGuard
from server.accounts.queries import describe
from server.accounts.rules import (
    SYSTEM_USER_NAME,
    bad_credentials,
    check_device_label,
    check_password,
    check_user_name,
    name_taken,
    no_such_session,
    not_the_secret,
    session_ended,
)
from server.accounts.session_times import SessionTimes
from server.accounts.tables import Device, LoginSession, User
from server.ids import RandomBytes, digest, make_id, make_secret
from server.rates import Rate, TokenBuckets, rate_limited
from server.text import fold, is_storable, skeleton
from wire.account_events import LoggedIn
from wire.errors import WireError
from wire.event_base import SessionInfo, UserInfo
from wire.ids import SessionId, UserId

if TYPE_CHECKING:
    from sqlmodel import Session

    from server.accounts.actor import Login
    from server.accounts.hashing import PasswordHasher
    from server.accounts.known_users import KnownUsers
    from server.clocks import Clocks
    from server.store.store import Store

SESSION_TOUCH_MS: Final = 24 * 3600 * 1000
"""A session that is used again after this long lives on from then."""
CONSOLE_SECRET_LIFETIME_S: Final = 15 * 60.0
REGISTRATIONS_PER_ADDRESS: Final = Rate(burst=100, per_s=0.5)


class Bars(Protocol):
    """What accounts ask about who is kept out of the house."""

    def check_house(self, user_id: UserId) -> None:
        """Raises WireError: BANNED, KICKED."""


class AccountService:
    """The use cases of accounts. Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        *,
        clocks: Clocks,
        random_bytes: RandomBytes,
        hasher: PasswordHasher,
        known: KnownUsers,
        bars: Bars,
        common_passwords: frozenset[str],
    ) -> None:
        self._store = store
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._hasher = hasher
        self._common_passwords = common_passwords
        self._guard = LoginGuard(clocks.mono_s)
        self._registrations: TokenBuckets[str] = TokenBuckets(REGISTRATIONS_PER_ADDRESS)
        self._known = known
        self._bars = bars
        self._times = SessionTimes(store, clocks)
        self._console_secret: tuple[str, float] | None = None
        """The first admin's secret and when it ends, monotonic."""
        self._ends = 0
        """How often sessions were ended."""

    # --- logging in and out -------------------------------------------------------------------

    async def register(
        self,
        *,
        name: str,
        password: str,
        device: str,
        address: str,
        with_user: Callable[[Session, str], None] = lambda _session, _user_id: None,
    ) -> LoggedIn:
        """Make an account and its first session. Raises WireError.

        `with_user` writes what belongs to the new user in the same transaction.
        """
        wait_s = self._registrations.take(address, self._clocks.mono_s())
        if wait_s:
            raise rate_limited(wait_s, "too many accounts from this address; wait a moment")
        kept = check_user_name(name)
        check_password(password, user_name=kept, common=self._common_passwords)
        label = check_device_label(device)
        if await self._store.read(lambda session: queries.is_taken(session, kept)):
            raise name_taken()
        password_hash = await self._hasher.hash(password)
        user = self._new_user(kept, password_hash, is_admin=False)

        def work(session: Session) -> LoggedIn:
            queries.insert_user(session, user)
            with_user(session, user.id)
            return self._open_session(session, user, label, known_device="")

        return self._remember_login(await self._store.write(work))

    async def login(
        self, *, name: str, password: str, device: str, device_token: str, address: str
    ) -> LoggedIn:
        """Raises WireError: BAD_CREDENTIALS, RATE_LIMITED, BUSY, STORAGE_FAILED, BANNED, KICKED."""
        label = check_device_label(device)
        user, is_known_device = await self._verify(
            name=name, password=password, device_token=device_token, address=address
        )
        self._bars.check_house(UserId(user.id))
        renewed = await self._renew_hash(user, password)
        verified_against = user.password_hash

        def work(session: Session) -> LoggedIn:
            current = session.get(User, user.id)
            if current is None or current.password_hash != verified_against:
                raise bad_credentials()
            if renewed is not None:
                current.password_hash = renewed
            known_token = device_token if is_known_device else ""
            return self._open_session(session, current, label, known_device=known_token)

        return self._remember_login(await self._store.write(work))

    async def recognise(self, *, name: str, password: str, address: str) -> UserInfo:
        """Who it is, without a session: for those who may not log in. Raises as `login`."""
        user, _ = await self._verify(name=name, password=password, device_token="", address=address)
        return self._known.remember(describe(user))

    async def _verify(
        self, *, name: str, password: str, device_token: str, address: str
    ) -> tuple[User, bool]:
        """The user, and whether the device is known. Raises WireError."""
        folded = fold(name) if is_storable(name) else ""
        device_hash = digest(device_token)

        def find(session: Session) -> tuple[User | None, Device | None]:
            return queries.find_by_name(session, folded), session.get(Device, device_hash)

        user, known = await self._store.read(find)
        is_known_device = user is not None and known is not None and known.user_id == user.id
        attempt = self._guard.begin(
            name=folded, address=address, device=device_hash if is_known_device else None
        )
        try:
            matches = await self._hasher.verify(user.password_hash if user else None, password)
        except WireError:
            attempt.forgive()
            raise
        if user is None or not matches:
            raise bad_credentials()
        attempt.succeed()
        return user, is_known_device

    async def resume(self, token: str) -> LoggedIn:
        """Go on with a session, without hashing a password. Raises WireError(SESSION_ENDED)."""
        token_hash = digest(token)
        ends_before = self._ends

        found = await self._store.read(lambda session: queries.find_by_token(session, token_hash))
        if found is None or self._times.earliest_unix_ms() >= found[0].expires_at_unix_ms:
            raise session_ended()
        row, user = found
        expires_at = row.expires_at_unix_ms
        if self._times.earliest_unix_ms() - row.last_used_at_unix_ms > SESSION_TOUCH_MS:
            expires_at = await self._times.touch(SessionId(row.id), expires_at)
        if ends_before != self._ends:
            # A session ended meanwhile, perhaps this one, and its sockets were cut before this
            # one was among them.
            return await self.resume(token)
        self._bars.check_house(UserId(user.id))
        return LoggedIn(
            user=self._known.remember(describe(user)),
            session_id=SessionId(row.id),
            token="",
            expires_at_unix_ms=expires_at,
        )

    async def logout(self, login: Login, *, everywhere: bool) -> None:
        """End the session, or all of the user. Ending what has ended is no error."""

        def work(session: Session) -> None:
            if everywhere:
                queries.delete_sessions_of(session, login.user.user_id)
            else:
                queries.delete_session(session, login.session_id)

        await self._store.write(work)
        self._ends += 1

    async def list_sessions(
        self, login: Login, *, open_now: Collection[SessionId]
    ) -> tuple[SessionInfo, ...]:
        """The user's sessions, this one first; those of `open_now` have a socket open."""
        user_id, now = login.user.user_id, self._clocks.unix_ms()
        alive_at = self._times.earliest_unix_ms()
        rows = await self._store.read(
            lambda session: queries.list_sessions(session, user_id, alive_at_unix_ms=alive_at)
        )
        found = []
        for row in rows:
            session_id = SessionId(row.id)
            seen = self._times.last_seen_unix_ms(session_id, row.last_used_at_unix_ms)
            found.append(
                SessionInfo(
                    session_id=session_id,
                    device=row.device,
                    created_at_unix_ms=row.created_at_unix_ms,
                    last_seen_at_unix_ms=now if session_id in open_now else seen,
                    is_this=session_id == login.session_id,
                )
            )
        found.sort(key=lambda one: (not one.is_this, -one.last_seen_at_unix_ms, one.session_id))
        return tuple(found)

    async def end_session(self, login: Login, session_id: SessionId) -> None:
        """End one of the user's own. Raises WireError(NOT_FOUND) where it has no such session."""
        user_id = login.user.user_id
        was_there = is_storable(session_id) and await self._store.write(
            lambda session: queries.delete_session_of(session, user_id, session_id)
        )
        if not was_there:
            raise no_such_session()
        self._ends += 1

    async def end_sessions_of(self, user_id: UserId) -> None:
        """All of them; the caller cuts the sockets."""
        await self._store.write(lambda session: queries.delete_sessions_of(session, user_id))
        self._ends += 1

    def note_seen(self, session_id: SessionId) -> None:
        """One of the session's sockets has closed."""
        self._times.note_seen(session_id)

    async def write_seen(self) -> None:
        """Store when sessions were seen last. Never raises."""
        await self._times.write_seen()

    async def change_password(
        self, login: Login, *, old_password: str, new_password: str, address: str
    ) -> LoggedIn:
        """A new password and token for this session; every other session and device ends."""
        check_password(
            new_password,
            user_name=login.user.name,
            common=self._common_passwords,
            field="new_password",
        )
        user_id = login.user.user_id
        user = await self._store.read(lambda session: session.get(User, user_id))
        attempt = self._guard.begin(name=fold(login.user.name), address=address, device=None)
        try:
            matches = await self._hasher.verify(user.password_hash if user else None, old_password)
            new_hash = await self._hasher.hash(new_password) if matches else ""
        except WireError:
            attempt.forgive()
            raise
        if user is None or not matches:
            raise bad_credentials("the old password is wrong", field="old_password")
        attempt.succeed()
        verified_against = user.password_hash

        def work(session: Session) -> LoggedIn:
            current = session.get(User, user_id)
            row = session.get(LoginSession, login.session_id)
            if current is None or row is None or current.password_hash != verified_against:
                raise session_ended()
            current.password_hash = new_hash
            queries.delete_sessions_of(session, user_id)
            queries.delete_devices_of(session, user_id)
            return self._open_session(
                session, current, row.device, known_device="", session_id=login.session_id
            )

        answer = self._remember_login(await self._store.write(work))
        self._ends += 1
        return answer

    async def check_password(self, login: Login, password: str, *, address: str) -> None:
        """Before what cannot be taken back. Raises WireError: BAD_CREDENTIALS, RATE_LIMITED, ..."""
        user_id = login.user.user_id
        user = await self._store.read(lambda session: session.get(User, user_id))
        attempt = self._guard.begin(name=fold(login.user.name), address=address, device=None)
        try:
            matches = await self._hasher.verify(user.password_hash if user else None, password)
        except WireError:
            attempt.forgive()
            raise
        if not matches:
            raise bad_credentials("the password is wrong", field="password")
        attempt.succeed()

    def forget(self, user_id: UserId, pseudonym: str) -> None:
        """The user is erased: nothing in memory says its name any more."""
        self._known.change(UserInfo(user_id=user_id, name=pseudonym))
        self._ends += 1

    # --- admins -------------------------------------------------------------------------------

    async def console_secret(self) -> str | None:
        """A new one-time secret for the first admin; None when there is an admin."""
        if await self._store.read(queries.has_admin):
            return None
        secret = make_secret(self._random_bytes)
        self._console_secret = (secret, self._clocks.mono_s() + CONSOLE_SECRET_LIFETIME_S)
        return secret

    async def claim_admin(self, login: Login, secret: str) -> UserInfo:
        """Make the caller the first admin. Raises WireError(FORBIDDEN)."""
        known = self._console_secret
        if (
            known is None
            or self._clocks.mono_s() >= known[1]
            or not hmac.compare_digest(digest(known[0]), digest(secret))
        ):
            raise not_the_secret()

        def work(session: Session) -> User:
            if queries.has_admin(session):
                raise not_the_secret()
            user = session.get(User, login.user.user_id)
            if user is None:
                raise session_ended()
            user.is_admin = True
            return user

        user = await self._store.write(work)
        self._console_secret = None
        return self._known.change(describe(user))

    async def create_user(self, *, name: str, password: str, is_admin: bool) -> UserInfo:
        """For the command line. Raises WireError."""
        kept = check_user_name(name)
        check_password(password, user_name=kept, common=self._common_passwords)
        user = self._new_user(kept, await self._hasher.hash(password), is_admin=is_admin)
        await self._store.write(lambda session: queries.insert_user(session, user))
        return self._known.remember(describe(user))

    async def ensure_system_user(self) -> UserInfo:
        """The account that owns the relay's own rooms. Nobody can log in to it."""

        def work(session: Session) -> User:
            folded = fold(SYSTEM_USER_NAME)
            user = queries.find_by_name(session, folded)
            if user is None:
                user = self._new_user(SYSTEM_USER_NAME, None, is_admin=False)
                queries.insert_user(session, user)
            return user

        return self._known.remember(describe(await self._store.write(work)))

    # --- who is who ---------------------------------------------------------------------------

    async def made_at(self, user_id: UserId) -> int:
        """When the account was made, on the wall clock in ms; 0 where there is none."""
        row = await self._store.read(lambda session: session.get(User, user_id))
        return row.created_at_unix_ms if row is not None else 0

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]:
        """Those of the users that exist, as they are now."""
        kept = {user_id: self._known.find(user_id) for user_id in user_ids}
        found = {user_id: user for user_id, user in kept.items() if user is not None}
        missing = [user_id for user_id, user in kept.items() if user is None]
        if missing:
            rows = await self._store.read(lambda session: queries.find_users(session, missing))
            found |= {UserId(row.id): self._known.remember(describe(row)) for row in rows}
        return found

    def latest_name(self, user_id: UserId, name: str) -> str:
        """The user's name now, where it is no longer `name`. Does not wait."""
        return self._known.latest_name(user_id, name)

    # --- within -------------------------------------------------------------------------------

    def _open_session(
        self,
        session: Session,
        user: User,
        label: str,
        *,
        known_device: str,
        session_id: SessionId | None = None,
    ) -> LoggedIn:
        """Within a transaction: a new session row, and the device known from now on."""
        now = self._clocks.unix_ms()
        token = make_secret(self._random_bytes)
        row = LoginSession(
            id=session_id or make_id(self._random_bytes),
            user_id=user.id,
            token_hash=digest(token),
            device=label,
            created_at_unix_ms=now,
            last_used_at_unix_ms=now,
            expires_at_unix_ms=self._times.expiry_unix_ms(),
        )
        device_token = known_device or make_secret(self._random_bytes)
        session.flush()
        session.add(row)
        session.merge(
            Device(token_hash=digest(device_token), user_id=user.id, last_used_at_unix_ms=now)
        )
        session.flush()
        queries.prune(session, user.id)
        return LoggedIn(
            user=describe(user),
            session_id=SessionId(row.id),
            token=token,
            device_token=device_token,
            expires_at_unix_ms=row.expires_at_unix_ms,
        )

    async def _renew_hash(self, user: User, password: str) -> str | None:
        """A dearer hash where the stored one has become too cheap."""
        if user.password_hash is None or not self._hasher.is_outdated(user.password_hash):
            return None
        return await self._hasher.hash(password)

    def _new_user(self, name: str, password_hash: str | None, *, is_admin: bool) -> User:
        return User(
            id=make_id(self._random_bytes),
            name=name,
            name_folded=fold(name),
            name_skeleton=skeleton(name),
            password_hash=password_hash,
            is_admin=is_admin,
            created_at_unix_ms=self._clocks.unix_ms(),
        )

    def _remember_login(self, answer: LoggedIn) -> LoggedIn:
        # Somebody may have been put out meanwhile, before this socket was among those to cut.
        self._bars.check_house(answer.user.user_id)
        self._known.remember(answer.user)
        return answer
