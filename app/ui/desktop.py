"""The window with its pages, wired to the house. Made by app/compose.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt

from app.errors import BadInput
from app.live.invite_link import parse_invite_link
from app.state import preferences
from app.ui.discover.discover_page import DiscoverPage
from app.ui.first_start import FirstStartPage
from app.ui.language import Languages
from app.ui.leave_question import LeaveQuestion
from app.ui.main_window import MainWindow
from app.ui.me.me_page import MePage
from app.ui.placeholder import PlaceholderPage
from app.ui.room.room_page import RoomPage
from app.ui.studio.studio_page import StudioPage
from app.ui.theme import current

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.live.preferences_file import PreferencesFile
    from app.state.house import HouseState
    from app.ui.door import Door


class Desktop(QObject):
    """Lives on the GUI thread from the start to the end of the program."""

    def __init__(
        self,
        application: QApplication,
        *,
        house: House,
        loop: LoopThread,
        door: Door,
        preferences_file: PreferencesFile,
        window_file: Path,
    ) -> None:
        super().__init__()
        self._application = application
        self._house = house
        self._loop = loop
        self._door = door
        self._file = preferences_file
        self._languages = Languages(application)
        self._apply_preferences()
        self._had_relay = False
        self._question: LeaveQuestion | None = None
        self.first_start = FirstStartPage(house, loop, door)
        self.discover = DiscoverPage(house, loop, door)
        self.room = RoomPage(house, loop, door)
        self.studio = StudioPage(house, loop, door)
        self.me = MePage(house, loop, door, preferences_file.preferences)
        self.window = MainWindow(
            {
                "discover": self.discover,
                "room": self.room,
                "studio": self.studio,
                "replays": PlaceholderPage("replays"),
                "me": self.me,
                "admin": PlaceholderPage("admin"),
            },
            self.first_start,
        )
        self._window_settings = QSettings(str(window_file), QSettings.Format.IniFormat)
        geometry = self._window_settings.value("geometry")
        if geometry is not None:
            self.window.restoreGeometry(geometry)
        self._connect()

    def open(self, link: str = "") -> None:
        """Show the window: the first start, or where the user was."""
        self.window.show_first_start()
        self.window.show()
        if link:
            self.first_start.start_join(link)
        elif self._file.preferences.get(preferences.RETURN_AT_START) and self._house.has_been():
            self.first_start.start_return()

    def open_link(self, link: str = "") -> None:
        """Another start of the program asks for this window, and perhaps has a link."""
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        if not link:
            return
        if not self._house.state.has_relay or self._is_here(link):
            self.first_start.start_join(link)
            return
        self._question = LeaveQuestion(window)
        self._question.accepted.connect(lambda: self._on_leaving_for(link))
        self._question.open()

    def _is_here(self, link: str) -> bool:
        try:
            return self._house.is_at(parse_invite_link(link).address)
        except BadInput:
            return False

    def _on_leaving_for(self, link: str) -> None:
        self.window.show_first_start()
        self.first_start.start_join(link)

    def _connect(self) -> None:
        self.first_start.arrived.connect(self._on_arrived)
        self.discover.room_chosen.connect(self._on_room_chosen)
        self.me.said.connect(self.window.toast)
        self.me.left.connect(self.window.show_first_start)
        self.me.settings.changed.connect(self._on_preference)
        self.window.closed.connect(self._on_closed)
        self._house.add_state_listener(lambda state: self._door.post(self._on_house, state))

    def _on_arrived(self, page: str, room: str) -> None:
        self.window.show_page(page)
        if room:
            self.room.open_room(room)

    def _on_room_chosen(self, room_id: str) -> None:
        self.window.show_page("room")
        self.room.open_room(room_id)

    def _on_house(self, state: HouseState) -> None:
        self.me.render_state(state)
        self.window.set_admin(is_admin=state.user is not None and state.user.is_admin)
        is_lost = self._had_relay and not state.has_relay and bool(state.words)
        self._had_relay = state.has_relay
        if is_lost and self.window.current_key:
            self.window.show_first_start()
            self.window.toast(
                self.tr("The house on this computer has closed. Open it again to go on."), "bad"
            )

    def _on_preference(self, name: str, value: object) -> None:
        try:
            self._file.put(name, value)
        except BadInput as error:
            self.window.toast(error.message, "bad")
        self._apply_preferences()

    def _apply_preferences(self) -> None:
        chosen = self._file.preferences
        self._languages.apply(str(chosen.get(preferences.LANGUAGE)))
        theme = str(chosen.get(preferences.THEME))
        current.apply(self._application, current.parse_wish(theme))

    def _on_closed(self) -> None:
        self._window_settings.setValue("geometry", self.window.saveGeometry())
        self._window_settings.sync()
