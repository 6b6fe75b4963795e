"""One simulated viewer's stay in one room: packets are counted and thrown away, lines are sent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.errors import RelayRefused
from app.net.control_client import open_control
from app.net.subscribe_client import SubscribeClient
from wire import commands, events

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from app.live.crowd_accounts import CrowdAccounts
    from app.net.address import RelayAddress
    from app.state.audience import Say
    from wire.ids import RoomId
    from wire.media_packet import MediaPacket

LINES_MAX: Final = 8
"""Lines that wait for the relay's answer to the one before; a further one is left unsaid."""


@dataclass(slots=True)
class Tally:
    """What the whole audience did."""

    packets: int = 0
    bytes: int = 0
    said: int = 0
    unsaid: int = 0
    """Lines that the relay refused, or that were too many."""


class CrowdVisit:
    """Made, run and left on one asyncio loop. `run` may be called again after a lost link."""

    def __init__(
        self,
        address: RelayAddress,
        room_id: RoomId,
        *,
        name: str,
        takes_picture: bool,
        accounts: CrowdAccounts,
        tally: Tally,
    ) -> None:
        """Without a name: a guest."""
        self._address = address
        self._room_id = room_id
        self._name = name
        self._takes_picture = takes_picture
        self._accounts = accounts
        self._tally = tally
        self._lines: asyncio.Queue[Say] = asyncio.Queue(maxsize=LINES_MAX)
        self.leaving = asyncio.Event()
        self.is_watching = False

    def say(self, line: Say) -> None:
        try:
            self._lines.put_nowait(line)
        except asyncio.QueueFull:
            self._tally.unsaid += 1

    def leave(self) -> None:
        self.leaving.set()

    async def run(self) -> None:
        """Until `leave`. Raises RelayRefused or RelayUnreachable."""
        loop = asyncio.get_running_loop()
        works: list[Coroutine[Any, Any, object]] = [self._watch(), self.leaving.wait()]
        if self._name:
            works.append(self._chat())
        tasks = [loop.create_task(work) for work in works]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.is_watching = False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _watch(self) -> None:
        client = SubscribeClient(
            self._address,
            on_packet=self._take_packet,
            on_event=lambda _event: None,
            make_report=commands.Report,
        )
        client.audio_only = not self._takes_picture
        await client.run_session(room_id=self._room_id, on_subscribed=self._on_subscribed)

    def _on_subscribed(self) -> None:
        self.is_watching = True

    def _take_packet(self, packet: MediaPacket, _arrived_us: int) -> None:
        self._tally.packets += 1
        self._tally.bytes += len(packet.payload)

    async def _chat(self) -> None:
        async with open_control(self._address) as control:
            await self._accounts.sign_in(control, self._name)
            join = commands.JoinRoom(id=control.next_id(), room_id=self._room_id)
            await control.request(join, events.RoomJoined)
            while True:
                line = await self._lines.get()
                command = commands.SendDanmaku(
                    id=control.next_id(),
                    room_id=self._room_id,
                    text=line.text,
                    mode=line.mode,
                    color=line.color,
                )
                try:
                    await control.request(command, events.DanmakuAccepted)
                except RelayRefused as refused:
                    if refused.retry_after_ms is None:
                        raise
                    self._tally.unsaid += 1
                    continue
                self._tally.said += 1
