"""What whoever keeps a recording may do with it: name, who sees it, keep, delete."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, get_args

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.menus import empty
from app.ui.plain_text import button_text
from app.ui.question import Question
from app.ui.replays.rename_dialog import RenameDialog
from app.ui.replays.replay_words import replay_title, size_words, visibility_words
from app.ui.theme.icons import icon
from app.ui.toast import tell
from wire.limits import ROOM_TITLE_CHARACTERS_MAX
from wire.replay_commands import EditReplay
from wire.replay_events import ReplayVisibility

if TYPE_CHECKING:
    from collections.abc import Callable

    from wire.replay_events import ReplayInfo

_HINT_CHARACTERS: Final = 60


class KeepMenu(QObject):
    """Only says what is wanted."""

    edit_wanted = Signal(object)
    """An EditReplay."""
    delete_wanted = Signal(object)
    """The ReplayInfo, after the question was answered."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self.menu = QMenu(page)
        self.extend: Callable[[QMenu, ReplayInfo], None] = lambda _menu, _replay: None
        """Adds what else may be done with a recording."""
        self.question: Question | None = None

    def pop_up(self, replay: ReplayInfo, at: QPoint) -> None:
        self.fill(replay)
        self.menu.popup(at)

    def fill(self, replay: ReplayInfo) -> None:
        menu = self.menu
        empty(menu)
        menu.addAction(icon("text"), self.tr("Rename"), partial(self.ask_name, replay))
        who = menu.addMenu(icon("viewers"), self.tr("Who may watch"))
        group = QActionGroup(who)
        for visibility in get_args(ReplayVisibility):
            action = QAction(button_text(self._visibility_words(visibility)), who)
            action.setCheckable(True)
            action.setChecked(visibility == replay.visibility)
            action.triggered.connect(partial(self._choose_visibility, replay, visibility))
            group.addAction(action)
            who.addAction(action)
        keep = menu.addAction(self.tr("Keep it when the disk fills"))
        keep.setCheckable(True)
        keep.setChecked(replay.kept)
        # Not `partial`: Qt gives those the signal without its value.
        keep.triggered.connect(lambda is_kept: self._choose_kept(replay, is_kept=is_kept))
        code = menu.addAction(icon("copy"), self.tr("Copy its code"), partial(self._copy, replay))
        code.setEnabled(replay.visibility != "private")
        self.extend(menu, replay)
        menu.addSeparator()
        delete = menu.addAction(
            icon("trash"), self.tr("Delete"), partial(self.ask_to_delete, replay)
        )
        delete.setEnabled(replay.state != "recording")

    def ask_name(self, replay: ReplayInfo) -> RenameDialog:
        dialog = RenameDialog(
            self._page,
            self.tr("Name of the recording"),
            text=replay.title,
            characters_max=ROOM_TITLE_CHARACTERS_MAX,
            may_be_empty=False,
        )
        dialog.named.connect(lambda title: self._edit(replay, title=title))
        dialog.open()
        return dialog

    def ask_to_delete(self, replay: ReplayInfo) -> Question:
        words = self.tr(
            "Delete “{0}” with its picture, sound and everything that was said? It takes {1} and "
            "cannot be brought back."
        )
        title = replay_title(replay)[:_HINT_CHARACTERS]
        question = Question(
            self._page,
            words.replace("{1}", size_words(replay.size_bytes)).replace("{0}", title),
            yes=self.tr("Delete"),
            no=self.tr("Keep it"),
        )
        question.accepted.connect(lambda: self.delete_wanted.emit(replay))
        question.open()
        return question

    def _visibility_words(self, visibility: ReplayVisibility) -> str:
        about = {
            "private": self.tr("only you and the house's admins"),
            "unlisted": self.tr("whoever has its code"),
            "public": self.tr("everybody, in the list"),
        }
        return button_text(f"{visibility_words(visibility)} – {about[visibility]}")

    def _choose_visibility(
        self, replay: ReplayInfo, visibility: ReplayVisibility, _checked: object = None
    ) -> None:
        self._edit(replay, visibility=visibility)

    def _copy(self, replay: ReplayInfo) -> None:
        QGuiApplication.clipboard().setText(replay.replay_id)
        tell(self._page, self.tr("Copied. Whoever searches Replays for it finds this."), "good")

    def _choose_kept(self, replay: ReplayInfo, *, is_kept: bool) -> None:
        self._edit(replay, kept=is_kept)

    def _edit(
        self,
        replay: ReplayInfo,
        *,
        title: str | None = None,
        visibility: ReplayVisibility | None = None,
        kept: bool | None = None,
    ) -> None:
        self.edit_wanted.emit(
            EditReplay(
                id=0, replay_id=replay.replay_id, title=title, visibility=visibility, kept=kept
            )
        )
