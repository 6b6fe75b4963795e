"""Guessing passwords at a real port: who is stopped, who is not, and what it tells."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tests.support.relay_clients import PASSWORD, ControlClient, control, opened
from tests.support.relay_process import running_relay
from wire import CONTROL_PATH, account_commands, account_events, commands, events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.support.relay_process import RelayProcess

MINUTES_15_MS = 15 * 60_000
HOUR_MS = 3_600_000


@asynccontextmanager
async def _from(relay: RelayProcess, address: str) -> AsyncIterator[ControlClient]:
    async with opened(relay.url, CONTROL_PATH, source=address) as socket:
        client = ControlClient(socket)
        try:
            yield client
        finally:
            await client.close()


async def _fail(client: ControlClient, name: str, device_token: str = "") -> events.Error:
    return await client.ask_in_vain(
        account_commands.Login(
            id=0, name=name, password="not the password", device_token=device_token
        )
    )


async def test_login_when_guessed_then_that_address_waits_and_the_owner_and_others_get_in(
    relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    name = unique("ada")
    async with control(relay.url) as owner:
        known = await owner.register(name)
    right = account_commands.Login(id=0, name=name, password=PASSWORD)
    async with _from(relay, "127.0.0.21") as guesser, _from(relay, "127.0.0.22") as elsewhere:
        for _ in range(5):
            assert (await _fail(guesser, name)).code is ErrorCode.BAD_CREDENTIALS
        for attempt in (right, account_commands.Login(id=0, name=name.upper(), password=PASSWORD)):
            refused = await guesser.ask_in_vain(attempt)
            assert refused.code is ErrorCode.RATE_LIMITED
            assert refused.retry_after_ms is not None
            assert MINUTES_15_MS - 60_000 < refused.retry_after_ms <= MINUTES_15_MS
        await elsewhere.ask(right)
    async with _from(relay, "127.0.0.21") as owner:
        device = account_commands.Login(
            id=0, name=name, password=PASSWORD, device_token=known.device_token
        )
        assert isinstance(await owner.ask(device), account_events.LoggedIn)


async def test_login_when_an_address_tries_many_names_then_it_waits_and_its_owners_do_not(
    relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    name = unique("ada")
    async with control(relay.url) as owner:
        known = await owner.register(name)
    async with _from(relay, "127.0.0.23") as guesser:
        for number in range(20):
            error = await _fail(guesser, f"name {number}")
            assert error.code is ErrorCode.BAD_CREDENTIALS
    async with _from(relay, "127.0.0.23") as guesser:
        error = await _fail(guesser, "name 20")
        assert error.code is ErrorCode.RATE_LIMITED
        assert error.retry_after_ms is not None
        assert HOUR_MS - 120_000 < error.retry_after_ms <= HOUR_MS
        await guesser.ask(
            account_commands.Login(
                id=0, name=name, password=PASSWORD, device_token=known.device_token
            )
        )


async def test_login_when_the_name_is_known_or_not_then_the_same_bytes_come(
    relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    name = unique("ada")
    async with control(relay.url) as owner:
        await owner.register(name)
    said = []
    for tried in (name, unique("nobody")):
        async with opened(relay.url, CONTROL_PATH, source="127.0.0.24") as socket:
            login = account_commands.Login(id=1, name=tried, password="not the password")
            await socket.send(commands.pack(login))
            said.append(await socket.recv())
    assert said[0] == said[1]


async def test_login_when_a_hundred_guess_at_once_then_five_are_looked_at_and_others_go_on(
    relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    name = unique("ada")
    async with control(relay.url) as owner, _from(relay, "127.0.0.25") as guesser:
        await owner.register(name)
        guess = account_commands.Login(id=0, name=name, password="not the password")
        answers = [await guesser.send(guess) for _ in range(100)]
        await owner.ask(commands.Ping(id=0), timeout_s=10)
        codes = [(await answer).code for answer in answers]
    assert codes.count(ErrorCode.BAD_CREDENTIALS) == 5
    assert codes.count(ErrorCode.RATE_LIMITED) == 95


async def test_login_when_the_relay_starts_again_then_no_password_is_in_its_files(
    tmp_path: Path,
) -> None:
    with running_relay(tmp_path / "data") as relay:
        async with control(relay.url) as owner:
            answer = await owner.register("ada")
    secrets = [PASSWORD.encode(), answer.token.encode(), answer.device_token.encode()]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 2
    for path in files:
        content = path.read_bytes()
        assert not any(secret in content for secret in secrets), path
