"""Messages that wait for a moderator's eye: in memory and on disk, with the reason."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.chat import queries
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from server.store.store import Store
    from wire.chat_events import DanmakuAccepted
    from wire.event_base import DanmakuPosted
    from wire.ids import MessageId
    from wire.words_events import HeldReason


@dataclass(frozen=True)
class Held:
    event: DanmakuPosted
    reason: HeldReason
    stored: Awaitable[DanmakuAccepted] | None = None
    """None when it was read from disk."""


@dataclass
class HeldMessages:
    """Of one room, oldest first."""

    _waiting: OrderedDict[MessageId, Held] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, held: Held) -> None:
        self._waiting[held.event.message_id] = held

    def add_all(self, many: Iterable[Held]) -> None:
        for held in many:
            self.add(held)

    def find(self, message_id: MessageId) -> DanmakuPosted | None:
        held = self._waiting.get(message_id)
        return held.event if held is not None else None

    def drop(self, ids: Iterable[MessageId]) -> list[MessageId]:
        """Returns those that were here."""
        return [one for one in ids if self._waiting.pop(one, None) is not None]

    def all(self) -> tuple[Held, ...]:
        return tuple(self._waiting.values())

    def take(self, message_id: MessageId) -> Held:
        """Raises WireError(NOT_FOUND)."""
        held = self._waiting.pop(message_id, None)
        if held is None:
            raise WireError(ErrorCode.NOT_FOUND, "there is no such message", field="message_id")
        return held


async def settle(store: Store, held: Held, *, is_shown: bool) -> None:
    """On disk: a message like others, or gone. Raises WireError(STORAGE_FAILED)."""
    if isinstance(held.stored, asyncio.Future):
        # Or its own row would come after this.
        await asyncio.wait([held.stored])
    await store.write(lambda session: queries.settle_held(session, held.event, is_shown=is_shown))
