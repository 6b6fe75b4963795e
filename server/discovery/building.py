"""The parts of discovery, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.discovery.service import DiscoveryService
from server.discovery.trainer import Trainer

if TYPE_CHECKING:
    from server.clocks import Clocks
    from server.discovery.surroundings import Follows, Live, Rooms, Users
    from server.ids import RandomBytes
    from server.store.store import Store
    from wire.ids import RoomId, UserId


@dataclass(frozen=True)
class Discovery:
    service: DiscoveryService
    trainer: Trainer

    async def start(self) -> None:
        await self.service.start()
        self.trainer.start()

    async def close(self) -> None:
        await self.trainer.close()
        await self.service.close()


def build_discovery(
    store: Store,
    *,
    database_url: str,
    live: Live,
    open_room_ids: Callable[[], Collection[RoomId]],
    rooms: Rooms,
    users: Users,
    follows: Follows,
    may_record: Callable[[UserId], Awaitable[bool]],
    clocks: Clocks,
    random_bytes: RandomBytes,
) -> Discovery:
    service = DiscoveryService(
        store,
        live=live,
        open_room_ids=open_room_ids,
        rooms=rooms,
        users=users,
        follows=follows,
        may_record=may_record,
        clocks=clocks,
        random_bytes=random_bytes,
    )
    trainer = Trainer(
        store,
        database_url=database_url,
        before=service.flush,
        adopt=service.reload,
        clocks=clocks,
        random_bytes=random_bytes,
    )
    return Discovery(service, trainer)
