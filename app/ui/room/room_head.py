"""Above the stage: what this room is, and its buttons to follow, keep, share and report it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.live import recommending
from app.state.inbox import ReportTarget, report_of
from app.state.room import RoomState
from app.ui.elided_label import ElidedLabel
from app.ui.errors_in_words import explain
from app.ui.plain_text import one_line, set_tooltip
from app.ui.room.lead_head import LeadHead
from app.ui.room.report_dialog import ask_report
from app.ui.room_title import room_title
from app.ui.share_panel import SharePanel
from app.ui.theme.icons import icon, set_lead_icon
from app.ui.toast import tell

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.state.keeping import Target
    from app.ui.door import Door


class RoomHead(QWidget):
    """What `lead` wants is for the page; links and reports are made here."""

    def __init__(self, house: House, loop: LoopThread, door: Door, page: QWidget) -> None:
        super().__init__(page)
        self._house = house
        self._loop = loop
        self._door = door
        self._page = page
        self._state = RoomState()
        self.lead = LeadHead()
        self._title, self._about = ElidedLabel(), ElidedLabel()
        self._title.setObjectName("h2")
        self._about.setObjectName("soft")
        self._share = SharePanel(self)
        self._share_button = QPushButton()
        set_lead_icon(self._share_button, "share")
        self._report_button = QToolButton()
        self._report_button.setIcon(icon("flag"))
        self._report_button.setIconSize(QSize(20, 20))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._about)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(names, 1)
        row.addWidget(self.lead)
        row.addWidget(self._share_button)
        row.addWidget(self._report_button)
        self._share_button.clicked.connect(lambda: self._make_link(is_new=False))
        self._share.renew_wanted.connect(lambda: self._make_link(is_new=True))
        self._share.copied.connect(self._on_link_copied)
        self._report_button.clicked.connect(self._on_report)

    def title(self) -> str:
        """The room's, as it is shown."""
        return self._title.text()

    def render_state(self, state: RoomState) -> None:
        self._state = state
        self.lead.render_state(state)
        room = state.room
        self._share_button.setVisible(room is not None)
        may_report = state.phase == "joined" and state.role not in {"guest", "streamer"}
        self._report_button.setVisible(room is not None and may_report)
        if room is None:
            self._title.show_line(self.tr("Room"))
            self._about.show_line("")
            return
        self._title.show_line(room_title(room))
        viewers = self.tr("%n watching", "", state.viewers)
        parts = [one_line(room.owner.name), one_line(room.category), viewers]
        self._about.show_line("  ·  ".join(part for part in parts if part))

    def retranslate(self) -> None:
        self._share_button.setText(self.tr("Share"))
        self._share_button.setAccessibleName(self.tr("Share"))
        self._report_button.setAccessibleName(self.tr("Report this room"))
        set_tooltip(self._report_button, self.tr("Report this room"))
        self.lead.retranslate()

    def report(self, target: Target) -> None:
        """Ask why somebody of this room, or what they said, is reported."""
        room = self._state.room
        if room is not None:
            ask_report(self._page, report_of(room.room_id, target))

    # --- within -------------------------------------------------------------------------------

    def _make_link(self, *, is_new: bool) -> None:
        room = self._state.room
        if room is None:
            return
        may_renew = room.privacy == "invite"
        self._door.deliver(
            self._loop.submit(self._house.make_invite_link(room.room_id, is_new=is_new)),
            lambda link: self._share.pop_up_below(self._share_button, link, may_renew=may_renew),
            self._on_failed,
        )

    def _on_link_copied(self) -> None:
        """Whoever shares a room likes it."""
        if self._state.room_id is not None and self._house.own_user_id():
            told = recommending.tell_shared(self._house, self._state.room_id)
            self._door.deliver(self._loop.submit(told), lambda _none: None, lambda _error: None)

    def _on_report(self) -> None:
        room = self._state.room
        if room is not None:
            ask_report(self._page, ReportTarget(room_id=room.room_id, name=room_title(room)))

    def _on_failed(self, error: LivehouseError) -> None:
        tell(self._page, explain(error), "bad")
