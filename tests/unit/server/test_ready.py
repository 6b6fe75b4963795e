"""What the relay says once it serves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.live.invite_link import parse_invite_link
from server import ready
from server.ready import Ready
from server.rooms.grants import EnsuredRoom
from server.settings import Settings
from wire.ids import RoomId

PIN = "ab" * 32
ROOM = EnsuredRoom(RoomId("gu2h2tzyxnmiw4zy"), "Great hall / 大厅", "key")


@pytest.fixture(autouse=True)
def _network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "find_own_host", lambda: "192.168.1.20")


def make(host: str, *, pin: str | None = PIN) -> Ready:
    return Ready("wss" if pin else "ws", host, 7788, pin, (ROOM,))


def test_invite_when_the_relay_listens_everywhere_then_by_the_networks_address() -> None:
    settings = Settings(data_dir=Path("data"), host="0.0.0.0")
    link = parse_invite_link(make("0.0.0.0").invite(settings, ROOM.room_id))
    assert (link.address.host, link.address.port, link.pin) == ("192.168.1.20", 7788, PIN)
    assert link.address.is_secure
    assert link.room == ROOM.room_id


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_invite_when_the_relay_is_for_this_machine_then_it_stays_here(host: str) -> None:
    link = parse_invite_link(make(host, pin=None).invite(Settings(data_dir=Path("data"))))
    assert (link.address.host, link.pin, link.room) == (host, None, "")
    assert not link.address.is_secure


def test_invite_when_the_certificate_is_an_authoritys_then_by_name_and_without_a_pin() -> None:
    settings = Settings(
        data_dir=Path("data"), certificate=Path("chain.pem"), allowed_hosts=("live.example.org",)
    )
    link = parse_invite_link(make("0.0.0.0").invite(settings))
    assert (link.address.host, link.pin, link.address.is_secure) == ("live.example.org", None, True)


def test_invite_when_the_machine_has_a_name_then_by_that_and_pinned() -> None:
    """In a container the machine's own address is nobody else's."""
    settings = Settings(data_dir=Path("data"), allowed_hosts=("hall.lan", "other.lan"))
    link = parse_invite_link(make("0.0.0.0").invite(settings))
    assert (link.address.host, link.pin) == ("hall.lan", PIN)


def test_ready_when_everywhere_then_its_own_machine_connects_to_loopback() -> None:
    settings = Settings(data_dir=Path("data"))
    told = json.loads(make("0.0.0.0").to_json(settings))
    assert told["url"] == "wss://127.0.0.1:7788"
    assert make("::").url == "wss://[::1]:7788"
    (room,) = told["rooms"]
    assert room["invite"].endswith(f"?pin={PIN}")


def test_words_when_there_are_no_rooms_then_a_link_to_the_house() -> None:
    one = Ready("ws", "127.0.0.1", 7788, None, ())
    assert (
        one.in_words(Settings(data_dir=Path("data"))).split()[-1] == "livehouse://127.0.0.1:7788/"
    )
