"""From what the user typed to a room's id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import RelayRefused
from app.net.control_client import open_control
from wire import limits, room_commands, room_events
from wire.errors import ErrorCode
from wire.ids import RoomId

if TYPE_CHECKING:
    from app.net.address import RelayAddress


async def find_room(address: RelayAddress, text: str) -> RoomId:
    """The id of the room of this id or name. Raises RelayRefused when there is none."""
    async with open_control(address) as control:
        command = room_commands.GetRoom(id=control.next_id(), room=text)
        try:
            details = await control.request(command, room_events.RoomDetails)
        except RelayRefused as refused:
            if refused.code is ErrorCode.NOT_FOUND:
                raise RelayRefused(refused.code, f"no room {text!r} on {address.url}") from None
            if refused.code is ErrorCode.LOGIN_REQUIRED:
                words = f"the room {text!r} is private: give its invite or its passphrase"
                raise RelayRefused(refused.code, words) from None
            raise
        return details.room.room_id


async def find_way_in(
    address: RelayAddress, text: str, *, passphrase: str, invite: str
) -> tuple[RoomId, str]:
    """The id of a room and a ticket to watch it, without an account. Raises RelayRefused."""
    async with open_control(address) as control:
        look = room_commands.GetRoom(
            id=control.next_id(), room=text, passphrase=passphrase, invite=invite
        )
        room = (await control.request(look, room_events.RoomDetails)).room
        if room.privacy == "public":
            return room.room_id, ""
        enter = room_commands.JoinRoom(
            id=control.next_id(), room_id=room.room_id, passphrase=passphrase, invite=invite
        )
        await control.request(enter, room_events.RoomJoined)
        ask = room_commands.RequestSubscribeTicket(id=control.next_id(), room_id=room.room_id)
        return room.room_id, (await control.request(ask, room_events.TicketIssued)).ticket


async def find_room_for_publishing(address: RelayAddress, text: str) -> RoomId:
    """As `find_room`; a room that a guest may not see is taken to be named by its id.

    Whether it exists is then told by the publish socket, to those who hold its key.
    """
    try:
        return await find_room(address, text)
    except RelayRefused as refused:
        if refused.retry_after_ms is not None or len(text) > limits.ID_CHARACTERS_MAX:
            raise
        return RoomId(text)
