"""Pictures of rooms' own emotes: asked of the relay one after the other, the newest kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.errors import BadInput
from wire import command_base, event_base
from wire.emotes import find_fault, make_emote_id
from wire.emotes_commands import GetEmote
from wire.emotes_events import EmotePicture

if TYPE_CHECKING:
    from wire.ids import RoomId

_Answer = TypeVar("_Answer", bound=event_base.Answer)

KEPT_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of pictures as they came: whoever comes back to a room has them at once."""


class Control(Protocol):
    """What this needs of the house."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


class EmotePictures:
    """Made on any thread; used on the loop."""

    def __init__(self, control: Control, *, kept_bytes_max: int = KEPT_BYTES_MAX) -> None:
        self._control = control
        self._kept_bytes_max = kept_bytes_max
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        """What was asked for last is at the end."""
        self._kept_bytes = 0
        self._asking = asyncio.Lock()

    async def fetch(self, room_id: RoomId, emote_id: str) -> bytes:
        """A PNG that is small and the one that the id names. Raises LivehouseError."""
        async with self._asking:
            picture = self._kept.get(emote_id)
            if picture is None:
                command = GetEmote(id=0, room_id=room_id, emote_id=emote_id)
                picture = (await self._control.request(command, EmotePicture)).picture
                fault = find_fault(picture)
                if fault is not None or make_emote_id(picture) != emote_id:
                    raise BadInput(fault or "the relay sent another picture")
                self._keep(emote_id, picture)
            self._kept.move_to_end(emote_id)
        return picture

    def _keep(self, emote_id: str, picture: bytes) -> None:
        self._kept[emote_id] = picture
        self._kept_bytes += len(picture)
        while self._kept_bytes > self._kept_bytes_max and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest)
