"""Relays for these tests, and what every test here wants of them."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from tests.support.relay_clients import ControlClient, control, new_key
from tests.support.relay_process import RelayProcess, running_relay


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    """One relay for a file: each test takes a room of its own, or says why not."""
    with running_relay(tmp_path_factory.mktemp("relay") / "data") as process:
        yield process


@pytest.fixture(scope="module")
def unique() -> Callable[[str], str]:
    """Names that no other test of the file takes."""
    numbers = itertools.count(1)
    return lambda word: f"{word} {next(numbers)}"


@pytest.fixture
async def owner(relay: RelayProcess, unique: Callable[[str], str]) -> AsyncIterator[ControlClient]:
    """A user who has just registered."""
    async with control(relay.url) as client:
        await client.register(unique("owner"))
        yield client


@pytest.fixture
async def room_id(owner: ControlClient, unique: Callable[[str], str]) -> str:
    """A public room of the owner, who is in it."""
    room_id = await owner.create_room(unique("room"))
    await owner.join(room_id)
    return room_id


@pytest.fixture
async def publish_key(owner: ControlClient, room_id: str) -> str:
    """A key of the owner's room."""
    return (await new_key(owner, room_id)).publish_key
