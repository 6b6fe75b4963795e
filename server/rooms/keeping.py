"""Who moderates a room, and closing it: acts that are written in the book and can be undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from server.audit.service import Doer, NewAct
from server.text import clean_line
from wire.errors import ErrorCode, WireError
from wire.limits import REASON_CHARACTERS_MAX
from wire.order_events import ActDetail
from wire.permissions import RANKS, Action, highest, require

if TYPE_CHECKING:
    from server.accounts.actor import Actor
    from server.audit.service import AuditService, RecordedAct, Undoing
    from server.rooms.cards import RoomCard
    from server.rooms.service import RoomService
    from server.store.session import Session
    from wire.event_base import RoomInfo
    from wire.ids import RoomId, UserId


class Doorkeepers(Protocol):
    """Who carries it out at the sockets."""

    def room_changed(self, room: RoomInfo) -> None: ...

    def leads_now(self, room_id: RoomId, user_id: UserId, *, is_leader: bool) -> None: ...

    async def close_room(self, room_id: RoomId, *, reason: str) -> None:
        """End its media, for everybody. The first step does not wait."""


class RoomKeeping:
    """Event loop's thread only."""

    def __init__(self, rooms: RoomService, *, audit: AuditService, doors: Doorkeepers) -> None:
        self._rooms = rooms
        self._audit = audit
        self._doors = doors
        audit.undo_with("set_moderator", Action.SET_MODERATOR, self._undo_moderator)
        audit.undo_with("close_room", Action.CLOSE_ROOM, self._undo_closing)
        audit.undo_with("reopen_room", Action.CLOSE_ROOM, self._undo_reopening)

    async def set_moderator(
        self, actor: Actor, room_id: RoomId, user_id: UserId, *, granted: bool
    ) -> None:
        """Raises WireError: FORBIDDEN, NOT_FOUND, FULL."""
        doer = await self._doer(actor, room_id, Action.SET_MODERATOR)
        was = user_id in (await self._rooms.card(room_id)).moderator_ids
        line = NewAct(
            by=doer,
            action="set_moderator",
            room_id=room_id,
            user_id=user_id,
            target_kind="user",
            target_id=user_id,
            detail=ActDetail(is_on=granted),
            undo={"granted": was},
        )
        if was == granted:
            # Nothing is done, but whether it may be is told as ever.
            await self._rooms.set_moderator(actor, room_id, user_id, granted=granted)
            return

        async def change(also: Callable[[Session], None]) -> None:
            await self._rooms.set_moderator(actor, room_id, user_id, granted=granted, also=also)
            if granted:
                # Before the act is told, so that the new moderator reads it too.
                await self._tell_leader(room_id, user_id)

        await self._write(line, change)
        await self._tell_leader(room_id, user_id)

    async def close(self, actor: Actor, room_id: RoomId, *, reason: str) -> None:
        """Nobody enters, watches or writes until it is opened. Raises WireError."""
        doer = await self._doer(actor, room_id, Action.CLOSE_ROOM)
        line = clean_line(reason, characters_max=REASON_CHARACTERS_MAX, field="reason")
        if (await self._rooms.card(room_id)).closed_reason is not None:
            raise WireError(ErrorCode.ALREADY_DONE, "this room is closed already")
        new = self._room_act(doer, "close_room", room_id, reason=line, undo={})
        await self._set_closed(room_id, line, doer.role, new)

    async def reopen(self, actor: Actor, room_id: RoomId) -> None:
        """Raises WireError: FORBIDDEN where somebody above has closed it."""
        doer = await self._doer(actor, room_id, Action.CLOSE_ROOM)
        card = await self._rooms.card(room_id)
        if card.closed_reason is None:
            raise WireError(ErrorCode.ALREADY_DONE, "this room is open")
        _require_not_from_above(card, doer)
        undo = {"reason": card.closed_reason, "role": card.closed_role}
        new = self._room_act(doer, "reopen_room", room_id, undo=undo)
        await self._set_closed(room_id, None, "", new)

    # --- undoing --------------------------------------------------------------------------------

    async def _undo_moderator(self, undoing: Undoing) -> None:
        if undoing.room_id is None or undoing.user_id is None:
            return
        await self._rooms.put_moderator(
            undoing.room_id,
            undoing.user_id,
            granted=undoing.payload["granted"],
            also=undoing.mark,
        )
        await self._tell_leader(undoing.room_id, undoing.user_id)

    async def _undo_closing(self, undoing: Undoing) -> None:
        if undoing.room_id is not None:
            # Perhaps it is not that closing any more, but a later one from above.
            _require_not_from_above(await self._rooms.card(undoing.room_id), undoing.by)
            card = await self._rooms.set_closed(undoing.room_id, None, "", also=undoing.mark)
            await self._tell_door(card)

    async def _undo_reopening(self, undoing: Undoing) -> None:
        if undoing.room_id is not None:
            _require_not_from_above(await self._rooms.card(undoing.room_id), undoing.by)
            reason, role = undoing.payload["reason"], undoing.payload["role"]
            card = await self._rooms.set_closed(undoing.room_id, reason, role, also=undoing.mark)
            await self._tell_door(card)

    # --- within ---------------------------------------------------------------------------------

    async def _doer(self, actor: Actor, room_id: RoomId, action: Action) -> Doer:
        user = actor.require_login().user
        roles = await self._rooms.roles_of(user, room_id)
        require(roles, action)
        self._rooms.check_bars(actor, room_id, action)
        return Doer(user.user_id, highest(roles))

    def _room_act(
        self,
        doer: Doer,
        action: str,
        room_id: RoomId,
        *,
        reason: str = "",
        undo: dict[str, str],
    ) -> NewAct:
        return NewAct(
            by=doer,
            action=action,
            room_id=room_id,
            target_kind="room",
            target_id=room_id,
            reason=reason,
            undo=undo,
        )

    async def _set_closed(
        self, room_id: RoomId, reason: str | None, role: str, new: NewAct
    ) -> None:
        async def change(also: Callable[[Session], None]) -> None:
            await self._tell_door(await self._rooms.set_closed(room_id, reason, role, also=also))

        await self._write(new, change)

    async def _write(
        self, new: NewAct, change: Callable[[Callable[[Session], None]], Awaitable[None]]
    ) -> None:
        """Do it with its line in the book, in one transaction."""
        written: list[RecordedAct] = []

        def also(session: Session) -> None:
            written[:] = [self._audit.add(session, new)]

        await change(also)
        await self._audit.tell(written[0])

    async def _tell_door(self, card: RoomCard) -> None:
        if card.closed_reason is not None:
            await self._doors.close_room(card.room_id, reason=card.closed_reason)
        self._doors.room_changed(await self._rooms.describe_inside(card.room_id))

    async def _tell_leader(self, room_id: RoomId, user_id: UserId) -> None:
        leads = await self._rooms.leads(user_id, room_id)
        self._doors.leads_now(room_id, user_id, is_leader=leads)


def _require_not_from_above(card: RoomCard, doer: Doer) -> None:
    if card.closed_reason is not None and RANKS[card.closed_role] > RANKS[doer.role]:
        raise WireError(ErrorCode.FORBIDDEN, "somebody above you has closed this room")
