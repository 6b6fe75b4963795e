"""A recording at the relay as something to cut from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from app.media.clipping.fragmented import open_from
from app.net.address import parse_relay_address
from app.net.ranged_source import RangedSource
from wire import command_base, event_base, replay_commands, replay_events

if TYPE_CHECKING:
    from app.media.clipping.recording import RecordingFile, Source
    from wire.ids import ReplayId

_Answer = TypeVar("_Answer", bound=event_base.Answer)


class Control(Protocol):
    """A House, or the command line's link."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...

    def relay_settings(self) -> tuple[str, str | None]:
        """Its address, and its certificate's fingerprint where it is pinned."""


async def access_source(control: Control, replay_id: ReplayId) -> Source:
    """With a ticket of its own, which outlives any export. Raises LivehouseError."""
    command = replay_commands.OpenReplay(id=0, replay_id=replay_id)
    opened = await control.request(command, replay_events.ReplayOpened)
    url, pin = control.relay_settings()
    address = parse_relay_address(url, pin=pin)

    def open_at(from_ms: int) -> RecordingFile:
        return open_from(RangedSource(address, opened.path, opened.ticket), from_ms)

    return open_at
