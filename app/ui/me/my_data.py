"""What happens when somebody uses the card "My data": asked of the relay, told in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QDir, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.live import privacy
from app.state.privacy import ExportProgress
from app.ui.errors_in_words import explain
from app.ui.me.erase_dialog import EraseDialog

if TYPE_CHECKING:
    import concurrent.futures

    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.ui.door import Door
    from app.ui.me.account_card import AccountCard
    from app.ui.me.data_card import DataCard
    from wire.privacy_events import MyData as Data
    from wire.privacy_events import PrivacyTerms

FILE_NAME = "livehouse-data.zip"


class MyData(QObject):
    """Emits `said` (words, kind) as the page does, and `left` when one's own house was left."""

    said = Signal(str, str)
    left = Signal()
    recording_changed = Signal()

    def __init__(  # the page's parts, and its ways out
        self,
        page: QWidget,
        card: DataCard,
        account: AccountCard,
        *,
        house: House,
        loop: LoopThread,
        door: Door,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._card = card
        self._account = account
        self._house = house
        self._loop = loop
        self._door = door
        self._export: concurrent.futures.Future[Any] | None = None
        card.export_wanted.connect(self._on_export_wanted)
        card.cancel_wanted.connect(self._on_cancel_wanted)
        card.erase_wanted.connect(self._on_erase_wanted)
        card.recording_wanted.connect(self._on_recording_wanted)

    def refresh(self, *, is_user: bool) -> None:
        """Ask for what only the relay knows. Nobody pressed anything: failures say nothing."""
        if not self._house.state.is_connected:
            return
        self._door.deliver(
            self._loop.submit(privacy.load_terms(self._house)), self._on_terms, _say_nothing
        )
        if is_user:
            self._door.deliver(
                self._loop.submit(privacy.load_my_data(self._house)),
                self._card.show_data,
                _say_nothing,
            )

    def forget(self) -> None:
        """Another user, or none."""
        self._on_cancel_wanted()
        self._card.show_data(None)
        self._account.consent.forget()

    def save_to(self, path: Path) -> None:
        """As if the dialog had given this file."""
        self._card.show_progress(ExportProgress())
        self._export = self._loop.submit(
            privacy.save_export(
                self._house, path, lambda progress: self._door.post(self._on_progress, progress)
            )
        )
        self._door.deliver(self._export, self._on_exported, self._on_export_failed)

    def _on_terms(self, terms: PrivacyTerms) -> None:
        self._card.show_terms(terms)
        self._account.consent.show_terms(terms)

    def _on_recording_wanted(self, is_recorded: bool) -> None:  # noqa: FBT001 # a signal's value
        def on_done(data: Data) -> None:
            self._card.show_data(data)
            self.recording_changed.emit()

        self._door.deliver(
            self._loop.submit(privacy.set_recording(self._house, is_recorded=is_recorded)),
            on_done,
            self._on_recording_failed,
        )

    def _on_recording_failed(self, error: LivehouseError) -> None:
        self._card.recording.setChecked(not self._card.recording.isChecked())
        self._fail(error)

    # --- taking along -------------------------------------------------------------------------

    def _on_export_wanted(self) -> None:
        translate = QCoreApplication.translate
        dialog = QFileDialog(self._page, translate("DataCard", "Save a copy of your data"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(translate("DataCard", "Zip files (*.zip)"))
        dialog.setDefaultSuffix("zip")
        dialog.setDirectory(QDir.homePath())
        dialog.selectFile(FILE_NAME)
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_progress(self, progress: ExportProgress) -> None:
        if self._export is not None:
            self._card.show_progress(progress)

    def _on_cancel_wanted(self) -> None:
        export, self._export = self._export, None
        if export is not None:
            export.cancel()
        self._card.show_progress(None)

    def _on_exported(self, path: Path) -> None:
        self._export = None
        self._card.show_progress(None)
        words = QCoreApplication.translate("DataCard", "Your data is saved in %1.")
        self.said.emit(words.replace("%1", path.name), "good")

    def _on_export_failed(self, error: LivehouseError) -> None:
        self._export = None
        self._card.show_progress(None)
        self._fail(error)

    # --- erasing ------------------------------------------------------------------------------

    def _on_erase_wanted(self) -> None:
        state = self._house.state
        dialog = EraseDialog(
            self._page,
            needs_password=not state.has_made_password,
            is_hosted=state.is_hosted,
        )
        dialog.erase_wanted.connect(self._erase)
        dialog.open()

    def _erase(self, password: str) -> None:
        was_hosted = self._house.state.is_hosted
        self._on_cancel_wanted()
        self._card.setEnabled(False)

        def on_erased(_none: None) -> None:
            self._card.setEnabled(True)
            words = QCoreApplication.translate("DataCard", "Your account is erased.")
            self.said.emit(words, "good")
            if was_hosted:
                self.left.emit()

        def on_failed(error: LivehouseError) -> None:
            self._card.setEnabled(True)
            self._fail(error)

        self._door.deliver(
            self._loop.submit(self._house.erase_account(password)), on_erased, on_failed
        )

    def _fail(self, error: LivehouseError) -> None:
        self.said.emit(explain(error), "bad")


def _say_nothing(_error: LivehouseError) -> None:
    pass
