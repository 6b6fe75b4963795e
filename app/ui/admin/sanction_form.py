"""The dialog that mutes or bans somebody: what, where, how long, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal

from app.ui.admin.forms import FormDialog
from app.ui.admin.sanction_words import DURATIONS, duration_words
from app.ui.plain_text import one_line
from wire import limits

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox, QWidget

    from wire.order_commands import SanctionKind


class SanctionForm(FormDialog):
    """`wanted` has the kind, the seconds (None: for ever), the reason, and whether in one room."""

    wanted = Signal(str, object, str, bool)

    def __init__(
        self,
        parent: QWidget,
        name: str,
        *,
        kind: SanctionKind | None = None,
        room_name: str = "",
        reason: str = "",
    ) -> None:
        """Without a `kind` it is asked for; with a `room_name` the place is."""
        title, yes = _words(kind)
        super().__init__(parent, title.replace("%1", one_line(name, 40)), yes=yes)
        self._kind = kind
        self.what: QComboBox | None = None
        if kind is None:
            self.what = self.add_choice(
                self.tr("What"), ((self.tr("Mute"), "mute"), (self.tr("Ban"), "ban"))
            )
        self.where: QComboBox | None = None
        if room_name:
            room = self.tr("Only in the room %1").replace("%1", one_line(room_name, 40))
            self.where = self.add_choice(
                self.tr("Where"), ((self.tr("In the whole house"), False), (room, True))
            )
        self.span = self.add_choice(
            self.tr("How long"), tuple((duration_words(one), one) for one in DURATIONS)
        )
        self.reason = self.add_line(
            self.tr("Reason: the user sees it"),
            limits.REASON_CHARACTERS_MAX,
            text=reason,
            is_needed=False,
        )
        self.sent.connect(self._on_sent)

    def _on_sent(self) -> None:
        kind = self._kind or (self.what.currentData() if self.what is not None else "mute")
        is_in_room = self.where is not None and bool(self.where.currentData())
        self.wanted.emit(kind, self.span.currentData(), self.reason.text(), is_in_room)


def _words(kind: SanctionKind | None) -> tuple[str, str]:
    """The title, and what the button says."""
    translate = QCoreApplication.translate
    if kind == "mute":
        return translate("SanctionForm", "Mute %1"), translate("SanctionForm", "Mute")
    if kind == "ban":
        return translate("SanctionForm", "Ban %1"), translate("SanctionForm", "Ban")
    return translate("SanctionForm", "Mute or ban %1"), translate("SanctionForm", "Impose it")
