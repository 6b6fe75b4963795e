"""What one may do with a message and its writer, as entries of a menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.state.keeping import SANCTION_PRESETS_S, KeptRoom, Target
from app.ui.keeping.sanction_dialog import SanctionDialog
from app.ui.keeping.words import describe_barrier, preset_name, sanction_verb
from app.ui.plain_text import button_text
from wire import chat_commands, order_commands, room_commands
from wire.ids import MessageId, UserId
from wire.limits import ANNOUNCEMENT_CHARACTERS_MAX
from wire.permissions import Action

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from wire.order_commands import SanctionKind


class PersonMenu(QObject):
    """`wanted` carries a command. One for each page; it fills the menus of chat and danmaku."""

    wanted = Signal(object)
    report_asked = Signal(object)
    """A Target: the viewer wants to report it."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._kept = KeptRoom()
        self.own_user_id: Callable[[], str] = lambda: ""
        self.offers_report = False
        """Whether somebody takes `report_asked`."""

    def render_kept(self, kept: KeptRoom) -> None:
        self._kept = kept

    def fill(self, menu: QMenu, target: Target) -> None:
        """Nothing where one may do nothing."""
        kept = self._kept
        is_own = target.user_id == self.own_user_id()
        if self.offers_report and not is_own:
            menu.addAction(self.tr("Report…"), lambda: self.report_asked.emit(target))
        if kept.may(Action.LEAD_CHAT):
            menu.addSeparator()
            self._add_leading(menu, target)
        self.fill_order(menu, target)

    def fill_order(self, menu: QMenu, target: Target) -> None:
        """Of a message that not all have seen: only what keeps order."""
        kept = self._kept
        is_own = target.user_id == self.own_user_id()
        if kept.may(Action.KEEP_ORDER):
            menu.addSeparator()
            if is_own or kept.reaches(target):
                self._add_deleting(menu, target)
            if not is_own:
                self._add_sanctions(menu, target)
        if kept.may(Action.SET_MODERATOR) and not is_own and target.role != "streamer":
            self._add_moderator(menu, target)

    def _add_leading(self, menu: QMenu, target: Target) -> None:
        room_id, pinned = self._kept.room_id, self._kept.lead.pinned
        if room_id is None:
            return
        if pinned is not None and pinned.message_id == target.message_id:
            unpin = chat_commands.PinMessage(id=0, room_id=room_id, message_id=None)
            menu.addAction(self.tr("Unpin"), lambda: self.wanted.emit(unpin))
        else:
            message_id = MessageId(target.message_id)
            pin = chat_commands.PinMessage(id=0, room_id=room_id, message_id=message_id)
            menu.addAction(self.tr("Pin"), lambda: self.wanted.emit(pin))
        text = target.text[:ANNOUNCEMENT_CHARACTERS_MAX]
        said = chat_commands.Announce(id=0, room_id=room_id, text=text)
        menu.addAction(self.tr("Announce this"), lambda: self.wanted.emit(said))

    def _add_deleting(self, menu: QMenu, target: Target) -> None:
        room_id = self._kept.room_id
        if room_id is None:
            return
        one = order_commands.DeleteDanmaku(
            id=0, room_id=room_id, message_id=MessageId(target.message_id)
        )
        menu.addAction(self.tr("Delete the message"), lambda: self.wanted.emit(one))
        every = order_commands.DeleteDanmakuOf(
            id=0, room_id=room_id, user_id=UserId(target.user_id)
        )
        menu.addAction(self.tr("Delete all that they wrote"), lambda: self.wanted.emit(every))

    def _add_sanctions(self, menu: QMenu, target: Target) -> None:
        if not self._kept.reaches(target):
            menu.addAction(describe_barrier(target.role)).setEnabled(False)
            return
        self._add_presets(menu, "mute", target)
        menu.addAction(self.tr("Remove from the room…"), lambda: self._ask_reason("kick", target))
        self._add_presets(menu, "ban", target)

    def _add_presets(self, menu: QMenu, kind: SanctionKind, target: Target) -> None:
        presets = menu.addMenu(sanction_verb(kind))
        for preset_s in SANCTION_PRESETS_S:
            impose = partial(self._impose, kind, target, preset_s)
            presets.addAction(button_text(preset_name(preset_s)), impose)
        presets.addSeparator()
        presets.addAction(self.tr("With a reason…"), lambda: self._ask_reason(kind, target))

    def _add_moderator(self, menu: QMenu, target: Target) -> None:
        room_id = self._kept.room_id
        if room_id is None:
            return
        is_granted = target.role != "moderator"
        command = room_commands.SetModerator(
            id=0, room_id=room_id, user_id=UserId(target.user_id), granted=is_granted
        )
        words = self.tr("Make a moderator") if is_granted else self.tr("No longer a moderator")
        menu.addAction(button_text(words), lambda: self.wanted.emit(command))

    def _ask_reason(self, kind: SanctionKind, target: Target) -> SanctionDialog:
        dialog = SanctionDialog(self._page, kind, target)
        dialog.chosen.connect(partial(self._impose, kind, target))
        dialog.open()
        return dialog

    def _impose(
        self,
        kind: SanctionKind,
        target: Target,
        duration_s: int | None,
        reason: str = "",
        deletes: bool = False,  # noqa: FBT001, FBT002 # a signal's value
    ) -> None:
        self.wanted.emit(
            order_commands.ImposeSanction(
                id=0,
                user_id=UserId(target.user_id),
                room_id=self._kept.room_id,
                kind=kind,
                duration_s=duration_s,
                reason=reason,
                deletes_messages=deletes,
            )
        )
