"""The house while its relay is only being started; all else of it is tried against a real relay."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.errors import RelayUnreachable
from app.live.house import House
from app.live.vault import Vault
from tests.unit.app.live.test_hosted_relay import Computer, FakeRelay


class SlowComputer(Computer):
    def __init__(self) -> None:
        super().__init__()
        self.may_stand = asyncio.Event()
        self.has_begun = asyncio.Event()

    async def start(self, port: int) -> FakeRelay:
        self.has_begun.set()
        await self.may_stand.wait()
        return await super().start(port)


@pytest.fixture
async def computer() -> SlowComputer:
    return SlowComputer()


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, computer: SlowComputer) -> House:
    async def connect(*_where: object) -> None:
        raise RelayUnreachable("not in this test")

    house = House(tmp_path, random=lambda: 0.0, vault=Vault(tmp_path, uses_keyring=False), port=0)
    monkeypatch.setattr(house, "_start_relay", computer.start)
    monkeypatch.setattr(house, "_connect", connect)
    return house


async def test_house_when_hosting_is_asked_for_twice_then_one_relay_is_started(
    house: House, computer: SlowComputer
) -> None:
    asked = [asyncio.get_running_loop().create_task(house.host()) for _ in range(2)]
    await computer.has_begun.wait()
    await asyncio.sleep(0)
    computer.may_stand.set()
    await asyncio.gather(*asked, return_exceptions=True)
    assert len(computer.relays) == 1
    await house.stop()
    assert [relay.is_stopped for relay in computer.relays] == [True]


async def test_house_when_left_while_its_relay_starts_then_stays_left_and_no_relay_runs(
    house: House, computer: SlowComputer
) -> None:
    asked = asyncio.get_running_loop().create_task(house.host())
    await computer.has_begun.wait()
    await house.leave()
    told = []
    house.add_state_listener(told.append)
    computer.may_stand.set()
    with pytest.raises(RelayUnreachable):
        await asked
    assert [relay.is_stopped for relay in computer.relays] == [True]
    assert told == []
    assert not house.state.has_relay
