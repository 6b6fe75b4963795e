"""The book of acts. What is done and its line in the book are one transaction.

A service that does something calls `add` inside its own `store.write` and, once that is on disk,
`tell`. How an action is undone, the service that does it says at composition (`undo_with`).
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

import msgspec

from server.audit import queries
from server.audit.tables import Act
from server.ids import MessageIds, RandomBytes
from server.text import is_storable
from wire.errors import ErrorCode, WireError
from wire.ids import ActId, MessageId, RoomId, UserId
from wire.order_events import ActDetail, ActInfo, ActList, ActRecorded, DoerRole
from wire.permissions import Action, may_take_back, require

if TYPE_CHECKING:
    from sqlmodel import Session

    from server.audit.queries import ActFilter
    from server.clocks import Clocks
    from server.store.store import Store
    from wire.event_base import Event, Role, UserInfo


RecordedAct = Act
"""A line of the book, for those who have one written."""


class Users(Protocol):
    """What the book asks of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


@dataclass(frozen=True)
class Doer:
    """Who does something, and as what."""

    user_id: UserId | None
    role: DoerRole


AUTOMATIC = Doer(None, "automatic")
"""The relay itself."""


@dataclass(frozen=True, kw_only=True)
class NewAct:
    """A line for the book."""

    by: Doer
    action: str
    room_id: RoomId | None = None
    user_id: UserId | None = None
    target_kind: str = ""
    target_id: str = ""
    reason: str = ""
    detail: ActDetail | None = None
    undo: Mapping[str, Any] | None = None
    """What its undo needs; None: it cannot be undone."""


@dataclass(frozen=True)
class Undoing:
    """An act that is being undone, for the service that did it."""

    room_id: RoomId | None
    user_id: UserId | None
    payload: dict[str, Any]
    by: Doer
    mark: Callable[[Session], None]
    """To be called in the transaction that undoes it. Raises WireError(ALREADY_DONE)."""


@dataclass(frozen=True)
class _Way:
    right: Action
    undo: Callable[[Undoing], Awaitable[None]]


class AuditService:
    """Event loop's thread only, but for `add`."""

    def __init__(
        self,
        store: Store,
        *,
        users: Users,
        post_to_leaders: Callable[[RoomId, Event], None],
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._users = users
        self._post_to_leaders = post_to_leaders
        self._clocks = clocks
        self._ids = MessageIds(random_bytes)
        self._lock = threading.Lock()
        """`add` runs in the threads of the store."""
        self._ways: dict[str, _Way] = {}

    async def restore(self) -> None:
        """At the start: new acts stand behind those in the book, whatever the clock says."""
        newest = await self._store.read(queries.newest_id)
        if newest is not None:
            self._ids.advance_past(MessageId(newest))

    def undo_with(
        self, action: str, right: Action, undo: Callable[[Undoing], Awaitable[None]]
    ) -> None:
        """How an action is undone, and what one must be allowed for it."""
        self._ways[action] = _Way(right, undo)

    def add(self, session: Session, new: NewAct) -> Act:
        """Within a transaction of the caller's."""
        now = self._clocks.unix_ms()
        with self._lock:
            act_id = self._ids.make(now)
        act = Act(
            id=act_id,
            action=new.action,
            actor_id=new.by.user_id,
            role=new.by.role,
            room_id=new.room_id,
            user_id=new.user_id,
            target_kind=new.target_kind,
            target_id=new.target_id,
            reason=new.reason,
            detail=msgspec.json.encode(new.detail or ActDetail()).decode(),
            undo=None if new.undo is None else msgspec.json.encode(dict(new.undo)).decode(),
            at_unix_ms=now,
        )
        session.add(act)
        return act

    async def tell(self, act: Act) -> ActInfo:
        """Once it is on disk: to the leaders of its room."""
        info = (await self._describe([act]))[0]
        if info.room_id is not None:
            self._post_to_leaders(info.room_id, ActRecorded(room_id=info.room_id, act=info))
        return info

    async def list(self, wanted: ActFilter, *, cursor: str, limit: int) -> ActList:
        texts = (wanted.room_id, wanted.actor_id, wanted.user_id, wanted.action, cursor)
        if not all(is_storable(text or "") for text in texts):
            return ActList(acts=())
        acts = await self._store.read(
            lambda session: queries.list_acts(session, wanted, cursor=cursor, limit=limit + 1)
        )
        shown = acts[:limit]
        return ActList(
            acts=await self._describe(shown),
            next_cursor=shown[-1].id if len(acts) > limit else "",
        )

    async def find(self, act_id: ActId) -> Act:
        """Raises WireError(NOT_FOUND)."""
        act = None
        if is_storable(act_id):
            act = await self._store.read(lambda session: session.get(Act, act_id))
        if act is None:
            raise WireError(ErrorCode.NOT_FOUND, "there is no such act", field="act_id")
        return act

    async def undo(self, act: Act, *, by: Doer, roles: Collection[Role]) -> ActInfo:
        """Take an act back. `roles` are those of `by` where it was done.

        Raises WireError: FORBIDDEN, ALREADY_DONE, GONE where it cannot be undone, and what the
        action's own service raises.
        """
        way = self._ways.get(act.action)
        if way is None or act.undo is None:
            raise WireError(ErrorCode.GONE, "this cannot be undone")
        require(roles, way.right)
        if not may_take_back(roles, cast("DoerRole", act.role)):
            raise WireError(ErrorCode.FORBIDDEN, "somebody above you has done this")
        if act.undone_at_unix_ms is not None:
            raise _done_already()

        def mark(session: Session) -> None:
            self.mark_undone(session, ActId(act.id), by=by)

        await way.undo(
            Undoing(
                room_id=RoomId(act.room_id) if act.room_id is not None else None,
                user_id=UserId(act.user_id) if act.user_id is not None else None,
                payload=msgspec.json.decode(act.undo),
                by=by,
                mark=mark,
            )
        )
        return await self.tell(await self.find(ActId(act.id)))

    def mark_undone(self, session: Session, act_id: ActId, *, by: Doer) -> None:
        """Within a transaction. Raises WireError(ALREADY_DONE)."""
        row = session.get(Act, act_id)
        if row is None or row.undone_at_unix_ms is not None:
            raise _done_already()
        row.undone_by = by.user_id
        row.undone_at_unix_ms = self._clocks.unix_ms()

    async def _describe(self, acts: Collection[Act]) -> tuple[ActInfo, ...]:
        ids = {id_ for act in acts for id_ in (act.actor_id, act.user_id, act.undone_by) if id_}
        users = await self._users.find_users({UserId(id_) for id_ in ids})
        return tuple(self._describe_one(act, users) for act in acts)

    def _describe_one(self, act: Act, users: dict[UserId, UserInfo]) -> ActInfo:
        def user(user_id: str | None) -> UserInfo | None:
            return users.get(UserId(user_id)) if user_id is not None else None

        can_undo = act.undo is not None and act.action in self._ways
        return ActInfo(
            act_id=ActId(act.id),
            action=act.action,
            actor=user(act.actor_id),
            role=cast("DoerRole", act.role),
            room_id=RoomId(act.room_id) if act.room_id is not None else None,
            user=user(act.user_id),
            target_kind=act.target_kind,
            target_id=act.target_id,
            reason=act.reason,
            detail=msgspec.json.decode(act.detail, type=ActDetail),
            at_unix_ms=act.at_unix_ms,
            can_undo=can_undo and act.undone_at_unix_ms is None,
            undone_by=user(act.undone_by),
            undone_at_unix_ms=act.undone_at_unix_ms,
        )


def _done_already() -> WireError:
    return WireError(ErrorCode.ALREADY_DONE, "this was undone already")
