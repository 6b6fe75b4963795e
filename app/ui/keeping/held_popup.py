"""The messages that wait for review: let through, or dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu

from app.state.keeping import target_of
from app.ui.keeping.list_popup import ListPopup
from app.ui.keeping.words import describe_held
from app.ui.plain_text import one_line
from wire import chat_commands
from wire.ids import MessageId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.state.keeping import KeptRoom, Target
    from wire.event_base import DanmakuPosted


def _describe(message: DanmakuPosted, kept: KeptRoom) -> str:
    line = f"{one_line(message.name)}: {one_line(message.text)}"
    reason = kept.keeping.find_reason(message.message_id)
    return line if reason is None else f"{line}\n{describe_held(reason)}"


class HeldPopup(ListPopup):
    """`wanted` carries ReviewDanmaku; a row goes when the relay says that it is decided."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._kept: KeptRoom | None = None
        self.extend_menu: Callable[[QMenu, Target], None] = lambda _menu, _target: None
        """Adds what may be done with a held message's writer."""
        self._asked: set[str] = set()
        """On their way to the relay."""
        self.show_button = self.add_button((Qt.Key.Key_Return, Qt.Key.Key_Enter))
        self.show_button.setProperty("kind", "primary")
        self.drop_button = self.add_button((Qt.Key.Key_Delete, Qt.Key.Key_Backspace))
        self.show_button.clicked.connect(lambda: self._on_decided(is_shown=True))
        self.drop_button.clicked.connect(lambda: self._on_decided(is_shown=False))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_menu)
        self.retranslate()

    def make_menu(self) -> QMenu | None:
        """Of the chosen row; None where there is nothing to do."""
        held = self._kept.keeping.held if self._kept is not None else ()
        for message in held:
            if message.message_id == self.current_key:
                menu = QMenu(self)
                menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
                self.extend_menu(menu, target_of(message))
                if menu.actions():
                    return menu
                menu.deleteLater()
        return None

    def render_kept(self, kept: KeptRoom) -> None:
        before, self._kept = self._kept, kept
        if before is not None and before.keeping.held is kept.keeping.held:
            return
        held = kept.keeping.held
        self._asked &= {message.message_id for message in held}
        self.set_rows([(one.message_id, _describe(one, kept)) for one in held])
        self._show_words()

    def retry(self) -> None:
        """The relay has refused something: all may be decided again."""
        self._asked.clear()
        self.on_row_changed()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Held messages"))
        self.list.setAccessibleName(self.tr("Held messages"))
        self.show_button.setText(self.tr("Show to all"))
        self.drop_button.setText(self.tr("Drop"))
        for button in (self.show_button, self.drop_button):
            button.setAccessibleName(button.text())
        self._show_words()

    def on_row_changed(self) -> None:
        can_decide = bool(self.current_key) and self.current_key not in self._asked
        for button in (self.show_button, self.drop_button):
            button.setEnabled(can_decide)

    def _on_menu(self, place: QPoint) -> None:
        menu = self.make_menu()
        if menu is not None:
            menu.popup(self.list.viewport().mapToGlobal(place))

    def _show_words(self) -> None:
        held = self._kept.keeping.held if self._kept is not None else ()
        self.heading.setText(self.tr("Held messages"))
        words = self.tr("Nothing waits. Chat rules can hold each message until you let it through.")
        if held:
            words = self.tr("Enter shows it to all, Delete drops it.")
        self.show_hint(words)

    def _on_decided(self, *, is_shown: bool) -> None:
        kept, key = self._kept, self.current_key
        if kept is None or kept.room_id is None or not key:
            return
        self._asked.add(key)
        row = self.list.currentRow()
        if row + 1 < self.list.count():
            self.list.setCurrentRow(row + 1)
        self.on_row_changed()
        self.list.setFocus()
        self.wanted.emit(
            chat_commands.ReviewDanmaku(
                id=0, room_id=kept.room_id, message_id=MessageId(key), is_shown=is_shown
            )
        )
