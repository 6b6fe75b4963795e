"""Where everything is kept: sizes, backups, and what is being done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from app.state.admin_overview import describe_bytes
from app.ui.admin.table import Cell, Column, Row, SortTable
from app.ui.me.card import Card
from app.ui.plain_text import PlainLabel, one_line
from app.ui.question import Question
from app.ui.theme.kinds import set_kind

if TYPE_CHECKING:
    from wire.admin_events import JobInfo, Storage

TABLE_HEIGHT: Final = 176


class StorageCard(Card):
    """Emits what is wanted; the panel asks for it."""

    job_wanted = Signal(str)
    restore_wanted = Signal(str)
    delete_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._storage: Storage | None = None
        self._sizes, self._folder, self._job = PlainLabel(self), PlainLabel(self), PlainLabel(self)
        self._sizes.setWordWrap(True)
        self._folder.setObjectName("soft")
        self._folder.setWordWrap(True)
        self._job.setWordWrap(True)
        self.disk = QProgressBar(self)
        self.disk.setRange(0, 1_000)
        self.disk.setTextVisible(False)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 1_000)
        self.progress.setTextVisible(False)
        self.table = SortTable(
            (Column(is_wide=True), Column(), Column(is_number=True)),
            self,
            sorted_by=1,
            is_descending=True,
        )
        self.table.setFixedHeight(TABLE_HEIGHT)
        self._restores = PlainLabel(self)
        self._restores.setWordWrap(True)
        set_kind(self._restores, "warn")
        self.backup_button, self.check_button = QPushButton(self), QPushButton(self)
        self.restore_button, self.delete_button = QPushButton(self), QPushButton(self)
        self.keep_button = QPushButton(self)
        set_kind(self.backup_button, "primary")
        set_kind(self.delete_button, "danger")
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.backup_button)
        first.addWidget(self.check_button)
        first.addStretch(1)
        second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(self.restore_button)
        second.addWidget(self.delete_button)
        second.addStretch(1)
        third = QHBoxLayout()
        third.addWidget(self._restores, 1)
        third.addWidget(self.keep_button)
        for part in (self._sizes, self.disk, self._folder):
            self.body.addWidget(part)
        self.body.addLayout(first)
        self.body.addWidget(self.progress)
        self.body.addWidget(self._job)
        self.body.addWidget(self.table)
        self.body.addLayout(second)
        self.body.addLayout(third)
        self.controls: tuple[QWidget, ...] = (
            self.backup_button,
            self.check_button,
            self.table,
            self.restore_button,
            self.delete_button,
            self.keep_button,
        )
        self._connect()
        self.retranslate()

    def show_storage(self, storage: Storage | None) -> None:
        self._storage = storage
        is_sqlite = storage is not None and storage.database == "sqlite"
        is_busy = storage is not None and storage.job is not None and storage.job.state == "running"
        for button in (self.backup_button, self.check_button):
            button.setEnabled(is_sqlite and not is_busy)
        parts: tuple[QWidget, ...] = (self.table, self.restore_button, self.delete_button)
        for widget in parts:
            widget.setVisible(is_sqlite)
        self.progress.setVisible(is_busy)
        if storage is None:
            return
        sizes = self.tr("Database: %1 · free on the disk: %2 of %3")
        self._sizes.setText(
            sizes.replace("%1", describe_bytes(storage.database_bytes))
            .replace("%2", describe_bytes(storage.disk_free_bytes))
            .replace("%3", describe_bytes(storage.disk_total_bytes))
        )
        used = storage.disk_total_bytes - storage.disk_free_bytes
        self.disk.setValue(round(1_000 * used / max(1, storage.disk_total_bytes)))
        self._folder.setText(self._describe_place(storage))
        self._show_job(storage.job)
        self.table.show_rows(
            [_make_row(one.name, one.made_at_unix_ms, one.bytes) for one in storage.backups]
        )
        words = self.tr("At the next start of the relay %1 takes the database's place.")
        self._restores.setText(words.replace("%1", one_line(storage.restores, 80)))
        pending: tuple[QWidget, ...] = (self._restores, self.keep_button)
        for part in pending:
            part.setVisible(bool(storage.restores))
        self._on_chosen(self.table.chosen_id)

    def retranslate(self) -> None:
        self.set_heading(self.tr("Storage and backups"))
        self.disk.setAccessibleName(self.tr("How full the disk is"))
        self.progress.setAccessibleName(self.tr("How far the backup is"))
        self.table.setAccessibleName(self.tr("Backups"))
        self.table.set_titles((self.tr("Backup"), self.tr("Made"), self.tr("Size")))
        for button, words in (
            (self.backup_button, self.tr("Back up now")),
            (self.check_button, self.tr("Check the database")),
            (self.restore_button, self.tr("Restore at the next start…")),
            (self.delete_button, self.tr("Delete…")),
            (self.keep_button, self.tr("Do not restore")),
        ):
            button.setText(words)
            button.setAccessibleName(words)
        self.show_storage(self._storage)

    # --- within -------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.backup_button.clicked.connect(lambda: self.job_wanted.emit("backup"))
        self.check_button.clicked.connect(lambda: self.job_wanted.emit("check"))
        self.keep_button.clicked.connect(lambda: self.restore_wanted.emit(""))
        self.restore_button.clicked.connect(self._on_restore)
        self.delete_button.clicked.connect(self._on_delete)
        self.table.row_chosen.connect(self._on_chosen)

    def _describe_place(self, storage: Storage) -> str:
        place = self.tr("Folder: %1").replace("%1", one_line(storage.data_dir, 200))
        if storage.database == "postgresql":
            return self.tr("PostgreSQL: back it up with pg_dump.") + " " + place
        return place

    def _show_job(self, job: JobInfo | None) -> None:
        self._job.setVisible(job is not None)
        if job is None:
            return
        self.progress.setRange(0, 1_000 if job.kind == "backup" else 0)
        self.progress.setValue(job.done_permille)
        at = QDateTime.fromMSecsSinceEpoch(job.at_unix_ms).toString("HH:mm")
        texts = {
            ("backup", "running"): self.tr("Backing up…"),
            ("check", "running"): self.tr("Checking…"),
            ("backup", "done"): self.tr("%1: the backup is made."),
            ("check", "done"): self.tr("%1: the database is sound."),
            ("backup", "failed"): self.tr("%1: the backup failed: %2"),
            ("check", "failed"): self.tr("%1: the check found: %2"),
        }
        words = texts[job.kind, job.state].replace("%1", at)
        self._job.setText(words.replace("%2", one_line(job.words)))
        set_kind(self._job, {"done": "good", "failed": "bad"}.get(job.state, ""))

    def _on_chosen(self, name: str) -> None:
        for button in (self.restore_button, self.delete_button):
            button.setEnabled(bool(name))

    def _on_restore(self) -> None:
        name = self.table.chosen_id
        words = self.tr(
            "Put %1 in the database's place at the relay's next start? What happened since is "
            "gone from the house then; the present database is kept as one more backup."
        )
        question = Question(
            self,
            words.replace("%1", one_line(name, 80)),
            yes=self.tr("Prepare it"),
            no=self.tr("Cancel"),
        )
        question.accepted.connect(lambda: self.restore_wanted.emit(name))
        question.open()

    def _on_delete(self) -> None:
        name = self.table.chosen_id
        question = Question(
            self,
            self.tr("Delete the backup %1?").replace("%1", one_line(name, 80)),
            yes=self.tr("Delete"),
            no=self.tr("Cancel"),
        )
        question.accepted.connect(lambda: self.delete_wanted.emit(name))
        question.open()


def _make_row(name: str, made_at_unix_ms: int, size: int) -> Row:
    at = QDateTime.fromMSecsSinceEpoch(made_at_unix_ms).toString("yyyy-MM-dd HH:mm")
    return Row(name, (Cell(name), Cell(at, made_at_unix_ms), Cell(describe_bytes(size), size)))
