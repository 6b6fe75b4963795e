"""The secrets of one relay's private rooms: those that open them, and those given to others."""

from __future__ import annotations

import asyncio
import contextlib
import platform
from typing import TYPE_CHECKING, Final

import msgspec

from app.errors import RelayRefused
from app.live.vault import RoomKey, Vault
from wire import event_base, events, limits, room_commands, room_events
from wire.ids import InviteId, RoomId

if TYPE_CHECKING:
    from app.live.sign_in import Request

_NO_KEY: Final = RoomKey()


class RoomDoors:
    """On the loop. What is found in the vault is read once."""

    def __init__(self, request: Request, vault: Vault, relay: str) -> None:
        self._request = request
        self._vault = vault
        self._relay = relay
        self._keys: dict[str, RoomKey] = {}
        self._making = asyncio.Lock()
        """Two clicks on Share are one invite."""

    async def find(self, room_id: str) -> RoomKey:
        """An empty one where there is none."""
        if room_id not in self._keys:
            found = await asyncio.to_thread(self._vault.find_room_key, self._relay, room_id)
            self._keys.setdefault(room_id, found or _NO_KEY)
        return self._keys[room_id]

    async def offer(self, room_id: str, invite: str) -> None:
        """An invite that somebody gave; `keep` says that it opened the room."""
        known = await self.find(room_id)
        self._keys[room_id] = msgspec.structs.replace(known, invite=invite, invite_id="")

    async def keep(self, room_id: str, passphrase: str) -> None:
        """The room has opened, with what was offered or with this passphrase."""
        key = await self.find(room_id)
        if passphrase:
            key = self._keys[room_id] = msgspec.structs.replace(key, passphrase=passphrase)
        if key != _NO_KEY:
            await asyncio.to_thread(self._vault.save_room_key, self._relay, room_id, key)

    async def look_inside(self, room_id: str) -> event_base.RoomInfo:
        """The room as its members see it, where the key fits. Raises LivehouseError."""
        key = await self.find(room_id)
        command = room_commands.GetRoom(
            id=0, room=room_id, invite=key.invite, passphrase=key.passphrase
        )
        return (await self._request(command, room_events.RoomDetails)).room

    async def find_open(self, room_ids: tuple[str, ...]) -> tuple[event_base.RoomInfo, ...]:
        """Those of the rooms that would open now. Raises RelayUnreachable."""
        found = []
        for room_id in room_ids:
            with contextlib.suppress(RelayRefused):
                found.append(await self.look_inside(room_id))
        return tuple(found)

    async def access_invite(self, room_id: RoomId, *, is_new: bool) -> str:
        """The invite of one's own room that was made here before, else a new one.

        `is_new` revokes the one before: links with it open no more. Raises LivehouseError.
        """
        async with self._making:
            known = await self.find(room_id)
            if known.invite_id and not is_new:
                return known.invite
            command = room_commands.CreateInvite(id=0, room_id=room_id, label=_label())
            made = await self._request(command, room_events.InviteCreated)
            key = msgspec.structs.replace(known, invite=made.invite, invite_id=made.invite_id)
            self._keys[room_id] = key
            await asyncio.to_thread(self._vault.save_room_key, self._relay, room_id, key)
            if known.invite_id:
                revoke = room_commands.RevokeInvite(
                    id=0, room_id=room_id, invite_id=InviteId(known.invite_id)
                )
                await self._request(revoke, events.Ok)
            return made.invite


def _label() -> str:
    """For the owner's list of invites."""
    device = "".join(c for c in platform.node() if c.isalnum() or c in "-_.")
    return f"Invite link made on {device}"[: limits.LABEL_CHARACTERS_MAX].strip()
