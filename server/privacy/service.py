"""Privacy: what is agreed to and chosen, what is stored of a user, and how long all is kept."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import structlog

from server.privacy import queries
from server.privacy.rules import check_agreed, limit_unix_ms
from wire.errors import WireError
from wire.privacy_events import PRIVACY_VERSION, DataCount, MyData, PrivacyTerms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from server.clocks import Clocks
    from server.privacy.parts import Part
    from server.settings import Retention
    from server.store.session import Session
    from server.store.store import Store
    from wire.ids import UserId

CACHED_MAX: Final = 10_000

_log = structlog.get_logger(__name__)


class PrivacyService:
    """Event loop's thread only."""

    def __init__(
        self, store: Store, *, parts: Sequence[Part], retention: Retention, clocks: Clocks
    ) -> None:
        self._store = store
        self._parts = parts
        self._retention = retention
        self._clocks = clocks
        self._recorded: OrderedDict[UserId, bool] = OrderedDict()
        self._changes = 0

    def set_retention(self, retention: Retention) -> None:
        """From the next sweep on."""
        self._retention = retention

    def terms(self) -> PrivacyTerms:
        """What is asked for consent to, in figures; the words are the client's."""
        kept = self._retention
        return PrivacyTerms(
            version=PRIVACY_VERSION,
            messages_days=kept.messages_days,
            behaviour_days=kept.behaviour_days,
            sessions_days=kept.sessions_days,
            audit_days=kept.audit_days,
            backups_days=kept.backups_days,
        )

    def agreement(self, version: int) -> Callable[[Session, str], None]:
        """To be written with the account. Raises WireError(CONSENT_REQUIRED)."""
        check_agreed(version)
        now = self._clocks.unix_ms()
        return lambda session, user_id: queries.put_agreement(session, user_id, version, now)

    async def my_data(self, user_id: UserId) -> MyData:
        """What is stored of a user, in counts."""

        def work(session: Session) -> MyData:
            counts = queries.count_rows(session, queries.sections_of(self._parts, user_id))
            choice = queries.find_choice(session, user_id)
            return MyData(
                counts=tuple(DataCount(name=name, rows=rows) for name, rows in counts.items()),
                agreed_version=choice.agreed_version,
                agreed_at_unix_ms=choice.agreed_at_unix_ms,
                is_recorded=choice.is_recorded,
            )

        return await self._store.read(work)

    async def may_record(self, user_id: UserId) -> bool:
        """Whether what the user watches may be recorded for recommendations."""
        known = self._recorded.get(user_id)
        if known is not None:
            return known
        changes = self._changes
        choice = await self._store.read(lambda session: queries.find_choice(session, user_id))
        if changes == self._changes:
            self._recorded[user_id] = choice.is_recorded
            if len(self._recorded) > CACHED_MAX:
                self._recorded.popitem(last=False)
        return choice.is_recorded

    async def set_recorded(self, user_id: UserId, *, is_recorded: bool) -> None:
        await self._store.write(
            lambda session: queries.set_recorded(session, user_id, is_recorded=is_recorded)
        )
        self.forget(user_id)

    def forget(self, user_id: UserId) -> None:
        """What is in memory of a user is read anew."""
        self._changes += 1
        self._recorded.pop(user_id, None)

    async def sweep(self, now_unix_ms: int) -> int:
        """Delete what has been kept long enough. Returns how many rows; never raises WireError."""
        deleted = 0
        try:
            for part in self._parts:
                for sweep in part.sweeps:
                    limit = limit_unix_ms(self._retention, sweep.keep, now_unix_ms)
                    while limit is not None:
                        work, before = sweep.work, limit
                        count = await self._store.write(lambda session: work(session, before))  # noqa: B023 # awaited at once
                        deleted += count
                        if count == 0:
                            break
            if deleted:
                await self._store.wipe(rewrite_bytes_max=0)
        except WireError as error:
            _log.warning("what is too old was not all deleted", code=error.code)
        return deleted
