"""Saves a recording, a piece of it, or what was said in it. Stays open beside the player."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.danmaku.choices import DanmakuSettings
from app.live.exporting import (
    SUFFIXES,
    Export,
    ExportCancelled,
    Exported,
    ExportWish,
)
from app.media.clipping.recording import CLIP_MS_MIN, Marks
from app.state.moment import CHARACTERS_MAX, find_moment, write_moment
from app.ui.elided_label import ElidedLabel
from app.ui.plain_text import PlainLabel, one_line
from app.ui.replays.export_words import explain_export
from app.ui.replays.text_painter import StageTextPainter, stage_font
from app.ui.theme.kinds import set_kind

if TYPE_CHECKING:
    import concurrent.futures

    from PySide6.QtGui import QCloseEvent

    from app.errors import LivehouseError
    from app.live.exporting import ExportKind
    from app.live.loop_thread import LoopThread
    from app.live.replay_source import Control
    from app.media.clipping.recording import Source
    from app.ui.door import Door
    from app.ui.room_emotes import RoomEmotes
    from wire.replay_events import ReplayInfo

WIDTH: Final = 480
MARGIN: Final = 24
STEPS: Final = 1000
LAST_MS: Final = 30_000
NAME_CHARACTERS_MAX: Final = 60
WORDS_MAX: Final = 200
_UNWANTED: Final = frozenset('\\/:*?"<>|')
"""In names of files, on one system or another."""


class ExportDialog(QDialog):
    """Shown with `show`: the player goes on, and marks can be taken from where it is.

    `position_ms` says where the player is now; `source` is another file than the relay's.
    """

    def __init__(
        self,
        parent: QWidget,
        replay: ReplayInfo,
        source: Source | None = None,
        *,
        control: Control,
        loop: LoopThread,
        door: Door,
        position_ms: Callable[[], int],
        settings: DanmakuSettings | None = None,
        emotes: RoomEmotes | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._replay = replay
        self._source = source
        self._control = control
        self._loop = loop
        self._door = door
        self._position_ms = position_ms
        self._settings = settings or DanmakuSettings()
        self._painter = StageTextPainter(door, emotes)
        self._export: Export | None = None
        self._running: concurrent.futures.Future[Exported] | None = None
        self._is_closed = False
        """What still comes from other threads finds no widgets."""
        self._make_parts()
        self._lay_out()
        self._connect()
        self._on_kind()
        self.kind.setFocus()

    # --- building -------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.setWindowTitle(self.tr("Export"))
        self._heading = ElidedLabel()
        self._heading.setObjectName("h3")
        title = self._replay.title or self._replay.room_title
        self._heading.show_line(self.tr("Export: {0}").format(title))
        self.setAccessibleName(self._heading.text())
        self.kind = QComboBox(self)
        self.kind.setAccessibleName(self.tr("What to export"))
        for kind, words in self._kinds():
            self.kind.addItem(words, kind)
        self.from_line, self.to_line = QLineEdit(self), QLineEdit(self)
        self.from_here, self.to_here = QPushButton(self), QPushButton(self)
        self.all_button, self.last_button = QPushButton(self), QPushButton(self)
        self.from_line.setText(write_moment(0))
        self.to_line.setText(write_moment(self._replay.duration_ms))
        for line, name in (
            (self.from_line, self.tr("From")),
            (self.to_line, self.tr("To")),
        ):
            line.setMaxLength(CHARACTERS_MAX)
            line.setAccessibleName(name)
        for button, words, name in (
            (self.from_here, self.tr("Here"), self.tr("From where the player is")),
            (self.to_here, self.tr("Here"), self.tr("To where the player is")),
            (self.all_button, self.tr("All of it"), self.tr("All of it")),
            (self.last_button, self.tr("Last 30 s"), self.tr("The last 30 s before here")),
        ):
            button.setText(words)
            button.setAccessibleName(name)
            button.setAutoDefault(False)
        self.exact = QCheckBox(self.tr("Exact to the picture"), self)
        self.danmaku = QCheckBox(self.tr("Danmaku in the picture"), self)
        self.hint, self.words = PlainLabel(self), PlainLabel(self)
        self.hint.setObjectName("soft")
        for label in (self.hint, self.words):
            label.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(self.tr("How far the export is"))
        self.bar.hide()
        self.words.hide()
        self.close_button, self.save_button = QPushButton(self), QPushButton(self)
        self.close_button.setAutoDefault(False)
        self.save_button.setDefault(True)
        self.save_button.setProperty("kind", "primary")
        self._name_buttons()

    def _kinds(self) -> tuple[tuple[ExportKind, str], ...]:
        return (
            ("video", self.tr("Video (MP4)")),
            ("xml", self.tr("Danmaku for players (Bilibili XML)")),
            ("ass", self.tr("Danmaku as subtitles (ASS)")),
            ("csv", self.tr("Chat and gifts as a table (CSV)")),
            ("json", self.tr("Chat and gifts for programs (JSON)")),
        )

    def _lay_out(self) -> None:
        self._clip = QWidget(self)
        grid = QGridLayout(self._clip)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for row, (line, here, other) in enumerate(
            (
                (self.from_line, self.from_here, self.all_button),
                (self.to_line, self.to_here, self.last_button),
            )
        ):
            label = PlainLabel(self)
            label.setText(line.accessibleName())
            for column, widget in enumerate((label, line, here, other)):
                grid.addWidget(widget, row, column)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.exact, 2, 0, 1, 4)
        grid.addWidget(self.danmaku, 3, 0, 1, 4)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(16)
        for widget in (self._heading, self.kind, self._clip, self.hint, self.bar, self.words):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.setFixedWidth(WIDTH)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(self._on_kind)
        for line in (self.from_line, self.to_line):
            line.textChanged.connect(self._on_marks)
        for box in (self.exact, self.danmaku):
            box.toggled.connect(self._on_marks)
        self.from_here.clicked.connect(
            lambda: self.from_line.setText(write_moment(self._position_ms()))
        )
        self.to_here.clicked.connect(
            lambda: self.to_line.setText(write_moment(self._position_ms()))
        )
        self.all_button.clicked.connect(lambda: self.mark(0, self._replay.duration_ms))
        self.last_button.clicked.connect(self._on_last)
        self.save_button.clicked.connect(self._on_save)
        self.close_button.clicked.connect(self._on_close)

    # --- what is wanted -------------------------------------------------------------------------

    @property
    def chosen_kind(self) -> ExportKind:
        for kind, _words in self._kinds():
            if kind == self.kind.currentData():
                return kind
        return "video"

    def mark(self, from_ms: int, to_ms: int) -> None:
        """A piece of the recording, to be saved as a clip."""
        self.kind.setCurrentIndex(0)
        self.from_line.setText(write_moment(from_ms))
        self.to_line.setText(write_moment(to_ms))

    def marks(self) -> Marks | None:
        """None where what is written is no piece."""
        from_ms, to_ms = find_moment(self.from_line.text()), find_moment(self.to_line.text())
        if from_ms is None or to_ms is None or to_ms - from_ms < CLIP_MS_MIN:
            return None
        is_to_end = to_ms >= self._replay.duration_ms and self._replay.state == "ready"
        return Marks(from_ms, None if is_to_end else to_ms)

    def _on_last(self) -> None:
        here_ms = self._position_ms()
        self.mark(max(0, here_ms - LAST_MS), here_ms)

    def _on_kind(self) -> None:
        self._clip.setVisible(self.chosen_kind == "video")
        self._on_marks()

    def _on_marks(self) -> None:
        is_video = self.chosen_kind == "video"
        has_marks = not is_video or self.marks() is not None
        self.save_button.setEnabled(has_marks and self._running is None)
        if not has_marks:
            hint = self.tr("Times are written as 1:02:03, and the end is after the beginning.")
        elif is_video and (self.exact.isChecked() or self.danmaku.isChecked()):
            hint = self.tr("The pictures are encoded again: about as long as the clip takes.")
        elif is_video:
            hint = self.tr(
                "Copied as it is, in a moment. It may begin up to two seconds sooner, at the "
                "nearest whole picture."
            )
        else:
            hint = self._hint_for_words()
        self.hint.setText(hint)
        self.adjust()

    def _hint_for_words(self) -> str:
        return {
            "xml": self.tr("Names are left out: each author is a number that says nothing else."),
            "ass": self.tr("As the stage shows them, for any player that shows subtitles."),
            "csv": self.tr("With names, for a spreadsheet."),
            "json": self.tr("With names, as the relay has them."),
        }.get(self.chosen_kind, "")

    def adjust(self) -> None:
        """Words that wrap have their height before the dialog has its own."""
        for label in (self.hint, self.words):
            label.setMinimumHeight(max(0, label.heightForWidth(WIDTH - 2 * MARGIN)))
        self.adjustSize()

    # --- saving ---------------------------------------------------------------------------------

    def _on_save(self) -> None:
        suffix = SUFFIXES[self.chosen_kind]
        dialog = QFileDialog(self, self.tr("Export to"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{self.kind.currentText()} (*{suffix})")
        dialog.setDefaultSuffix(suffix.lstrip("."))
        dialog.selectFile(name_file(self._replay.title or self._replay.room_title) + suffix)
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Begins; what becomes of it is said in the dialog."""
        is_video = self.chosen_kind == "video"
        marks = self.marks() if is_video else Marks()
        if marks is None or self._running is not None:
            return
        wish = ExportWish(
            kind=self.chosen_kind,
            path=path,
            marks=marks,
            is_exact=is_video and self.exact.isChecked(),
            has_danmaku=is_video and self.danmaku.isChecked(),
            settings=self._settings,
            font=stage_font(),
        )
        export = self._export = Export(
            self._control,
            self._replay,
            self._source,
            painter=self._painter,
            on_progress=_Throttle(lambda step: self._door.post(self._on_progress, step)),
        )
        self._running = self._loop.submit(export.run(wish))
        self._say("", "")
        self.bar.setValue(0)
        self._show_running(is_running=True)
        self._door.deliver(self._running, self._on_exported, self._on_failed)

    def _on_progress(self, step: int) -> None:
        if not self._is_closed:
            self.bar.setValue(step)

    def _on_exported(self, made: Exported) -> None:
        if self._is_closed:
            return
        self._show_running(is_running=False)
        words = self.tr("Saved: {0}").format(made.path.name)
        if self.chosen_kind != "video":
            words = self.tr("Saved: {0} (lines: {1})").format(made.path.name, made.lines)
        if made.is_cut:
            cut = self.tr("too much for one file: what came last is not in it")
            words = f"{words} \u00b7 {cut}"
        self._say(words, "warn" if made.is_cut else "good")

    def _on_failed(self, error: LivehouseError) -> None:
        if self._is_closed:
            return
        self._show_running(is_running=False)
        self._say(explain_export(error), "" if isinstance(error, ExportCancelled) else "bad")

    def _show_running(self, *, is_running: bool) -> None:
        if not is_running:
            self._running = self._export = None
        self.bar.setVisible(is_running)
        for widget in (self.kind, self._clip):
            widget.setEnabled(not is_running)
        self._name_buttons()
        self._on_marks()

    def _name_buttons(self) -> None:
        is_running = self._running is not None
        self.close_button.setText(self.tr("Cancel") if is_running else self.tr("Close"))
        self.save_button.setText(self.tr("Save…"))
        for button in (self.close_button, self.save_button):
            button.setAccessibleName(button.text())

    def _say(self, words: str, kind: str) -> None:
        self.words.setText(one_line(words, WORDS_MAX))
        set_kind(self.words, kind)
        self.words.setVisible(bool(words))
        self.adjust()

    def _on_close(self) -> None:
        if self._export is None:
            self.close()
        else:
            self._export.cancel()

    def reject(self) -> None:
        """Esc: as the button."""
        self._on_close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._is_closed = True
        self._painter.close()
        if self._export is not None:
            self._export.cancel()
        event.accept()  # QDialog's own would ask `reject`, which does not close while it exports


class _Throttle:
    """Tells a step only when it is another: a thousand for the longest export."""

    def __init__(self, tell: Callable[[int], object]) -> None:
        self._tell = tell
        self._step = -1

    def __call__(self, share: float) -> None:
        step = int(share * STEPS)
        if step != self._step:
            self._step = step
            self._tell(step)


def name_file(title: str) -> str:
    """A title as a file's name, for every system."""
    kept = "".join("-" if one in _UNWANTED or not one.isprintable() else one for one in title)
    return kept.strip(" .")[:NAME_CHARACTERS_MAX].rstrip(" .") or "livehouse"
