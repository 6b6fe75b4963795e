"""The switch of the recording on this computer, with how long and large it is, and its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.state.moment import clock_words
from app.state.studio_recording import LocalRecording
from app.ui.plain_text import PlainLabel, one_line, set_tooltip
from app.ui.theme.icons import set_lead_icon
from app.ui.theme.kinds import set_kind

if TYPE_CHECKING:
    from app.state.studio_recording import RecordingFault

WORDS_MAX: Final = 160
MEGABYTE: Final = 1_000_000
GIGABYTE: Final = 1_000 * MEGABYTE


class RecordRow(QWidget):
    """Renders a LocalRecording. `wanted`: whether to record, and the folder; empty: the usual."""

    wanted = Signal(bool, str)
    folder_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recording = LocalRecording()
        self._folder = ""
        self.switch = QPushButton(self)
        self.switch.setCheckable(True)
        set_lead_icon(self.switch, "record")
        self.folder_button = QPushButton(self)
        set_lead_icon(self.folder_button, "folder")
        self.folder_button.setIconSize(QSize(18, 18))
        self.words = PlainLabel(self)
        self.words.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.switch, 1)
        row.addWidget(self.folder_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.words)
        self.switch.clicked.connect(self._on_switch)
        self.folder_button.clicked.connect(self._on_folder)
        self.retranslate()

    def choose_folder(self, folder: str) -> None:
        """Empty: the usual one."""
        self._folder = folder
        self._name_folder()

    def render_recording(self, recording: LocalRecording) -> None:
        if recording != self._recording:
            self._recording = recording
            self._render()

    def retranslate(self) -> None:
        self.folder_button.setAccessibleName(self.tr("Folder for recordings"))
        self._name_folder()
        self._render()

    def _name_folder(self) -> None:
        words = self.tr("Folder for recordings: {0}")
        set_tooltip(
            self.folder_button, words.format(self._folder or self.tr("Livehouse, in Videos"))
        )

    def _render(self) -> None:
        recording = self._recording
        self.switch.setChecked(recording.phase != "off")
        self.switch.setText(
            self.tr("Record here") if recording.phase == "off" else self.tr("Stop recording")
        )
        self.switch.setAccessibleName(self.switch.text())
        set_tooltip(
            self.switch,
            self.tr("Keeps the broadcast as a file on this computer, as it is sent"),
        )
        set_kind(self.words, "bad" if recording.fault else "")
        words = one_line(self._describe(recording), WORDS_MAX)
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def _describe(self, recording: LocalRecording) -> str:
        if recording.fault:
            return self._describe_fault(recording.fault, recording.detail)
        if recording.phase == "armed":
            return self.tr("Begins with the broadcast.")
        if recording.phase == "on":
            return self.tr("Recording: {time}, {size}").format(
                time=clock_words(int(recording.seconds * 1000)), size=write_size(recording.bytes)
            )
        if recording.path and recording.bytes:
            return self.tr("Saved as {0}").format(Path(recording.path).name)
        return ""

    def _describe_fault(self, fault: RecordingFault, detail: str) -> str:
        if fault == "disk_full":
            return self.tr(
                "The disk is nearly full: nothing more is recorded. What there was is kept, and "
                "the broadcast goes on."
            )
        if fault == "folder":
            return self.tr("The folder cannot be used: {0}").format(detail)
        return self.tr("The recording stopped: {0}").format(detail)

    def _on_switch(self) -> None:
        is_wanted = self._recording.phase == "off"
        self.switch.setChecked(not is_wanted)  # it says what is, once that is so
        self.wanted.emit(is_wanted, self._folder)

    def _on_folder(self) -> None:
        usual = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
        dialog = QFileDialog(self, self.tr("A folder for recordings"), self._folder or usual)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._on_folder_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_folder_chosen(self, folder: str) -> None:
        """For the next file: what is being written stays where it is."""
        self.choose_folder(folder)
        self.folder_chosen.emit(folder)


def write_size(size: int) -> str:
    if size >= GIGABYTE:
        return f"{size / GIGABYTE:.2f} GB"
    return f"{size / MEGABYTE:.1f} MB"
