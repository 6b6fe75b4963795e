"""What admins did to the house, in the book of acts, and how each is taken back.

An act stands in the transaction of what was done, where that is one. What is done outside of the
database (a backup, a session that ends) gets its line afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.audit.service import Doer, NewAct
from wire.admin_events import HouseRoleChanged
from wire.ids import GiftId
from wire.order_events import ActDetail
from wire.permissions import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from server.accounts.keeping import UserKeeping
    from server.admin.service import HouseSettings
    from server.audit.service import AuditService, RecordedAct, Undoing
    from server.gifts.choices import GiftChoices
    from server.rooms.overseeing import RoomOversight
    from server.store.session import Session
    from server.store.store import Store
    from wire.event_base import Event, UserInfo
    from wire.ids import RoomId, UserId


class Line:
    """One line of the book, to be called in the transaction that it speaks of."""

    def __init__(self, audit: AuditService, new: NewAct) -> None:
        self._audit = audit
        self._new = new
        self.act: RecordedAct | None = None
        """Set when it has been called; again where the transaction ran again."""

    def __call__(self, session: Session) -> None:
        self.act = self._audit.add(session, self._new)


class HouseActs:
    """Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        audit: AuditService,
        *,
        users: UserKeeping,
        rooms: RoomOversight,
        gifts: GiftChoices,
        settings: HouseSettings,
        tell_users: Callable[[Mapping[UserId, Event]], None],
    ) -> None:
        self._store = store
        self._audit = audit
        self._users = users
        self._rooms = rooms
        self._gifts = gifts
        self._settings = settings
        self._tell_users = tell_users
        for action, right, undo in (
            ("set_admin", Action.KEEP_USERS, self._undo_set_admin),
            ("feature_room", Action.KEEP_ROOMS, self._undo_feature),
            ("set_gift", Action.KEEP_GIFTS, self._undo_gift),
            ("change_setting", Action.CHANGE_RELAY, self._undo_setting),
        ):
            audit.undo_with(action, right, undo)

    def line(
        self,
        admin: UserInfo,
        action: str,
        *,
        room_id: RoomId | None = None,
        user_id: UserId | None = None,
        target: tuple[str, str] = ("", ""),
        text: str = "",
        is_on: bool | None = None,
        count: int = 0,
        undo: Mapping[str, Any] | None = None,
    ) -> Line:
        """`target` is a kind and an id, where it is neither a room nor a user."""
        return Line(
            self._audit,
            NewAct(
                by=Doer(admin.user_id, "admin"),
                action=action,
                room_id=room_id,
                user_id=user_id,
                target_kind=target[0],
                target_id=target[1],
                detail=ActDetail(text=text, is_on=is_on, count=count),
                undo=undo,
            ),
        )

    async def write(self, line: Line) -> None:
        """For what was done outside of a transaction."""
        await self._store.write(line)

    async def tell(self, line: Line) -> None:
        """To those who lead the room, if it is one's."""
        if line.act is not None:
            await self._audit.tell(line.act)

    async def set_admin(
        self, user_id: UserId, *, granted: bool, then: Callable[[Session], None]
    ) -> None:
        """With a word to them, so that their window shows the tab or puts it away.

        Raises WireError: NOT_FOUND, WRONG_STATE where nobody would be left.
        """
        await self._users.set_admin(user_id, granted=granted, then=then)
        self._tell_users({user_id: HouseRoleChanged(is_admin=granted)})

    # --- taking back --------------------------------------------------------------------------

    async def _undo_set_admin(self, undoing: Undoing) -> None:
        if undoing.user_id is not None:
            await self.set_admin(
                undoing.user_id, granted=bool(undoing.payload["was"]), then=undoing.mark
            )

    async def _undo_feature(self, undoing: Undoing) -> None:
        if undoing.room_id is not None:
            await self._rooms.feature(
                undoing.room_id, is_featured=bool(undoing.payload["was"]), then=undoing.mark
            )

    async def _undo_gift(self, undoing: Undoing) -> None:
        before = undoing.payload
        await self._gifts.choose(
            GiftId(str(before["gift_id"])),
            is_on=bool(before["is_on"]),
            price_coins=int(before["price_coins"]),
            then=undoing.mark,
        )

    async def _undo_setting(self, undoing: Undoing) -> None:
        before = undoing.payload
        await self._settings.change(
            undoing.by.user_id or "", str(before["name"]), str(before["value"]), then=undoing.mark
        )
