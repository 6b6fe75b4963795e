"""The admin tab: sections on the left, the chosen one beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
)

from app.live.admin_waiting import WaitingWatch
from app.state.admin_overview import NOTHING_WAITS
from app.ui.admin.audit_panel import AuditPanel
from app.ui.admin.feedback_panel import FeedbackPanel
from app.ui.admin.gifts_panel import GiftsPanel
from app.ui.admin.overview_panel import OverviewPanel
from app.ui.admin.panel import Desk, Panel
from app.ui.admin.recommender_panel import RecommenderPanel
from app.ui.admin.reports_panel import ReportsPanel
from app.ui.admin.rooms_panel import RoomsPanel
from app.ui.admin.sanctions_panel import SanctionsPanel
from app.ui.admin.settings_panel import SettingsPanel
from app.ui.admin.users_panel import UsersPanel
from app.ui.admin.words_panel import WordsPanel
from app.ui.page import Page
from app.ui.rail import NEWS_SHOWN_MAX, page_name
from app.ui.theme.icons import set_lead_icon

if TYPE_CHECKING:
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.state.admin_overview import WaitingCounts
    from app.ui.door import Door

SECTIONS_WIDTH: Final = 184
_ICONS: Final[dict[str, str]] = {
    "overview": "statistics",
    "rooms": "room",
    "users": "me",
    "reports": "flag",
    "feedback": "send",
    "sanctions": "admin",
    "words": "text",
    "gifts": "gift",
    "recommendations": "discover",
    "audit": "book",
    "settings": "settings",
}


class AdminPage(Page):
    """`room_wanted` has a room's id; `waiting_changed` how much waits for an admin.

    Asks the relay only while it is in front.
    """

    room_wanted = Signal(str)
    waiting_changed = Signal(int)

    def __init__(self, house: House, loop: LoopThread, door: Door) -> None:
        super().__init__()
        desk = Desk(house, loop, door)
        self.overview = OverviewPanel(desk)
        self.rooms = RoomsPanel(desk)
        self.users = UsersPanel(desk)
        self.sanctions = SanctionsPanel(desk)
        self.words = WordsPanel(desk)
        self.reports = ReportsPanel(desk)
        self.feedback = FeedbackPanel(desk)
        self.gifts = GiftsPanel(desk)
        self.recommendations = RecommenderPanel(desk)
        self.audit = AuditPanel(desk)
        self.settings = SettingsPanel(desk)
        self.panels: dict[str, Panel] = {
            "overview": self.overview,
            "rooms": self.rooms,
            "users": self.users,
            "reports": self.reports,
            "feedback": self.feedback,
            "sanctions": self.sanctions,
            "words": self.words,
            "gifts": self.gifts,
            "recommendations": self.recommendations,
            "audit": self.audit,
            "settings": self.settings,
        }
        self._is_in_front = False
        self._waiting = NOTHING_WAITS
        self.watch = WaitingWatch(
            house, on_counts=lambda counts: door.post(self.show_waiting, counts)
        )
        self.sections: dict[str, QPushButton] = {}
        self._stack = QStackedWidget(self)
        group = QButtonGroup(self)
        bar = QFrame(self)
        bar.setObjectName("sections")
        bar.setFixedWidth(SECTIONS_WIDTH)
        column = QVBoxLayout(bar)
        column.setContentsMargins(12, 20, 12, 16)
        column.setSpacing(4)
        for key, panel in self.panels.items():
            button = QPushButton(bar)
            button.setObjectName("section")
            button.setCheckable(True)
            set_lead_icon(button, _ICONS[key])
            button.clicked.connect(partial(self.show_section, key))
            group.addButton(button)
            self.sections[key] = button
            column.addWidget(button)
            self._stack.addWidget(panel)
        column.addStretch(1)
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(self._stack, 1)
        self.rooms.room_wanted.connect(self.room_wanted)
        self.overview.section_wanted.connect(self.show_section)
        self.sections["overview"].setChecked(True)
        self.retranslate()

    def title(self) -> str:
        return page_name("admin")

    def on_shown(self) -> None:
        self._is_in_front = True
        self._current().start()

    def on_hidden(self) -> None:
        self._is_in_front = False
        self._current().stop()

    def show_section(self, key: str) -> None:
        """Unknown keys are an error of ours."""
        before, panel = self._current(), self.panels[key]
        self.sections[key].setChecked(True)
        if panel is before:
            return
        before.stop()
        self._stack.setCurrentWidget(panel)
        if self._is_in_front:
            panel.start()

    def show_waiting(self, counts: WaitingCounts) -> None:
        """The number behind a section's name; the rail has all together."""
        self._waiting = counts
        self.retranslate()
        self.waiting_changed.emit(counts.together)
        panel = self._current()
        if panel in {self.reports, self.feedback}:
            panel.refresh()

    def retranslate(self) -> None:
        waiting = {"reports": self._waiting.reports, "feedback": self._waiting.feedback}
        for key, button in self.sections.items():
            words = self.panels[key].title()
            if waiting.get(key):
                words = f"{words} ({min(waiting[key], NEWS_SHOWN_MAX)})"
            button.setText(words)
            button.setAccessibleName(words)

    def _current(self) -> Panel:
        return next(one for one in self.panels.values() if one is self._stack.currentWidget())
