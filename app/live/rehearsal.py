"""Danmaku of a file said in a room at their moments: how an evening's chat would look and sound.

The authors of the file are played by a few simulated viewers; each says one thing after the other.
What the relay refuses (too fast, a blocked word) is counted and not said again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

from app.danmaku.lanes import SCALES
from app.errors import RelayRefused
from app.live.crowd_accounts import CrowdAccounts
from app.live.room_finding import find_room
from app.net.address import parse_relay_address
from app.net.control_client import open_control
from wire import (
    chat_commands,
    chat_events,
    command_base,
    limits,
    room_commands,
    room_events,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.danmaku.saying import Saying
    from app.live.vault import Vault
    from app.net.address import RelayAddress
    from app.net.control_client import ControlClient
    from app.settings import RehearsalSettings
    from wire.command_base import DanmakuSize
    from wire.ids import RoomId

WAITING_MAX: Final = 50
"""Of one person; the oldest is not said."""
NAMES: Final = "Rehearsal {0}"


class Rehearsal:
    """Made, run and stopped on one asyncio loop."""

    def __init__(
        self, settings: RehearsalSettings, sayings: Sequence[Saying], *, vault: Vault
    ) -> None:
        """`sayings` in order of time."""
        self._settings = settings
        self._sayings = sayings
        self._address = parse_relay_address(settings.relay, pin=settings.pin)
        self._accounts = CrowdAccounts(vault, self._address.url)
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._said = self._unsaid = 0
        self._reason = ""

    async def run(self) -> None:
        """Until all is said or `stop`. Raises where the relay or the room is not."""
        room_id = await find_room(self._address, self._settings.room)
        people = [
            _Person(self._address, room_id, self._accounts, NAMES.format(number))
            for number in range(1, self._settings.people + 1)
        ]
        stop = self._loop.create_task(self._stopping.wait())
        play = self._loop.create_task(self._play(people))
        try:
            await asyncio.wait({stop, play}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()
            play.cancel()
            outcomes = await asyncio.gather(stop, play, return_exceptions=True)
        failure = outcomes[1]
        if isinstance(failure, Exception):
            raise failure

    def stop(self) -> None:
        """On the loop."""
        self._stopping.set()

    def line(self) -> str:
        """One line of how it goes."""
        why = f" ({self._reason})" if self._reason else ""
        return f"said {self._said} of {len(self._sayings)}, refused {self._unsaid}{why}"

    def statistics(self) -> dict[str, object]:
        return {"lines": len(self._sayings), "said": self._said, "refused": self._unsaid}

    async def _play(self, people: Sequence[_Person]) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for person in people:
                    group.create_task(self._take_part(person))
                for person in people:
                    await person.is_in.wait()
                await self._give_out(people)
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def _give_out(self, people: Sequence[_Person]) -> None:
        parts: dict[str, int] = {}
        """Who plays which author: the first to speak is the first person."""
        began_s = self._loop.time()
        for saying in self._sayings:
            due_s = began_s + saying.at_ms / 1000 / self._settings.speed
            await asyncio.sleep(max(0.0, due_s - self._loop.time()))
            part = parts.setdefault(saying.author, len(parts) % len(people))
            if not people[part].say(saying):
                self._unsaid += 1
        for person in people:
            person.end()

    async def _take_part(self, person: _Person) -> None:
        async with open_control(self._address) as control:
            await person.enter(control)
            while (saying := await person.next()) is not None:
                try:
                    await person.send(control, saying)
                except RelayRefused as refused:
                    self._unsaid += 1
                    self._reason = refused.message
                else:
                    self._said += 1


class _Person:
    """One simulated viewer, who says one thing after the other."""

    def __init__(
        self, address: RelayAddress, room_id: RoomId, accounts: CrowdAccounts, name: str
    ) -> None:
        self._address = address
        self._room_id = room_id
        self._accounts = accounts
        self._name = name
        self._waiting: deque[Saying | None] = deque()
        self._changed = asyncio.Event()
        self.is_in = asyncio.Event()

    async def enter(self, control: ControlClient) -> None:
        await self._accounts.sign_in(control, self._name)
        join = room_commands.JoinRoom(id=control.next_id(), room_id=self._room_id)
        await control.request(join, room_events.RoomJoined)
        self.is_in.set()

    def say(self, saying: Saying) -> bool:
        """False where another text is given up for it."""
        self._waiting.append(saying)
        self._changed.set()
        if len(self._waiting) <= WAITING_MAX:
            return True
        self._waiting.popleft()
        return False

    def end(self) -> None:
        """Once all is said."""
        self._waiting.append(None)
        self._changed.set()

    async def next(self) -> Saying | None:
        """None after the last."""
        while not self._waiting:
            self._changed.clear()
            await self._changed.wait()
        return self._waiting.popleft()

    async def send(self, control: ControlClient, saying: Saying) -> None:
        command = chat_commands.SendDanmaku(
            id=control.next_id(),
            room_id=self._room_id,
            text=saying.text[: limits.DANMAKU_CHARACTERS_MAX],
            mode=_MODES[int(saying.mode)],
            color=saying.color,
            size=_find_size(saying.scale),
        )
        await control.request(command, chat_events.DanmakuAccepted)


_MODES: Final[dict[int, command_base.DanmakuMode]] = {1: 1, 4: 4, 5: 5, 6: 6}
_SIZES: Final[tuple[DanmakuSize, ...]] = ("small", "normal", "large")


def _find_size(scale: float) -> DanmakuSize:
    """The nearest that the wire has."""
    return min(_SIZES, key=lambda size: abs(SCALES[size] - scale))
