"""What an admin asks of the book of acts and of sanctions. All raise LivehouseError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from wire import command_base, event_base
from wire.order_commands import ImposeSanction, LiftSanction, ListActs, ListSanctions, UndoAct
from wire.order_events import ActDetails, ActList, SanctionDetails, SanctionList

if TYPE_CHECKING:
    from wire.ids import ActId, RoomId, SanctionId, UserId
    from wire.order_commands import SanctionKind, SanctionScope
    from wire.order_events import ActInfo

_Answer = TypeVar("_Answer", bound=event_base.Answer)

PAGE: Final = 50
EXPORT_MAX: Final = 5_000
"""Lines of one export: what a person reads, and a bound for the relay."""


class Control(Protocol):
    """What this needs of the house."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


async def list_acts(
    control: Control, *, action: str = "", since_unix_ms: int | None = None, cursor: str = ""
) -> ActList:
    """Of the whole house, newest first."""
    command = ListActs(id=0, action=action, since_unix_ms=since_unix_ms, cursor=cursor, limit=PAGE)
    return await control.request(command, ActList)


async def read_all_acts(
    control: Control, *, action: str = "", since_unix_ms: int | None = None
) -> tuple[ActInfo, ...]:
    """Page after page, at most EXPORT_MAX."""
    found: list[ActInfo] = []
    cursor = ""
    while len(found) < EXPORT_MAX:
        page = await list_acts(control, action=action, since_unix_ms=since_unix_ms, cursor=cursor)
        found += page.acts
        cursor = page.next_cursor
        if not cursor:
            break
    return tuple(found[:EXPORT_MAX])


async def undo_act(control: Control, act_id: ActId) -> ActDetails:
    return await control.request(UndoAct(id=0, act_id=act_id), ActDetails)


async def list_sanctions(
    control: Control, scope: SanctionScope = "all", *, cursor: str = ""
) -> SanctionList:
    """Those that stand now, newest first: the house's ("place"), those of rooms, or all."""
    command = ListSanctions(id=0, scope=scope, cursor=cursor, limit=PAGE)
    return await control.request(command, SanctionList)


async def lift_sanction(control: Control, sanction_id: SanctionId) -> SanctionDetails:
    return await control.request(LiftSanction(id=0, sanction_id=sanction_id), SanctionDetails)


async def impose_sanction(
    control: Control,
    user_id: UserId,
    *,
    kind: SanctionKind,
    duration_s: int | None,
    reason: str,
    room_id: RoomId | None = None,
) -> SanctionDetails:
    """In the whole house, or in a room; without a duration for ever."""
    command = ImposeSanction(
        id=0, user_id=user_id, room_id=room_id, kind=kind, duration_s=duration_s, reason=reason
    )
    return await control.request(command, SanctionDetails)
