"""Keys of private rooms: found, offered, kept, and made once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TypeVar

import pytest

from app.errors import RelayRefused
from app.live.room_doors import RoomDoors
from app.live.vault import RoomKey, Vault
from wire import command_base, event_base, events, room_commands, room_events
from wire.errors import ErrorCode
from wire.ids import InviteId, RoomId

_Answer = TypeVar("_Answer", bound=event_base.Answer)
HALL = RoomId("hall")


class Relay:
    """Counts the invites that it makes."""

    def __init__(self) -> None:
        self.asked: list[command_base.Command] = []
        self.is_owner = True

    async def __call__(self, command: command_base.Command, answer: type[_Answer]) -> _Answer:
        self.asked.append(command)
        await asyncio.sleep(0)
        if not self.is_owner:
            raise RelayRefused(ErrorCode.FORBIDDEN, "no")
        made = sum(isinstance(one, room_commands.CreateInvite) for one in self.asked)
        reply: event_base.Answer = events.Ok()
        if isinstance(command, room_commands.CreateInvite):
            reply = room_events.InviteCreated(
                invite_id=InviteId(f"i{made}"), invite=f"secret {made}"
            )
        assert isinstance(reply, answer)
        return reply


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path, uses_keyring=False)


async def test_invite_when_asked_for_twice_at_once_and_after_a_restart_then_made_once(
    vault: Vault,
) -> None:
    relay = Relay()
    doors = RoomDoors(relay, vault, "relay")
    invites = await asyncio.gather(*(doors.access_invite(HALL, is_new=False) for _ in range(2)))
    again = await RoomDoors(relay, vault, "relay").access_invite(HALL, is_new=False)
    assert {*invites, again} == {"secret 1"}
    assert len(relay.asked) == 1
    assert isinstance(relay.asked[0], room_commands.CreateInvite)
    assert relay.asked[0].label


async def test_invite_when_a_new_one_is_wanted_then_the_old_one_is_revoked(vault: Vault) -> None:
    relay = Relay()
    doors = RoomDoors(relay, vault, "relay")
    await doors.access_invite(HALL, is_new=False)
    assert await doors.access_invite(HALL, is_new=True) == "secret 2"
    revoked = relay.asked[-1]
    assert isinstance(revoked, room_commands.RevokeInvite)
    assert revoked.invite_id == "i1"


async def test_invite_when_it_was_given_to_us_then_is_not_passed_on_as_ours(vault: Vault) -> None:
    relay = Relay()
    relay.is_owner = False
    doors = RoomDoors(relay, vault, "relay")
    await doors.offer(HALL, "from a friend")
    with pytest.raises(RelayRefused):
        await doors.access_invite(HALL, is_new=False)
    assert (await doors.find(HALL)).invite == "from a friend"


async def test_key_when_offered_then_rests_in_the_vault_only_once_the_room_has_opened(
    vault: Vault,
) -> None:
    doors = RoomDoors(Relay(), vault, "relay")
    await doors.offer(HALL, "from a friend")
    assert vault.find_room_key("relay", HALL) is None
    await doors.keep(HALL, "")
    await doors.keep(HALL, "sesame")
    key = RoomKey(invite="from a friend", passphrase="sesame")
    assert vault.find_room_key("relay", HALL) == key
    assert await RoomDoors(Relay(), vault, "another").find(HALL) == RoomKey()
    assert repr(key) == "RoomKey(***)"
