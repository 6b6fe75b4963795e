"""What waits for the house's admins, reports and feedback: counted, and told when it changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

import structlog

from wire.admin_events import HouseWaiting
from wire.errors import WireError

if TYPE_CHECKING:
    from server.store.session import Session
    from server.store.store import Store
    from wire.event_base import Event, UserInfo
    from wire.ids import UserId

_log = structlog.get_logger(__name__)


class Counts(NamedTuple):
    reports: int
    feedback: int


class Users(Protocol):
    """What this asks of accounts."""

    async def find_users(self, user_ids: Collection[UserId]) -> dict[UserId, UserInfo]: ...


class Waiting:
    """Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        *,
        count_reports: Callable[[Session], int],
        count_feedback: Callable[[Session], int],
        users: Users,
        users_online: Callable[[], Collection[UserId]],
        tell_users: Callable[[Mapping[UserId, Event]], None],
    ) -> None:
        self._store = store
        self._count_reports = count_reports
        self._count_feedback = count_feedback
        self._users = users
        self._users_online = users_online
        self.tell_users = tell_users
        self._told: Counts | None = None

    async def count(self) -> Counts:
        return await self._store.read(
            lambda session: Counts(self._count_reports(session), self._count_feedback(session))
        )

    async def tell(self) -> None:
        """To the admins who are here, where it is not what they were told last. Never raises.

        What has just been done is done, whether or not this can be told of it.
        """
        try:
            counts = await self.count()
            if counts == self._told:
                return
            found = await self._users.find_users(self._users_online())
        except WireError as error:
            _log.warning("the admins were not told of what waits", code=error.code)
            return
        self._told = counts
        event = HouseWaiting(reports=counts.reports, feedback=counts.feedback)
        self.tell_users({user_id: event for user_id, user in found.items() if user.is_admin})
