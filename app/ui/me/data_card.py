"""My data: what the relay has, taking it along, erasing it."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QWidget,
)

from app.state.privacy import SHOWN, sort_counts
from app.ui.me.card import Card, plain_label
from app.ui.me.consent_box import keeping_words
from app.ui.plain_text import PlainLabel

if TYPE_CHECKING:
    from app.state.privacy import ExportProgress
    from wire.privacy_events import MyData, PrivacyTerms

_STEPS: Final = 1_000
_COLUMNS: Final = 3


class DataCard(Card):
    """Says what the user wants; the page asks the relay."""

    export_wanted = Signal()
    cancel_wanted = Signal()
    erase_wanted = Signal()
    recording_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: MyData | None = None
        self._terms: PrivacyTerms | None = None
        self._asking = plain_label(self)
        self._counts = tuple(PlainLabel(self) for _ in (*SHOWN, "other"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for number, label in enumerate(self._counts):
            grid.addWidget(label, number // _COLUMNS, number % _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        self._kept = plain_label(self, is_soft=True)
        self.recording = QCheckBox(self)
        self.export = QPushButton(self)
        self.erase = QPushButton(self)
        self.erase.setProperty("kind", "danger")
        self.bar = QProgressBar(self)
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.cancel = QPushButton(self)
        self._buttons, self._progress = QWidget(self), QWidget(self)
        for row, widgets in (
            (self._buttons, (self.export, self.erase)),
            (self._progress, (self.bar, self.cancel)),
        ):
            layout = QHBoxLayout(row)
            layout.setContentsMargins(0, 8, 0, 0)
            layout.setSpacing(8)
            for part in widgets:
                layout.addWidget(part)
            if row is self._buttons:
                layout.addStretch(1)
        self.body.addWidget(self._asking)
        self.body.addLayout(grid)
        for widget in (self._kept, self.recording, self._buttons, self._progress):
            self.body.addWidget(widget)
        self.export.clicked.connect(self.export_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.erase.clicked.connect(self.erase_wanted)
        self.recording.clicked.connect(
            lambda: self.recording_wanted.emit(self.recording.isChecked())
        )
        self.show_progress(None)
        self.retranslate()

    def show_data(self, data: MyData | None) -> None:
        """None: another user, or none."""
        self._data = data
        self._render()

    def show_terms(self, terms: PrivacyTerms | None) -> None:
        self._terms = terms
        self._render()

    def show_progress(self, progress: ExportProgress | None) -> None:
        """None: nothing is being exported."""
        self._buttons.setVisible(progress is None)
        self._progress.setVisible(progress is not None)
        if progress is not None:
            self.bar.setValue(round(progress.share * _STEPS))

    def retranslate(self) -> None:
        self.set_heading(self.tr("My data"))
        self.recording.setText(self.tr("Remember what I watch, to recommend rooms to me"))
        self.export.setText(self.tr("Save a copy…"))
        self.erase.setText(self.tr("Erase my account…"))
        self.cancel.setText(self.tr("Cancel"))
        self._asking.setText(self.tr("Asking the relay what it has…"))
        self.bar.setAccessibleName(self.tr("Saving a copy of your data"))
        self._render()

    def _render(self) -> None:
        data = self._data
        self.recording.setEnabled(data is not None)
        self._asking.setVisible(data is None)
        lines = []
        if data is not None:
            self.recording.setChecked(data.is_recorded)
            form = self.tr("{what}: {count}")
            lines = [
                form.format(what=_name_of(name), count=f"{count:,}")
                for name, count in sort_counts(data.counts)
            ]
        for label, line in zip(self._counts, chain(lines, repeat("")), strict=False):
            label.setText(line)
            label.setVisible(bool(line))
        self._kept.setText(keeping_words(self._terms) if self._terms is not None else "")
        self._kept.setVisible(self._terms is not None)


def _name_of(name: str) -> str:
    translate = QCoreApplication.translate
    names = {
        "messages": translate("Data", "Messages"),
        "rooms": translate("Data", "Rooms"),
        "broadcasts": translate("Data", "Broadcasts"),
        "follows": translate("Data", "People you follow"),
        "followers": translate("Data", "Followers"),
        "moderating": translate("Data", "Rooms you moderate"),
        "polls": translate("Data", "Polls you opened"),
        "poll_votes": translate("Data", "Votes"),
        "draws": translate("Data", "Draws you opened"),
        "draw_entries": translate("Data", "Draws you entered"),
        "announcements": translate("Data", "Announcements"),
        "coins": translate("Data", "Movements of coins"),
        "watched_minutes": translate("Data", "Days on which you watched"),
        "sessions": translate("Data", "Sessions"),
        "devices": translate("Data", "Known devices"),
        "identity_marks": translate("Data", "Hashes of devices and addresses"),
    }
    return names.get(name) or translate("Data", "Other entries")
