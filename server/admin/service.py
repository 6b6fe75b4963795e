"""The relay's settings that can be changed while it runs, stored and told to who uses them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog

from server.admin import queries, rules
from server.admin.tables import RelaySettingRow
from server.store.store import nothing_more
from wire.admin_events import RelaySetting, RelaySettings

if TYPE_CHECKING:
    from server.admin.rules import Setting
    from server.clocks import Clocks
    from server.settings import Retention
    from server.store.session import Session
    from server.store.store import Store

_log = structlog.get_logger(__name__)


class HouseSettings:
    """Read without waiting. Event loop's thread only."""

    def __init__(self, store: Store, *, clocks: Clocks, defaults: dict[str, str]) -> None:
        """`defaults`: where the command line has another one than the list."""
        self._store = store
        self._clocks = clocks
        self._defaults = {setting.name: setting.default for setting in rules.SETTINGS} | defaults
        self._rows: dict[str, RelaySettingRow] = {}
        self._listeners: list[Callable[[], None]] = []

    async def load(self) -> None:
        """What earlier lives were told; a value that is none any more is passed over."""
        for row in await self._store.read(queries.load_settings):
            setting = rules.BY_NAME.get(row.name)
            if setting is None or not rules.is_good(setting, row.value):
                _log.warning("a stored setting is not used", name=row.name)
                continue
            self._rows[row.name] = row
        self._tell()

    def add_listener(self, listener: Callable[[], None]) -> None:
        """Called after each change, and now."""
        self._listeners.append(listener)
        listener()

    def text(self, setting: Setting) -> str:
        row = self._rows.get(setting.name)
        return row.value if row is not None else self._defaults[setting.name]

    def number(self, setting: Setting) -> int:
        return int(self.text(setting))

    def is_on(self, setting: Setting) -> bool:
        return self.text(setting) == rules.ON

    def retention(self, base: Retention) -> Retention:
        """How long things are kept, with what was changed while the relay ran."""
        return replace(base, **{setting.name: self.number(setting) for setting in rules.RETENTION})

    def thresholds(self, *, sure: int) -> dict[str, Any]:
        """What detection goes by, named as the fields of its `Thresholds`.

        `sure`: so many are a raid whatever others write; never fewer than what is asked for.
        """
        identities = self.number(rules.RAID_IDENTITIES)
        return {
            "finds_raids": self.is_on(rules.FINDS_RAIDS),
            "scores_people": self.is_on(rules.SCORES_PEOPLE),
            "raid_identities": identities,
            "raid_identities_sure": max(sure, identities),
            "troll_mode_s": 60.0 * self.number(rules.TROLL_MODE_MIN),
            "raid_mute_s": 60 * self.number(rules.RAID_MUTE_MIN),
        }

    def list_all(self) -> RelaySettings:
        return RelaySettings(settings=tuple(self._describe(one) for one in rules.SETTINGS))

    async def change(
        self,
        changed_by: str,
        name: str,
        value: str,
        *,
        then: Callable[[Session], None] = nothing_more,
    ) -> None:
        """From now on, and after a restart. `then` runs in the same transaction.

        Raises WireError: NOT_FOUND, INVALID_VALUE.
        """
        setting = rules.find_setting(name)
        kept = rules.check_value(setting, value)
        row = RelaySettingRow(
            name=setting.name,
            value=kept,
            changed_by=changed_by,
            changed_at_unix_ms=self._clocks.unix_ms(),
        )
        stored = row.model_copy()

        def work(session: Session) -> None:
            queries.put_setting(session, stored)
            then(session)

        await self._store.write(work)
        self._rows[setting.name] = row
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def _describe(self, setting: Setting) -> RelaySetting:
        row = self._rows.get(setting.name)
        return RelaySetting(
            name=setting.name,
            kind=setting.kind,
            value=self.text(setting),
            default=self._defaults[setting.name],
            text=setting.text,
            unit=setting.unit,
            low=setting.low,
            high=setting.high,
            choices=setting.choices,
            changed_by=row.changed_by if row else "",
            changed_at_unix_ms=row.changed_at_unix_ms if row else 0,
        )


def retention_defaults(retention: Retention) -> dict[str, str]:
    """What the command line says, as settings are written."""
    return {setting.name: str(getattr(retention, setting.name)) for setting in rules.RETENTION}
