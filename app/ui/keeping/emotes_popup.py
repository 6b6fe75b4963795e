"""A room's own emotes: what there is, add one from a file, remove one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from app.ui.emote_files import make_emote
from app.ui.keeping.list_popup import ListPopup
from app.ui.room_emotes import RoomEmotes
from app.ui.toast import tell
from wire.emotes import is_name
from wire.emotes_commands import AddEmote, RemoveEmote
from wire.limits import EMOTE_NAME_CHARACTERS_MAX, EMOTES_ROOM_MAX

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.state.keeping import KeptRoom

SIDE: Final = 24


class EmotesPopup(ListPopup):
    """`wanted` carries AddEmote or RemoveEmote; the list changes when the relay says so."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._kept: KeptRoom | None = None
        self._art = RoomEmotes(self)
        self.choose_file: Callable[[Callable[[str], None]], None] = self._open_files
        """Calls what it is given with a path."""
        self.list.setIconSize(QSize(SIDE, SIDE))
        self.remove = self.add_button((Qt.Key.Key_Delete, Qt.Key.Key_Backspace))
        self.name = QLineEdit()
        self.name.setMaxLength(EMOTE_NAME_CHARACTERS_MAX)
        self.add = QPushButton()
        self.add.setProperty("kind", "primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(self.add)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.addLayout(row)
        self.remove.clicked.connect(self._on_remove)
        self.add.clicked.connect(self._on_add)
        self.name.returnPressed.connect(self._on_add)
        self.retranslate()

    def use_emotes(self, emotes: RoomEmotes) -> None:
        """Where the pictures are."""
        self._art = emotes
        emotes.changed.connect(self._show_pictures)

    def render_kept(self, kept: KeptRoom) -> None:
        before, self._kept = self._kept, kept
        if before is not None and before.lead.emotes == kept.lead.emotes:
            return
        self.set_rows([(one.name, f":{one.name}:") for one in kept.lead.emotes])
        self._show_pictures()
        self._show_words()

    def open_below(self, anchor: QWidget) -> None:
        self._art.ask_for_all()
        self._show_words()
        self.pop_up_below(anchor)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Emotes of this room"))
        self.list.setAccessibleName(self.tr("Emotes of this room"))
        self.heading.setText(self.tr("Emotes of this room"))
        self.remove.setText(self.tr("Remove"))
        self.add.setText(self.tr("Add picture…"))
        self.name.setPlaceholderText(self.tr("Name, or the file's"))
        self.name.setAccessibleName(self.tr("Name of the emote"))
        for button in (self.remove, self.add):
            button.setAccessibleName(button.text())
        self._show_words()

    def on_row_changed(self) -> None:
        self.remove.setEnabled(bool(self.current_key))

    def add_from(self, path: str) -> None:
        """Ask for an emote of this picture file; says so where it cannot be one."""
        kept = self._kept
        if kept is None or kept.room_id is None or not path:
            return
        name = self.name.text().strip().lower() or name_of_file(path)
        picture = make_emote(Path(path))
        if not is_name(name):
            self._tell(
                self.tr("A name is 2 to 24 of a-z, 0-9 and _, and not one that every room has.")
            )
        elif picture is None:
            self._tell(self.tr("This file is no picture that can be an emote."))
        else:
            self.name.clear()
            self.wanted.emit(AddEmote(id=0, room_id=kept.room_id, name=name, picture=picture))

    def _tell(self, words: str) -> None:
        owner = self.parentWidget()
        tell(owner if owner is not None else self, words, "bad")

    def _show_words(self) -> None:
        count = len(self._kept.lead.emotes) if self._kept is not None else 0
        words = self.tr("Everybody here writes them as :name:. A picture is made small for you.")
        if count:
            words = self.tr("{0} of {1}. Everybody here writes them as :name:.").format(
                count, EMOTES_ROOM_MAX
            )
        self.add.setEnabled(count < EMOTES_ROOM_MAX)
        self.show_hint(words)

    def _show_pictures(self) -> None:
        ratio = self.devicePixelRatioF()
        for number in range(self.list.count()):
            item = self.list.item(number)
            name = item.text().strip(":")
            if self._art.has(name):
                picture = self._art.pixmap(name, SIDE, ratio)
                shown = QIcon(picture)
                shown.addPixmap(picture, QIcon.Mode.Selected)  # not tinted
                item.setIcon(shown)

    def _on_remove(self) -> None:
        kept, name = self._kept, self.current_key
        if kept is not None and kept.room_id is not None and name:
            self.wanted.emit(RemoveEmote(id=0, room_id=kept.room_id, name=name))

    def _on_add(self) -> None:
        if self.add.isEnabled():
            self.hide()
            self.choose_file(self.add_from)

    def _open_files(self, on_path: Callable[[str], None]) -> None:
        dialog = QFileDialog(self.parentWidget(), self.tr("A picture for an emote"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Pictures") + " (*.png *.jpg *.jpeg *.webp *.gif *.svg)")
        dialog.fileSelected.connect(on_path)
        dialog.open()


def name_of_file(path: str) -> str:
    """A name made of a file's; it may still be no good one."""
    stem = re.sub(r"[^a-z0-9_]+", "_", Path(path).stem.lower()).strip("_")
    return stem[:EMOTE_NAME_CHARACTERS_MAX]
