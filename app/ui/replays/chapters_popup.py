"""The chapters of a recording: to go there; whoever keeps it adds, names and removes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.state.moment import clock_words
from app.ui.keeping.list_popup import WIDTH, ListPopup
from app.ui.keeping.place import place_popup
from app.ui.replays.rename_dialog import RenameDialog
from app.ui.replays.replay_words import chapter_words
from wire.limits import CHAPTER_CHARACTERS_MAX, CHAPTERS_MAX
from wire.replay_commands import EditReplay
from wire.replay_events import Chapter

if TYPE_CHECKING:
    from collections.abc import Callable

    from wire.replay_events import ReplayInfo

NEAR_MS: Final = 1_000
"""No two chapters are nearer to each other."""


class ChaptersPopup(ListPopup):
    """Rows are keyed by their moment."""

    sought = Signal(int)
    edit_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = parent
        self._replay: ReplayInfo | None = None
        self.position_ms: Callable[[], float] = lambda: 0.0
        self.go = self.add_button((Qt.Key.Key_Return, Qt.Key.Key_Enter))
        self.rename = self.add_button((Qt.Key.Key_F2,))
        self.remove = self.add_button((Qt.Key.Key_Delete,))
        self.add = QPushButton()
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self.add)
        self.go.clicked.connect(self._on_go)
        self.rename.clicked.connect(self._on_rename)
        self.remove.clicked.connect(self._on_remove)
        self.add.clicked.connect(self._on_add)
        self.list.itemDoubleClicked.connect(lambda _item: self._on_go())
        self.retranslate()

    def show_replay(self, replay: ReplayInfo) -> None:
        self._replay = replay
        chapters = sorted(replay.chapters, key=lambda one: one.at_ms)
        self.set_rows([(str(one.at_ms), _row_words(one)) for one in chapters])
        for button in (self.rename, self.remove, self.add):
            button.setVisible(replay.can_manage)
        self.add.setEnabled(len(chapters) < CHAPTERS_MAX)
        hint = self._hint(has_any=bool(chapters))
        self.hint.setVisible(bool(hint))
        self.show_hint(hint)

    def pop_up_above(self, anchor: QWidget, *, over: QWidget) -> None:
        """At its button, but above the whole of `over`, which stays to be seen and used."""
        self.adjustSize()
        top = anchor.mapFromGlobal(over.mapToGlobal(QPoint(0, 0))).y()
        place_popup(self, anchor, QPoint(anchor.width() - WIDTH, top - self.height() - 8))
        self.show()
        self._focus()

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Chapters"))
        self.list.setAccessibleName(self.tr("Chapters"))
        for button, words in (
            (self.go, self.tr("Go there")),
            (self.rename, self.tr("Rename")),
            (self.remove, self.tr("Remove")),
            (self.add, self.tr("New chapter here")),
        ):
            button.setText(words)
            button.setAccessibleName(words)

    def _hint(self, *, has_any: bool) -> str:
        if has_any:
            return ""
        if self._replay is not None and self._replay.can_manage:
            return self.tr("There are none yet. Go to a moment and begin one there.")
        return self.tr("This recording has none.")

    def _on_go(self) -> None:
        if self.current_key:
            self.sought.emit(int(self.current_key))
            self.hide()

    def _on_add(self) -> None:
        replay, at_ms = self._replay, int(self.position_ms())
        if replay is None or any(abs(one.at_ms - at_ms) < NEAR_MS for one in replay.chapters):
            return
        self._ask(Chapter(at_ms=at_ms), is_new=True)

    def _on_rename(self) -> None:
        chapter = self._find()
        if chapter is not None:
            self._ask(chapter, is_new=False)

    def _on_remove(self) -> None:
        chapter = self._find()
        if self._replay is not None and chapter is not None:
            self._save([one for one in self._replay.chapters if one != chapter])

    def _ask(self, chapter: Chapter, *, is_new: bool) -> None:
        self.hide()
        words = self.tr("Chapter at {0}").replace("{0}", clock_words(chapter.at_ms))
        dialog = RenameDialog(
            self._page,
            words,
            text=chapter.title,
            characters_max=CHAPTER_CHARACTERS_MAX,
            may_be_empty=chapter.source == "peak",
        )

        def on_named(title: str) -> None:
            if self._replay is None:
                return
            named = msgspec.structs.replace(chapter, title=title, source="hand")
            others = [one for one in self._replay.chapters if is_new or one != chapter]
            self._save([*others, named])

        dialog.named.connect(on_named)
        dialog.open()

    def _find(self) -> Chapter | None:
        if self._replay is None or not self.current_key:
            return None
        at_ms = int(self.current_key)
        return next((one for one in self._replay.chapters if one.at_ms == at_ms), None)

    def _save(self, chapters: list[Chapter]) -> None:
        if self._replay is not None:
            ordered = tuple(sorted(chapters, key=lambda one: one.at_ms))
            self.edit_wanted.emit(
                EditReplay(id=0, replay_id=self._replay.replay_id, chapters=ordered)
            )


def _row_words(chapter: Chapter) -> str:
    return f"{clock_words(chapter.at_ms)}   {chapter_words(chapter)}"
