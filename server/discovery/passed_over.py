"""Which recordings somebody was offered and did not open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from server.discovery import queries

if TYPE_CHECKING:
    from collections.abc import Collection

    from server.clocks import Clocks
    from server.store.store import Store

LATELY_MS: Final = 30 * 86_400_000
STEADY_MS: Final = 600_000
"""What was shown since then does not count yet: a list stays as it is while it is looked at."""


class PassedOver:
    """Read from the disk each time: what is forgotten there is forgotten here."""

    def __init__(self, store: Store, *, clocks: Clocks) -> None:
        self._store = store
        self._clocks = clocks

    async def count(self, user_id: str, replay_ids: Collection[str]) -> dict[str, int]:
        """How often each was shown, once an hour at most; one that was opened counts for nothing.

        Raises WireError: BUSY, STORAGE_FAILED, SHUTTING_DOWN.
        """
        if not user_id or not replay_ids:
            return {}
        now_ms = self._clocks.unix_ms()
        return await self._store.read(
            lambda session: queries.count_replays_shown(
                session,
                user_id,
                replay_ids,
                since_ms=now_ms - LATELY_MS,
                until_ms=now_ms - STEADY_MS,
            )
        )
