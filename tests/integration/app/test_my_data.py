"""Taking one's data along and erasing it, from the window's side, at the real relay."""

from __future__ import annotations

import json
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.errors import RelayRefused
from app.live import privacy
from app.live.house import House
from app.live.invite_link import parse_invite_link
from app.live.vault import Vault
from wire import chat_commands, chat_events, room_commands, room_events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from app.state.privacy import ExportProgress

Make = Callable[[str], House]


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


async def test_guest_when_registered_exported_and_erased_then_a_guest_with_nothing_left(
    make_house: Make, tmp_path: Path
) -> None:
    host = await make_house("host").host()
    guest = make_house("guest")
    await guest.join(host.invite_link)
    assert (await privacy.load_terms(guest)).messages_days == 365
    await guest.register("Ada of the canary", "a good long one")
    room_id = parse_invite_link(host.invite_link).room
    await guest.request(room_commands.JoinRoom(id=0, room_id=room_id), room_events.RoomJoined)  # type: ignore[arg-type]  # plain text here
    said = chat_commands.SendDanmaku(id=0, room_id=room_id, text="a canary")  # type: ignore[arg-type]  # plain text here
    await guest.request(said, chat_events.DanmakuAccepted)

    heard: list[ExportProgress] = []
    path = await privacy.save_export(guest, tmp_path / "mine.zip", heard.append)
    with zipfile.ZipFile(path) as archive:
        (row,) = json.loads(archive.read("messages.json"))
    assert row["text"] == "a canary"
    assert heard[-1].share == 1.0

    with pytest.raises(RelayRefused) as refused:
        await guest.erase_account("a wrong one")
    assert refused.value.code is ErrorCode.BAD_CREDENTIALS
    assert guest.state.user is not None
    await guest.erase_account("a good long one")
    assert (guest.state.user, guest.state.is_connected) == (None, True)
    with pytest.raises(RelayRefused):
        await guest.login("Ada of the canary", "a good long one")


async def test_host_when_it_erases_itself_then_the_house_is_left_and_opens_anew(
    make_house: Make,
) -> None:
    house = make_house("host")
    before = await house.host()
    assert before.user is not None
    await house.erase_account("")  # the password was made up here
    assert house.state.link == "none"
    after = await house.host()
    assert after.user is not None
    assert after.user.user_id != before.user.user_id
    assert after.home_room_id != before.home_room_id
