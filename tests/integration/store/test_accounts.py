from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest
from sqlmodel import Session, col, select, update

from server.accounts.actor import Login
from server.accounts.hashing import HashCost, PasswordHasher
from server.accounts.known_users import KnownUsers
from server.accounts.login_guard import (
    ACCOUNT_FAILURES_MAX,
    ACCOUNT_WINDOW_S,
    ADDRESS_FAILURES_MAX,
)
from server.accounts.service import (
    CONSOLE_SECRET_LIFETIME_S,
    AccountService,
)
from server.accounts.session_times import SESSION_LIFETIME_MS
from server.accounts.tables import LoginSession, User
from tests.server_parts import CHEAP, PASSWORD, Parts
from wire.errors import ErrorCode, WireError
from wire.ids import UserId

if TYPE_CHECKING:
    from server.store.store import Store
    from wire.account_events import LoggedIn

ADDRESS = "192.0.2.1"
ELSEWHERE = "198.51.100.7"


async def refused(work: Awaitable[object]) -> WireError:
    with pytest.raises(WireError) as caught:
        await work
    return caught.value


async def register(parts: Parts, name: str) -> LoggedIn:
    return await parts.accounts.register(
        name=name, password=PASSWORD, device="desk", address=ADDRESS
    )


async def log_in(
    parts: Parts,
    name: str,
    password: str = PASSWORD,
    *,
    address: str = ADDRESS,
    device_token: str = "",
) -> LoggedIn:
    return await parts.accounts.login(
        name=name, password=password, device="desk", device_token=device_token, address=address
    )


def login_of(answer: LoggedIn) -> Login:
    return Login(answer.user, answer.session_id)


async def test_register_when_the_name_is_free_then_its_token_resumes(parts: Parts) -> None:
    answer = await register(parts, "Ada")
    resumed = await parts.accounts.resume(answer.token)
    assert resumed.user == answer.user
    assert resumed.session_id == answer.session_id
    assert resumed.token == ""


@pytest.mark.parametrize("again", ["Ada", "ADA", "\uff21da", "\u0410da", "  Ada "])
async def test_register_when_the_name_is_or_looks_taken_then_refused(
    parts: Parts, again: str
) -> None:
    await register(parts, "Ada")
    assert (await refused(register(parts, again))).code is ErrorCode.NAME_TAKEN


async def test_register_when_two_take_a_name_at_once_then_one_gets_it(parts: Parts) -> None:
    results = await asyncio.gather(
        register(parts, "Ada"), register(parts, "ada"), return_exceptions=True
    )
    codes = [error.code for error in results if isinstance(error, WireError)]
    assert codes == [ErrorCode.NAME_TAKEN]


async def test_register_when_stored_then_no_secret_is_readable(parts: Parts) -> None:
    answer = await register(parts, "Ada")

    def read(session: Session) -> tuple[User, LoginSession]:
        return session.exec(select(User)).one(), session.exec(select(LoginSession)).one()

    user, row = await parts.store.read(read)
    assert user.password_hash is not None
    assert user.password_hash.startswith("$argon2id$")
    assert answer.token not in row.token_hash
    assert PASSWORD not in user.password_hash


async def test_login_when_the_name_is_unknown_then_same_bytes_as_a_wrong_password(
    parts: Parts,
) -> None:
    await register(parts, "Ada")
    wrong = await refused(log_in(parts, "Ada", "not the password"))
    unknown = await refused(log_in(parts, "Nobody", "not the password"))
    await parts.accounts.ensure_system_user()
    system = await refused(log_in(parts, "livehouse", "not the password"))
    answers = [
        (error.code, error.message, error.field, error.retry_after_ms)
        for error in (wrong, unknown, system)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert wrong.code is ErrorCode.BAD_CREDENTIALS


async def test_login_when_the_name_is_unknown_then_it_takes_as_long(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    # Real cost: the hash must outweigh everything else.
    hasher = PasswordHasher(at_once=1, queue_max=10)
    parts.accounts._hasher = hasher
    await register(parts, "Ada")

    async def measure_s(name: str, index: int) -> float:
        started = time.perf_counter()
        await refused(log_in(parts, name, "not the password", address=f"192.0.2.{index}"))
        return time.perf_counter() - started

    known, unknown = [], []
    for index in range(10):
        known.append(await measure_s("Ada", index))
        unknown.append(await measure_s("Nobody", index))
    hasher.close()
    await parts.close()
    ratio = statistics.median(unknown) / statistics.median(known)
    assert 0.6 < ratio < 1.6


@pytest.mark.parametrize("name", ["Ada", "Nobody"])
async def test_login_when_it_failed_five_times_then_locked_for_that_address_alone(
    parts: Parts, name: str
) -> None:
    await register(parts, "Ada")
    for _ in range(ACCOUNT_FAILURES_MAX):
        assert (await refused(log_in(parts, name, "wrong wrong"))).code is (
            ErrorCode.BAD_CREDENTIALS
        )
    locked = await refused(log_in(parts, name))
    assert locked.code is ErrorCode.RATE_LIMITED
    assert locked.retry_after_ms == ACCOUNT_WINDOW_S * 1000
    if name == "Ada":
        await log_in(parts, name, address=ELSEWHERE)
        parts.time.pass_s(ACCOUNT_WINDOW_S)
        await log_in(parts, name)


async def test_login_when_a_hundred_guess_at_once_then_five_are_looked_at(parts: Parts) -> None:
    await register(parts, "Ada")
    results = await asyncio.gather(
        *(log_in(parts, "Ada", f"guess number {index}") for index in range(60)),
        return_exceptions=True,
    )
    codes = [error.code for error in results if isinstance(error, WireError)]
    assert len(codes) == 60
    assert codes.count(ErrorCode.BAD_CREDENTIALS) == ACCOUNT_FAILURES_MAX


async def test_login_when_an_address_fails_on_many_names_then_locked(parts: Parts) -> None:
    for index in range(ADDRESS_FAILURES_MAX):
        await refused(log_in(parts, f"name{index}", "wrong wrong"))
    assert (await refused(log_in(parts, "other"))).code is ErrorCode.RATE_LIMITED


async def test_login_when_others_locked_the_account_then_a_known_device_gets_in(
    parts: Parts,
) -> None:
    first = await register(parts, "Ada")
    for _ in range(ACCOUNT_FAILURES_MAX + 1):
        await refused(log_in(parts, "Ada", "wrong wrong"))
    again = await log_in(parts, "Ada", device_token=first.device_token)
    assert again.device_token == first.device_token
    other = await register(parts, "Bob")
    assert (await refused(log_in(parts, "Ada", device_token=other.device_token))).code is (
        ErrorCode.RATE_LIMITED
    )


async def test_login_when_hashing_got_dearer_then_the_hash_is_renewed(parts: Parts) -> None:
    await register(parts, "Ada")
    parts.accounts._hasher = PasswordHasher(
        at_once=1, queue_max=5, cost=HashCost(memory_kib=16, passes=2)
    )
    await log_in(parts, "Ada")
    user = await parts.store.read(lambda session: session.exec(select(User)).one())
    assert user.password_hash is not None
    assert "m=16,t=2" in user.password_hash
    await log_in(parts, "Ada")
    parts.accounts._hasher.close()


async def test_login_when_too_many_hash_at_once_then_busy_and_not_counted(parts: Parts) -> None:
    await register(parts, "Ada")
    parts.accounts._hasher = PasswordHasher(at_once=1, queue_max=0, cost=CHEAP)
    results = await asyncio.gather(
        *(log_in(parts, "Ada", address=f"192.0.2.{index}") for index in range(8)),
        return_exceptions=True,
    )
    codes = {error.code for error in results if isinstance(error, WireError)}
    assert codes <= {ErrorCode.BUSY}
    for index in range(8):
        await log_in(parts, "Ada", address=f"192.0.2.{index}")
    parts.accounts._hasher.close()


async def test_logout_when_repeated_then_no_error_and_the_token_is_dead(parts: Parts) -> None:
    answer = await register(parts, "Ada")
    other = await log_in(parts, "Ada")
    for _ in range(2):
        await parts.accounts.logout(login_of(answer), everywhere=False)
    assert (await refused(parts.accounts.resume(answer.token))).code is ErrorCode.SESSION_ENDED
    await parts.accounts.resume(other.token)
    await parts.accounts.logout(login_of(answer), everywhere=True)
    assert (await refused(parts.accounts.resume(other.token))).code is ErrorCode.SESSION_ENDED


async def test_change_password_when_done_then_only_the_new_token_lives(parts: Parts) -> None:
    first = await register(parts, "Ada")
    second = await log_in(parts, "Ada")
    changed = await parts.accounts.change_password(
        login_of(second),
        old_password=PASSWORD,
        new_password="another horse battery",
        address=ADDRESS,
    )
    assert changed.session_id == second.session_id
    for token in (first.token, second.token):
        assert (await refused(parts.accounts.resume(token))).code is ErrorCode.SESSION_ENDED
    await parts.accounts.resume(changed.token)
    assert (await refused(log_in(parts, "Ada"))).code is ErrorCode.BAD_CREDENTIALS
    await log_in(parts, "Ada", "another horse battery")


async def test_change_password_when_the_old_one_is_wrong_then_refused_and_counted(
    parts: Parts,
) -> None:
    login = login_of(await register(parts, "Ada"))

    async def change() -> object:
        return await parts.accounts.change_password(
            login, old_password="wrong wrong", new_password="another horse", address=ADDRESS
        )

    for _ in range(ACCOUNT_FAILURES_MAX):
        assert (await refused(change())).code is ErrorCode.BAD_CREDENTIALS
    assert (await refused(change())).code is ErrorCode.RATE_LIMITED


async def test_resume_when_the_wall_clock_jumps_then_nobody_is_logged_out(parts: Parts) -> None:
    answer = await register(parts, "Ada")
    parts.time.unix_us += 10 * SESSION_LIFETIME_MS * 1000
    await parts.accounts.resume(answer.token)
    parts.time.unix_us -= 20 * SESSION_LIFETIME_MS * 1000
    await parts.accounts.resume(answer.token)


async def test_resume_when_the_session_is_too_old_then_ended(parts: Parts) -> None:
    answer = await register(parts, "Ada")
    parts.time.pass_s(SESSION_LIFETIME_MS / 1000)
    assert (await refused(parts.accounts.resume(answer.token))).code is ErrorCode.SESSION_ENDED


async def test_resume_when_used_now_and_then_then_the_session_lives_on(parts: Parts) -> None:
    answer = await register(parts, "Ada")
    for _ in range(4):
        parts.time.pass_s(SESSION_LIFETIME_MS / 1000 / 2)
        resumed = await parts.accounts.resume(answer.token)
    assert resumed.expires_at_unix_ms > answer.expires_at_unix_ms


@pytest.mark.parametrize("token", ["", "x", "\ud800"])
async def test_resume_when_the_token_is_nonsense_then_ended(parts: Parts, token: str) -> None:
    assert (await refused(parts.accounts.resume(token))).code is ErrorCode.SESSION_ENDED


async def test_claim_admin_when_the_secret_is_right_then_once(parts: Parts) -> None:
    ada, bob = await register(parts, "Ada"), await register(parts, "Bob")
    secret = await parts.accounts.console_secret()
    assert secret is not None
    wrong = await refused(parts.accounts.claim_admin(login_of(ada), secret + "x"))
    assert wrong.code is ErrorCode.FORBIDDEN
    user = await parts.accounts.claim_admin(login_of(ada), secret)
    assert user.is_admin
    assert (await refused(parts.accounts.claim_admin(login_of(bob), secret))).code is (
        ErrorCode.FORBIDDEN
    )
    assert await parts.accounts.console_secret() is None
    assert (await parts.accounts.resume(ada.token)).user.is_admin


async def test_claim_admin_when_the_secret_is_old_then_refused(parts: Parts) -> None:
    ada = await register(parts, "Ada")
    secret = await parts.accounts.console_secret()
    assert secret is not None
    parts.time.pass_s(CONSOLE_SECRET_LIFETIME_S)
    assert (await refused(parts.accounts.claim_admin(login_of(ada), secret))).code is (
        ErrorCode.FORBIDDEN
    )


async def test_claim_admin_when_nobody_asked_for_a_secret_then_refused(parts: Parts) -> None:
    ada = await register(parts, "Ada")
    assert (await refused(parts.accounts.claim_admin(login_of(ada), ""))).code is (
        ErrorCode.FORBIDDEN
    )


async def test_login_when_the_password_changed_meanwhile_then_refused(parts: Parts) -> None:
    """The old password was right when it was read, and is not when the session is written."""
    await register(parts, "Ada")
    hasher = parts.accounts._hasher

    class Slow(PasswordHasher):
        async def verify(self, stored: str | None, password: str) -> bool:
            matches = await hasher.verify(stored, password)
            await parts.store.write(
                lambda session: session.execute(
                    update(User).where(col(User.name) == "Ada").values(password_hash="changed")
                )
            )
            return matches

    parts.accounts._hasher = Slow(at_once=1, queue_max=1, cost=CHEAP)
    assert (await refused(log_in(parts, "Ada"))).code is ErrorCode.BAD_CREDENTIALS
    parts.accounts._hasher.close()


async def test_find_users_when_some_are_unknown_then_the_others_are_told(parts: Parts) -> None:
    ada = await register(parts, "Ada")
    fresh = AccountService(
        parts.store,
        clocks=parts.time.clocks,
        random_bytes=parts.random_bytes,
        hasher=parts.hasher,
        known=KnownUsers(),
        bars=parts.standings,
        common_passwords=frozenset(),
    )
    found = await fresh.find_users([ada.user.user_id, UserId("nobody")])
    assert found == {ada.user.user_id: ada.user}
