"""When sessions end, and when each was seen last.

A session that is used lives on. Who is seen is gathered in memory and written in one transaction
once in a while: a thousand viewers that go at once are one write.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import structlog

from server.accounts import queries
from wire.errors import WireError

if TYPE_CHECKING:
    from server.clocks import Clocks
    from server.store.session import Session
    from server.store.store import Store
    from wire.ids import SessionId

SESSION_LIFETIME_MS: Final = 30 * 24 * 3600 * 1000
SEEN_MAX: Final = 20_000
"""Sessions seen since the last write; beyond it the oldest keeps its earlier time."""

_log = structlog.get_logger(__name__)


class SessionTimes:
    """Event loop's thread only."""

    def __init__(self, store: Store, clocks: Clocks) -> None:
        self._store = store
        self._clocks = clocks
        self._started_at = (clocks.mono_s(), clocks.unix_ms())
        self._seen: OrderedDict[SessionId, int] = OrderedDict()

    def earliest_unix_ms(self) -> int:
        """Sessions end when both clocks say so: a jump of the wall clock logs nobody out."""
        return min(self._clocks.unix_ms(), self._steady_unix_ms())

    def expiry_unix_ms(self) -> int:
        """When a session that is used now ends."""
        return max(self._clocks.unix_ms(), self._steady_unix_ms()) + SESSION_LIFETIME_MS

    def note_seen(self, session_id: SessionId) -> None:
        """One of the session's sockets was open until now."""
        self._seen[session_id] = self._clocks.unix_ms()
        self._seen.move_to_end(session_id)
        if len(self._seen) > SEEN_MAX:
            self._seen.popitem(last=False)

    def last_seen_unix_ms(self, session_id: SessionId, stored_unix_ms: int) -> int:
        return max(stored_unix_ms, self._seen.get(session_id, 0))

    async def touch(self, session_id: SessionId, expires_at_unix_ms: int) -> int:
        """Let a used session live on; a full disk must not keep anybody out. Its new end."""
        renewed, now = self.expiry_unix_ms(), self._clocks.unix_ms()
        try:
            await self._store.write(
                lambda session: queries.touch_session(
                    session, session_id, used_at_unix_ms=now, expires_at_unix_ms=renewed
                )
            )
        except WireError as error:
            _log.warning("session not prolonged", code=str(error.code))
            return expires_at_unix_ms
        return renewed

    async def write_seen(self) -> None:
        """Store who was seen since the last time. What cannot be stored is tried again."""
        if not self._seen:
            return
        seen, self._seen = self._seen, OrderedDict()
        expires_at = self.expiry_unix_ms()

        def work(session: Session) -> None:
            for session_id, at_unix_ms in seen.items():
                queries.touch_session(
                    session, session_id, used_at_unix_ms=at_unix_ms, expires_at_unix_ms=expires_at
                )

        try:
            await self._store.write(work)
        except WireError as error:
            _log.warning("last seen not stored", code=str(error.code))
            self._seen = OrderedDict({**seen, **self._seen})

    def _steady_unix_ms(self) -> int:
        """The wall clock as it was at the start, gone on monotonically."""
        mono_s, unix_ms = self._started_at
        return unix_ms + int((self._clocks.mono_s() - mono_s) * 1000)
