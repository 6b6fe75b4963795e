"""What one may do with a message and its writer, as entries of a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.state.keeping import KeptRoom, Target
from wire import commands
from wire.ids import MessageId
from wire.limits import ANNOUNCEMENT_CHARACTERS_MAX

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget


class PersonMenu(QObject):
    """`wanted` carries a command. One for each page; it fills the menus of chat and danmaku."""

    wanted = Signal(object)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._kept = KeptRoom()

    def render_kept(self, kept: KeptRoom) -> None:
        self._kept = kept

    def fill(self, menu: QMenu, target: Target) -> None:
        """Nothing where one may do nothing."""
        if self._kept.is_keeper:
            menu.addSeparator()
            self._add_leading(menu, target)

    def _add_leading(self, menu: QMenu, target: Target) -> None:
        room_id, pinned = self._kept.room_id, self._kept.lead.pinned
        if room_id is None:
            return
        if pinned is not None and pinned.message_id == target.message_id:
            unpin = commands.PinMessage(id=0, room_id=room_id, message_id=None)
            menu.addAction(self.tr("Unpin"), lambda: self.wanted.emit(unpin))
        else:
            message_id = MessageId(target.message_id)
            pin = commands.PinMessage(id=0, room_id=room_id, message_id=message_id)
            menu.addAction(self.tr("Pin"), lambda: self.wanted.emit(pin))
        text = target.text[:ANNOUNCEMENT_CHARACTERS_MAX]
        said = commands.Announce(id=0, room_id=room_id, text=text)
        menu.addAction(self.tr("Announce this"), lambda: self.wanted.emit(said))
