"""The room where a user goes live: found among one's own, or made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import RelayRefused
from wire import event_base, limits, room_commands, room_events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from app.live.sign_in import Request
    from wire.ids import RoomId


async def access_home_room(request: Request, user: event_base.UserInfo) -> RoomId:
    """The room named like the user, else the one that was made first (the user may have another
    name by now), else a new one. Raises LivehouseError."""
    names = (user.name, f"{user.name}-{user.user_id[-4:]}")
    command = room_commands.ListRooms(id=0, own_only=True, limit=limits.ROOM_LIST_MAX)
    own = (await request(command, room_events.RoomList)).rooms
    for room in own:
        if room.name in names:
            return room.room_id
    if own:
        return own[-1].room_id
    for name in names:
        try:
            made = await request(room_commands.CreateRoom(id=0, name=name), room_events.RoomDetails)
        except RelayRefused as refused:
            if refused.code is not ErrorCode.NAME_TAKEN:
                raise
        else:
            return made.room.room_id
    raise RelayRefused(ErrorCode.NAME_TAKEN, "the names for your room are taken")
