"""A file's danmaku said in a room of a real relay."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.danmaku.lanes import Mode
from app.danmaku.saying import Saying
from app.errors import RelayRefused
from app.live.house import House
from app.live.rehearsal import Rehearsal
from app.live.vault import Vault
from app.net.address import parse_relay_address
from app.net.control_client import open_control
from app.settings import parse_rehearsal
from wire import event_base, events, room_commands, room_events

SAYINGS = (
    Saying(0, "first", Mode.TOP, 0xFF0000, 36 / 25, author="a"),
    Saying(300, "second", author="b"),
    Saying(600, "third", Mode.BOTTOM, author="c"),
)


@pytest.mark.asyncio
async def test_file_when_rehearsed_then_the_room_hears_it_as_it_was_said(tmp_path: Path) -> None:
    house = House(tmp_path / "house", random=lambda: 0.0, host="127.0.0.1", port=0)
    await house.host()
    heard: list[event_base.DanmakuPosted] = []
    all_heard = asyncio.Event()

    def hear(event: events.RoomEvent) -> None:
        if isinstance(event, event_base.DanmakuPosted):
            heard.append(event)
            if len(heard) == len(SAYINGS):
                all_heard.set()

    try:
        url, pin = house.relay_settings()
        room = await house.access_home_room()
        address = parse_relay_address(url, pin=pin)
        async with open_control(address, on_event=hear) as control:
            join = room_commands.JoinRoom(id=control.next_id(), room_id=room)
            await control.request(join, room_events.RoomJoined)
            settings = parse_rehearsal(relay=url, room=str(room), people=2, speed=20.0, pin=pin)
            vault = Vault(tmp_path / "people", uses_keyring=False)
            rehearsal = Rehearsal(settings, SAYINGS, vault=vault)
            await rehearsal.run()
            async with asyncio.timeout(30):
                await all_heard.wait()
        assert rehearsal.statistics() == {"lines": 3, "said": 3, "refused": 0}
        said = {one.text: (one.mode, one.color, one.size) for one in heard}
        assert said == {
            "first": (5, 0xFF0000, "large"),
            "second": (1, 0xFFFFFF, "normal"),
            "third": (4, 0xFFFFFF, "normal"),
        }
        assert {one.name for one in heard} == {"Rehearsal 1", "Rehearsal 2"}
        nowhere = parse_rehearsal(relay=url, room="nowhere", people=1, speed=1.0, pin=pin)
        with pytest.raises(RelayRefused, match="no room"):
            await Rehearsal(nowhere, SAYINGS, vault=vault).run()
    finally:
        await house.stop()
