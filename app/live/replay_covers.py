"""Pictures of recordings, each fetched once with a ticket of its own."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.errors import LivehouseError
from app.net.address import parse_relay_address
from app.net.thumbnails import fetch_picture
from wire import command_base, event_base
from wire.replay_commands import OpenReplay
from wire.replay_events import ReplayOpened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wire.ids import ReplayId
    from wire.replay_events import ReplayInfo

_Answer = TypeVar("_Answer", bound=event_base.Answer)

COVERS_AT_ONCE: Final = 4
KEPT_MAX: Final = 200


class Control(Protocol):
    """What this needs of the relay's control link."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...

    def relay_settings(self) -> tuple[str, str | None]: ...


class ReplayCovers:
    """On the loop, where `on_cover` is called with a recording's id and a JPEG."""

    def __init__(self, control: Control, on_cover: Callable[[str, bytes], None]) -> None:
        self._control = control
        self._on_cover = on_cover
        self._known: OrderedDict[str, bytes] = OrderedDict()
        """The list may drop a card and show it again: after a search, or when it is read anew."""
        self._coming: set[ReplayId] = set()

    def forget(self) -> None:
        self._known.clear()

    async def fetch(self, replays: Iterable[ReplayInfo]) -> None:
        """Of those that are whole. A card can do without: failures say nothing."""
        try:
            url, pin = self._control.relay_settings()
        except LivehouseError:
            return
        address = parse_relay_address(url, pin=pin)
        room = asyncio.Semaphore(COVERS_AT_ONCE)

        async def fetch(replay_id: ReplayId) -> None:
            async with room:
                try:
                    command = OpenReplay(id=0, replay_id=replay_id)
                    ticket = (await self._control.request(command, ReplayOpened)).ticket
                except LivehouseError:
                    return
                jpeg = await fetch_picture(address, "replays", replay_id, ticket=ticket)
            if jpeg is not None:
                self._known[replay_id] = jpeg
                while len(self._known) > KEPT_MAX:
                    self._known.popitem(last=False)
                self._on_cover(replay_id, jpeg)

        wanted: list[ReplayId] = []
        for one in replays:
            known = self._known.get(one.replay_id)
            if known is not None:
                self._on_cover(one.replay_id, known)
            elif one.state == "ready" and one.replay_id not in self._coming:
                wanted.append(one.replay_id)
        self._coming.update(wanted)
        try:
            await asyncio.gather(*(fetch(one) for one in wanted))
        finally:
            self._coming.difference_update(wanted)
