"""Settings and health: what the relay does, and where it keeps everything."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.live import admin
from app.ui.admin.panel import Panel, order_tabs
from app.ui.admin.recordings_card import RecordingsCard
from app.ui.admin.settings_card import SettingsCard
from app.ui.admin.storage_card import StorageCard
from app.ui.scrolling import scroll_over

if TYPE_CHECKING:
    from app.ui.admin.panel import Desk
    from wire.admin_events import RelaySettings, Storage

WIDTH_MAX: Final = 880
CALM_MS: Final = 8_000
BUSY_MS: Final = 500
"""While a backup is being made: its progress is to be seen."""


class SettingsPanel(Panel):
    refresh_ms = CALM_MS

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.settings, self.storage = SettingsCard(self), StorageCard(self)
        self.recordings = RecordingsCard(self)
        self.settings.added.connect(self._order_tabs)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(16)
        for card in (self.settings, self.storage, self.recordings):
            card.setMaximumWidth(WIDTH_MAX)
            column.addWidget(card)
        column.addStretch(1)
        self.body.addWidget(scroll_over(page), 1)
        house = desk.house
        self.settings.changed.connect(
            lambda name, value: self.do(
                admin.change_setting(house, name, value), self.tr("Saved."), self._on_settings
            )
        )
        self.storage.job_wanted.connect(
            lambda kind: self.do(admin.start_job(house, kind), "", self._on_storage)
        )
        self.storage.restore_wanted.connect(
            lambda name: self.do(
                admin.prepare_restore(house, name),
                self.tr("It is done at the relay's next start.")
                if name
                else self.tr("Nothing is restored."),
                self._on_storage,
            )
        )
        self.storage.delete_wanted.connect(
            lambda name: self.do(
                admin.delete_backup(house, name),
                self.tr("The backup is deleted."),
                self._on_storage,
            )
        )
        self.retranslate()

    def title(self) -> str:
        return self.tr("Settings")

    def question(self) -> Coroutine[Any, Any, tuple[RelaySettings, Storage]]:
        async def ask() -> tuple[RelaySettings, Storage]:
            house = self.desk.house
            return await admin.list_settings(house), await admin.load_storage(house)

        return ask()

    def load(self, answer: tuple[RelaySettings, Storage]) -> None:
        settings, storage = answer
        self._on_settings(settings)
        self._on_storage(storage)

    def retranslate(self) -> None:
        super().retranslate()
        self.settings.retranslate()
        self.storage.retranslate()
        self.recordings.retranslate()

    def _order_tabs(self) -> None:
        """Settings are made when the relay has named them."""
        order_tabs(
            *self.settings.controls.values(), *self.storage.controls, *self.recordings.controls
        )

    def _on_settings(self, answer: RelaySettings) -> None:
        self.settings.show_settings(answer.settings)

    def _on_storage(self, storage: Storage) -> None:
        self.storage.show_storage(storage)
        self.recordings.show_share(storage.recordings)
        is_busy = storage.job is not None and storage.job.state == "running"
        pace = BUSY_MS if is_busy else CALM_MS
        if pace != self.refresh_ms:
            self.set_pace(pace)
