"""What was done lately to keep the room in order, by whom; the chosen act can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from app.state.keeping import KeptRoom
from app.ui.keeping.list_popup import ListPopup
from app.ui.keeping.words import describe_act
from wire import order_commands
from wire.ids import ActId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class ActsPopup(ListPopup):
    """`wanted` carries ListActs when it opens, and UndoAct."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._kept = KeptRoom()
        self.undo_button = self.add_button((Qt.Key.Key_Return, Qt.Key.Key_Enter))
        self.undo_button.clicked.connect(self._on_undo)
        self.retranslate()

    def render_kept(self, kept: KeptRoom) -> None:
        before, self._kept = self._kept, kept
        if before.keeping.acts is not kept.keeping.acts:
            self._show_acts()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("What was done here"))
        self.heading.setText(self.tr("What was done here"))
        self.list.setAccessibleName(self.tr("What was done here"))
        self.undo_button.setText(self.tr("Undo the chosen one"))
        self.undo_button.setAccessibleName(self.undo_button.text())
        self._show_acts()

    def open_below(self, anchor: QWidget) -> None:
        """With the newest from the relay."""
        self.pop_up_below(anchor)
        if self._kept.room_id is not None:
            self.wanted.emit(order_commands.ListActs(id=0, room_id=self._kept.room_id))

    def on_row_changed(self) -> None:
        acts = {act.act_id: act for act in self._kept.keeping.acts}
        act = acts.get(ActId(self.current_key))
        self.undo_button.setEnabled(act is not None and self._kept.may_undo(act))

    def _show_acts(self) -> None:
        acts = self._kept.keeping.acts
        self.set_rows([(act.act_id, describe_act(act)) for act in acts])
        words = self.tr("Nothing yet: every mute, ban, deletion and rule will stand here.")
        if acts:
            words = self.tr("Newest first, seen by all who lead here.")
        self.show_hint(words)

    def _on_undo(self) -> None:
        if self.current_key:
            self.wanted.emit(order_commands.UndoAct(id=0, act_id=ActId(self.current_key)))
        self.list.setFocus()
