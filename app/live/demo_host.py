"""What a demo streamer does beside streaming: a poll, then a lucky draw, then a rest."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from app.errors import LivehouseError
from app.live import keeping
from app.net.control_client import open_control
from wire import room_commands, room_events, round_commands

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from app.live.crowd_accounts import CrowdAccounts
    from app.net.address import RelayAddress
    from app.state.demo_programme import DemoRoom, DemoRound
    from wire.ids import RoomId

ROUND_S: Final = 75
PAUSE_S: Final = 20.0


class DemoHost:
    """On one asyncio loop. Nothing that fails here ends the demo: the next round comes anyway."""

    def __init__(
        self,
        address: RelayAddress,
        room: DemoRoom,
        room_id: RoomId,
        accounts: CrowdAccounts,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._address = address
        self._room = room
        self._room_id = room_id
        self._accounts = accounts
        self._sleep = sleep

    async def run(self, *, first_wait_s: float) -> None:
        """Until cancelled."""
        await self._sleep(first_wait_s)
        number = 0
        while True:
            one = self._room.rounds[number % len(self._room.rounds)]
            number += 1
            await self._open(
                round_commands.OpenPoll(
                    id=0,
                    room_id=self._room_id,
                    question=one.question,
                    choices=one.choices,
                    seconds=ROUND_S,
                ),
            )
            await self._sleep(ROUND_S + PAUSE_S)
            await self._open(self._make_draw(one))
            await self._sleep(ROUND_S + PAUSE_S)

    def _make_draw(self, one: DemoRound) -> round_commands.OpenDraw:
        return round_commands.OpenDraw(
            id=0, room_id=self._room_id, prize=one.prize, winners=one.winners, seconds=ROUND_S
        )

    async def _open(self, command: round_commands.OpenPoll | round_commands.OpenDraw) -> None:
        with contextlib.suppress(LivehouseError):
            async with open_control(self._address) as control:
                await self._accounts.sign_in(control, self._room.owner)
                join = room_commands.JoinRoom(id=control.next_id(), room_id=self._room_id)
                await control.request(join, room_events.RoomJoined)
                await keeping.ask(control, command)
