"""Taps of the heart on their way to the relay: gathered, one command in half a second."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.errors import LivehouseError
from wire import chat_commands, command_base, event_base, events
from wire.limits import LIKES_BATCH_MAX

if TYPE_CHECKING:
    from wire.ids import RoomId

_Answer = TypeVar("_Answer", bound=event_base.Answer)

GATHER_S: Final = 0.5


class Control(Protocol):
    """What likes need of the relay's control link."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


class LikeSender:
    """On one asyncio loop. A tap that the relay does not take is lost: it was only a tap."""

    def __init__(self, control: Control, room_id: RoomId, *, gather_s: float = GATHER_S) -> None:
        self._control = control
        self._room_id = room_id
        self._gather_s = gather_s
        self._taps = 0
        self._sending: asyncio.Task[None] | None = None

    def tap(self) -> None:
        self._taps = min(LIKES_BATCH_MAX, self._taps + 1)
        if self._sending is None:
            self._sending = asyncio.get_running_loop().create_task(self._send())

    def stop(self) -> None:
        """What was not sent is forgotten."""
        if self._sending is not None:
            self._sending.cancel()

    async def _send(self) -> None:
        """Until the hand rests."""
        try:
            while self._taps:
                await asyncio.sleep(self._gather_s)
                command = chat_commands.SendLikes(id=0, room_id=self._room_id, count=self._taps)
                self._taps = 0
                try:
                    await self._control.request(command, events.Ok)
                except LivehouseError:
                    self._taps = 0
        finally:
            self._sending = None
