"""What admins work with, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.accounts import queries as account_queries
from server.admin import rules
from server.admin.acts import HouseActs
from server.admin.gates import Gates
from server.admin.process import program_version
from server.admin.sampling import Sampling
from server.admin.storage import StorageKeeper
from server.rooms import queries as room_queries
from wire.event_base import ChatRules

if TYPE_CHECKING:
    from pathlib import Path

    from server.accounts.keeping import UserKeeping
    from server.admin.figures import Reading
    from server.admin.sampling import Tally
    from server.admin.service import HouseSettings
    from server.admin.waiting import Waiting
    from server.audit.service import AuditService
    from server.clocks import Clocks
    from server.gifts.choices import GiftChoices
    from server.rooms.overseeing import RoomOversight
    from server.store.session import Session
    from server.store.store import Store


@dataclass(frozen=True, kw_only=True)
class AdminParts:
    """The same for all sockets. Event loop's thread only."""

    settings: HouseSettings
    gates: Gates
    tally: Tally
    sampling: Sampling
    storage: StorageKeeper
    rooms: RoomOversight
    users: UserKeeping
    gifts: GiftChoices
    acts: HouseActs
    waiting: Waiting

    def new_room_rules(self) -> ChatRules | None:
        """What the chat of a new room begins with; None where that is nothing."""
        begins_with = ChatRules(
            slow_s=self.settings.number(rules.NEW_ROOM_SLOW_S),
            followers_only=self.settings.is_on(rules.NEW_ROOM_FOLLOWERS_ONLY),
            is_held=self.settings.is_on(rules.NEW_ROOM_IS_HELD),
        )
        return None if begins_with == ChatRules() else begins_with

    async def load(self) -> None:
        """At the start: what earlier lives of the relay were told and have measured."""
        await self.settings.load()
        await self.gifts.load()
        await self.sampling.restore()


def make_admin_parts(
    store: Store,
    *,
    audit: AuditService,
    settings: HouseSettings,
    tally: Tally,
    read: Callable[[], Reading],
    data_dir: Path,
    database: Path | None,
    rooms: RoomOversight,
    users: UserKeeping,
    gifts: GiftChoices,
    waiting: Waiting,
    clocks: Clocks,
) -> AdminParts:
    """`read` measures the relay; `database` is SQLite's file, None for PostgreSQL."""
    return AdminParts(
        settings=settings,
        gates=Gates(settings),
        tally=tally,
        sampling=Sampling(
            store,
            read=read,
            settings=settings,
            clocks=clocks,
            version=program_version(),
            count=_count,
            waiting=waiting,
        ),
        storage=StorageKeeper(
            store, data_dir=data_dir, database=database, settings=settings, clocks=clocks
        ),
        rooms=rooms,
        users=users,
        gifts=gifts,
        acts=HouseActs(
            store,
            audit,
            users=users,
            rooms=rooms,
            gifts=gifts,
            settings=settings,
            tell_users=waiting.tell_users,
        ),
        waiting=waiting,
    )


def _count(session: Session) -> tuple[int, int]:
    """Users and rooms."""
    return account_queries.count_users(session), room_queries.count_rooms(session)
