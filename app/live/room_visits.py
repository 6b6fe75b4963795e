"""Goes from room to room for the Room page: one session at a time, each ended before the next."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import logging
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.live.room_session import RoomSession, RoomSinks
from app.live.sweeping import sweep_later
from app.state.room import Closed, DelayChosen, QualityChosen, RoomState, SoundChosen

if TYPE_CHECKING:
    from app.live.house import House
    from wire.command_base import Command, DanmakuMode, DanmakuSize
    from wire.ids import DrawId, PollId, RoomId
    from wire.media_commands import LayerChoice

MODES: Final[tuple[DanmakuMode, ...]] = (1, 4, 5, 6)
_log: Final = logging.getLogger(__name__)


class RoomVisits:
    """Made on any thread; every method is called on the loop."""

    def __init__(
        self, house: House, sinks: RoomSinks, *, collect: Callable[[], object] = gc.collect
    ) -> None:
        """`collect` is called some time after each visit: see sweeping."""
        self._house = house
        self._collect = collect
        self._sinks = sinks
        self._wanted: tuple[RoomId, str] | None = None
        self._session: RoomSession | None = None
        self._task: asyncio.Task[None] | None = None
        self._user_id = ""
        self._url = ""
        self._last = RoomState()
        self._output_device = ""
        self._turn = 0
        """How often a room was opened or closed."""

    def open(self, room_id: RoomId, passphrase: str = "") -> None:
        """Leave the room before and enter this one."""
        self._turn += 1
        self._wanted = (room_id, passphrase)
        if self._session is not None:
            self._session.stop()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def close(self) -> None:
        """Leave."""
        self._turn += 1
        self._wanted = None
        if self._session is not None:
            self._session.stop()

    def begin_with(self, volume: float, delay_ms: int, *, is_muted: bool, saves_data: bool) -> None:
        """How the first room begins; later ones go on as the one before."""
        for change in (
            SoundChosen(volume, is_muted),
            DelayChosen(delay_ms),
            QualityChosen("auto", audio_only=False, saves_data=saves_data),
        ):
            self._last = self._last.apply(change)
        self._sinks.on_state(self._last)

    def choose_output(self, device: str) -> None:
        """For the room that is open and for all later ones."""
        self._output_device = device
        if self._session is not None:
            self._session.choose_output(device)

    def ask(self, action: Callable[[RoomSession], None]) -> None:
        """Do something in the room, where one is open."""
        if self._session is not None:
            action(self._session)

    async def send(
        self, text: str, mode: int, color: int, size: DanmakuSize, reply_to: str = ""
    ) -> str:
        """The message's id; empty where it was refused."""
        known = next((one for one in MODES if one == mode), MODES[0])
        if self._session is None:
            return ""
        return await self._session.send(text, mode=known, color=color, size=size, reply_to=reply_to)

    async def vote(self, poll_id: PollId, choice: int) -> None:
        """Raises LivehouseError."""
        if self._session is not None:
            await self._session.rounds.vote(poll_id, choice)

    async def enter_draw(self, draw_id: DrawId) -> None:
        """Raises LivehouseError."""
        if self._session is not None:
            await self._session.rounds.enter(draw_id)

    async def lead(self, command: Command) -> None:
        """Raises LivehouseError."""
        if self._session is not None:
            await self._session.lead(command)

    async def choose_quality(self, layer: LayerChoice, audio_only: bool, saves_data: bool) -> None:  # noqa: FBT001 # called across threads
        if self._session is not None:
            await self._session.choose_quality(layer, audio_only=audio_only, saves_data=saves_data)

    async def fetch_cover(self, broadcast_id: str) -> bytes:
        """Of the room that is open. Raises LivehouseError."""
        return b"" if self._session is None else await self._session.fetch_cover(broadcast_id)

    async def _run(self) -> None:
        while self._wanted is not None:
            room_id, passphrase = self._wanted
            self._wanted = None
            try:
                await self._visit(room_id, passphrase)
            except Exception:  # noqa: BLE001 # the page must not stay as it was, nor the next room shut
                _log.exception("a room's session failed")
            sweep_later(asyncio.get_running_loop(), self._collect)
        self._last = self._last.apply(Closed())
        self._sinks.on_state(self._last)

    async def _visit(self, room_id: RoomId, passphrase: str) -> None:
        turn = self._turn
        key = await self._house.find_room_key(room_id)
        if turn != self._turn:
            return
        has_entered = False

        def on_state(state: RoomState) -> None:
            nonlocal has_entered
            if not has_entered and state.phase == "joined" and state.room is not None:
                has_entered = True
                self._house.note_entered(state.room, passphrase)
            self._sinks.on_state(state)

        session = RoomSession(
            self._house,
            room_id,
            begin=self._last,
            sinks=dataclasses.replace(self._sinks, on_state=on_state),
            random=random.random,
            unix_us=lambda: time.time_ns() // 1000,
            passphrase=passphrase or key.passphrase,
            invite=key.invite,
            output_device=self._output_device,
        )
        self._session = session
        self._user_id = self._house.own_user_id()
        self._url = self._house.state.url
        drops = (
            self._house.add_room_listener(room_id, session.on_room_event),
            self._house.add_link_listener(lambda is_up: session.on_control_link(is_up=is_up)),
            self._house.add_state_listener(lambda _state: self._on_house()),
        )
        try:
            await session.run()
        finally:
            self._last = session.state
            self._session = None
            for drop in drops:
                drop()

    def _on_house(self) -> None:
        """Another relay ends the visit; who signs in or out has another role and joins again."""
        if self._house.state.url != self._url:
            self.close()
            return
        user_id = self._house.own_user_id()
        if user_id != self._user_id:
            self._user_id = user_id
            if self._session is not None:
                self._session.on_control_link(is_up=True)
