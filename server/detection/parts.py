"""The parts of detection, put together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from server.detection.identities import Identities
from server.detection.service import DetectionService
from wire.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.accounts.service import AccountService
    from server.audit.service import AuditService
    from server.chat.service import ChatService
    from server.clocks import Clocks
    from server.detection.watch import Watch
    from server.ids import RandomBytes
    from server.rooms.service import RoomService
    from server.sanctions.service import SanctionService
    from server.sanctions.standings import Standings
    from server.store.store import Store
    from wire.event_base import Event
    from wire.ids import RoomId


TICK_S: Final = 1.0
DAY_S: Final = 86_400.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Detection:
    watch: Watch
    identities: Identities
    raids: DetectionService

    async def run(self) -> None:
        """End what is over, and store what came, for as long as the relay runs."""
        swept_s, loop = -DAY_S, asyncio.get_running_loop()
        while True:
            try:
                await self.raids.tick()
                await self.identities.write()
                if loop.time() - swept_s >= DAY_S:
                    swept_s = loop.time()
                    await self.identities.sweep()
            except WireError as error:
                _log.warning("detection fell behind", code=error.code)
            await asyncio.sleep(TICK_S)

    async def close(self) -> None:
        await self.raids.close()
        await self.identities.write()


def build_detection(  # the parts of one folder of the relay
    store: Store,
    watch: Watch,
    *,
    accounts: AccountService,
    rooms: RoomService,
    chat: ChatService,
    standings: Standings,
    sanctions: SanctionService,
    audit: AuditService,
    hash_address: Callable[[str], tuple[str, ...]],
    post_to_leaders: Callable[[RoomId, Event], None],
    clocks: Clocks,
    random_bytes: RandomBytes,
) -> Detection:
    identities = Identities(
        store,
        watch=watch,
        users=accounts,
        standings=standings,
        audit=audit,
        hash_address=hash_address,
        post_to_leaders=post_to_leaders,
        clocks=clocks,
    )
    raids = DetectionService(
        store,
        watch=watch,
        identities=identities,
        accounts=accounts,
        rooms=rooms,
        chat=chat,
        sanctions=sanctions,
        audit=audit,
        post_to_leaders=post_to_leaders,
        clocks=clocks,
        random_bytes=random_bytes,
    )
    return Detection(watch, identities, raids)
