"""What stands against the one who looks, read from the relay when there is news of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.errors import LivehouseError
from app.state.keeping import OwnSanctionsRead, read_own_sanction
from wire import command_base, event_base, order_commands, order_events

if TYPE_CHECKING:
    from wire.ids import RoomId

_Answer = TypeVar("_Answer", bound=event_base.Answer)


class Control(Protocol):
    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


async def read_own_sanctions(
    control: Control,
    room_id: RoomId,
    *,
    now_mono_ms: Callable[[], int],
    apply: Callable[[OwnSanctionsRead], None],
) -> None:
    """Those of this room and of the whole house. Where nobody answers all stays as it was."""
    try:
        listed = await control.request(order_commands.MySanctions(id=0), order_events.SanctionList)
    except LivehouseError:
        return
    now_ms = now_mono_ms()
    found = (
        read_own_sanction(info, now_ms)
        for info in listed.sanctions
        if info.room_id in {None, room_id}
    )
    apply(OwnSanctionsRead(tuple(one for one in found if one is not None)))
