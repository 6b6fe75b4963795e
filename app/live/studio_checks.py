"""The pre-flight list: what is proven before "Go live"."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from app.errors import LivehouseError
from app.media.encode.probing import list_candidates
from app.media.errors import MediaError
from app.state.studio_events import Checked, CheckState
from app.state.studio_sound import find_sound_faults, is_heard
from wire import command_base, commands, event_base, events

if TYPE_CHECKING:
    from app.state.studio import StudioState

_Answer = TypeVar("_Answer", bound=event_base.Answer)


class Control(Protocol):
    """What the checks need of the house."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


UPLINK_TIMEOUT_S: Final = 3.0


async def run_checks(control: Control, state: StudioState) -> Checked:
    """`picture`, `sound`, `encoder` and `uplink`, in this order. A microphone that was unplugged
    fails the sound also where something else is heard; one that is muted may be so on purpose."""
    picture = any(item.is_visible and item.signal == "running" for item in state.items)
    faults = find_sound_faults(state.channels, is_held=state.is_held)
    sound = is_heard(state.channels) and all(fault.kind != "unplugged" for fault in faults)
    encoder = await asyncio.to_thread(_has_encoder)
    uplink = await _answers(control)
    found = {"picture": picture, "sound": sound, "encoder": encoder, "uplink": uplink}
    checks: list[tuple[str, CheckState]] = [
        (name, "ok" if works else "bad") for name, works in found.items()
    ]
    return Checked(tuple(checks), faults)


def _has_encoder() -> bool:
    try:
        return bool(list_candidates("h264", "auto"))
    except MediaError:
        return False


async def _answers(control: Control) -> bool:
    try:
        async with asyncio.timeout(UPLINK_TIMEOUT_S):
            await control.request(commands.Ping(id=0), events.Pong)
    except (LivehouseError, TimeoutError):
        return False
    return True
