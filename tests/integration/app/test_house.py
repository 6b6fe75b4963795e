"""The house against the real relay, hosted as the window hosts it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from app.errors import CertificateMismatch, RelayRefused, RelayUnreachable
from app.live import hosted_relay
from app.live.house import House
from app.live.invite_link import parse_invite_link
from app.live.vault import Vault
from wire import (
    chat_commands,
    chat_events,
    commands,
    event_base,
    events,
    room_commands,
    room_events,
)
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from app.state.house import HouseState

Make = Callable[[str], House]
KNOWN_WITHIN_S = 5.5
"""The promise is 5 s; the loop may be late on a busy machine."""


@pytest.fixture
async def make_house(tmp_path: Path) -> AsyncIterator[Make]:
    houses: list[House] = []

    def make(name: str) -> House:
        folder = tmp_path / name
        vault = Vault(folder, uses_keyring=False)
        house = House(folder, random=lambda: 0.0, vault=vault, host="0.0.0.0", port=0)
        houses.append(house)
        return house

    yield make
    for house in reversed(houses):
        await house.stop()


async def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    for _ in range(round(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to be")


async def test_host_when_the_folder_is_new_then_makes_account_room_and_link(
    make_house: Make,
) -> None:
    house = make_house("a")
    state = await house.host()
    assert state.is_connected
    assert state.user is not None
    link = parse_invite_link(state.invite_link)
    assert link.room == state.home_room_id
    assert link.pin == state.pin
    details = await house.request(
        room_commands.GetRoom(id=0, room=state.home_room_id), room_events.RoomDetails
    )
    assert details.role == "streamer"


async def test_host_when_a_name_is_wished_then_user_and_room_have_it(make_house: Make) -> None:
    house = make_house("a")
    with pytest.raises(RelayRefused):
        await house.host("?")
    state = await house.host("Mika Sato")
    assert state.user is not None
    assert state.user.name == "Mika Sato"
    details = await house.request(
        room_commands.GetRoom(id=0, room=state.home_room_id), room_events.RoomDetails
    )
    assert details.room.name == "Mika Sato"
    assert house.has_hosted()


async def test_host_when_started_again_then_is_the_same_user_and_room(make_house: Make) -> None:
    before = make_house("a")
    first = await before.host()
    await before.stop()
    house = make_house("a")
    assert await house.return_to_last()
    again = house.state
    assert first.user is not None
    assert again.user is not None
    assert (again.user.user_id, again.home_room_id) == (first.user.user_id, first.home_room_id)
    assert again.url == first.url  # links that were given out still open it


async def test_guest_when_joined_by_the_link_then_hears_the_room(make_house: Make) -> None:
    host, guest = make_house("a"), make_house("b")
    state = await host.host()
    link = state.invite_link.replace(parse_invite_link(state.invite_link).address.host, "127.0.0.1")
    room_id = await guest.enter(parse_invite_link(link))
    assert room_id == state.home_room_id
    assert guest.state.user is None
    heard: list[events.RoomEvent] = []
    guest.add_room_listener(room_id, heard.append)
    await guest.request(room_commands.JoinRoom(id=0, room_id=room_id), room_events.RoomJoined)
    await host.request(room_commands.JoinRoom(id=0, room_id=room_id), room_events.RoomJoined)
    said = chat_commands.SendDanmaku(id=0, room_id=room_id, text="hello")
    await host.request(said, chat_events.DanmakuAccepted)
    await until(lambda: any(isinstance(event, event_base.DanmakuPosted) for event in heard))
    with pytest.raises(RelayRefused) as refused:
        await guest.request(said, chat_events.DanmakuAccepted)
    assert refused.value.code is ErrorCode.LOGIN_REQUIRED
    await guest.register("Grace", "a long password")
    assert guest.state.user is not None
    await guest.request(said, chat_events.DanmakuAccepted)


async def test_guest_when_the_pin_is_another_then_is_not_let_in(make_house: Make) -> None:
    state = await make_house("a").host()
    guest = make_house("b")
    other = state.invite_link.split("?", maxsplit=1)[0] + "?pin=" + "0" * 64
    host = parse_invite_link(other).address.host
    with pytest.raises(CertificateMismatch):
        await guest.join(other.replace(host, "127.0.0.1"))
    assert guest.state.link == "none"
    with pytest.raises(RelayUnreachable):
        guest.relay_settings()


async def test_relay_when_it_is_killed_then_the_house_opens_it_again_as_it_was(
    make_house: Make,
) -> None:
    house, guest = make_house("a"), make_house("b")
    before = await house.host()
    link = parse_invite_link(before.invite_link)
    await guest.join(before.invite_link.replace(link.address.host, "127.0.0.1"))
    seen: list[HouseState] = []
    house.add_state_listener(seen.append)
    find_relay().kill()
    await until(lambda: any(state.is_reopening for state in seen))
    await until(lambda: house.state.is_connected and not house.state.is_reopening, 20)
    after = house.state
    assert (after.url, after.pin, after.user, after.home_room_id, after.invite_link) == (
        before.url, before.pin, before.user, before.home_room_id, before.invite_link,
    )  # fmt: skip
    await until(lambda: guest.state.is_connected, 20)
    details = await house.request(
        room_commands.GetRoom(id=0, room=after.home_room_id), room_events.RoomDetails
    )
    assert details.role == "streamer"


async def test_relay_when_it_stands_still_then_the_house_knows_in_time_and_is_back_by_itself(
    make_house: Make,
) -> None:
    house = make_house("a")
    await house.host()
    relay = find_relay()
    relay.suspend()  # its system still acknowledges every byte: nothing but silence tells
    try:
        began_s = time.monotonic()
        await until(lambda: house.state.link == "waiting")
        assert time.monotonic() - began_s < KNOWN_WITHIN_S
        assert not house.state.is_reopening
        with pytest.raises(RelayUnreachable):
            await house.request(commands.Ping(id=0), events.Pong)
    finally:
        relay.resume()
    await until(lambda: house.state.is_connected)
    assert find_relay() == relay


async def test_relay_when_it_does_not_stand_again_then_the_house_is_left_and_says_why(
    make_house: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosted_relay, "RESTART_DELAYS_S", (0.0, 0.0))
    house = make_house("a")
    await house.host()
    (tmp_path / "a" / "relay" / "relay-certificate.pem").write_text("this is none")
    find_relay().kill()
    await until(lambda: house.state.link == "none", 30)
    assert "relay-certificate.pem" in house.state.words
    assert not house.state.has_relay
    assert find_relays() == []


def find_relay() -> psutil.Process:
    (relay,) = find_relays()
    return relay


def find_relays() -> list[psutil.Process]:
    """Other children may be there: decoders wait for the next room."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if {"server", "run"} <= {*child.cmdline()}:
                found.append(child)
    return found


async def test_guest_when_the_relay_was_away_then_is_back_by_itself(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def make(name: str) -> House:
        vault = Vault(tmp_path / name, uses_keyring=False)
        return House(tmp_path / name, random=lambda: 0.0, vault=vault, host="127.0.0.1", port=port)

    host, guest = make("a"), make("b")
    try:
        link = (await host.host()).invite_link
        await guest.join(link)
        await guest.register("Grace", "a long password")
        await host.leave()
        await until(lambda: guest.state.link == "waiting")
        assert guest.state.user is not None
        with pytest.raises(RelayUnreachable):
            await guest.request(commands.Ping(id=0), events.Pong)
        await host.host()
        await until(lambda: guest.state.is_connected, 15)
        assert guest.own_user_id()
    finally:
        await guest.stop()
        await host.stop()
