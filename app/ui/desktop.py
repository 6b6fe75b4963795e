"""The window with its pages, wired to the house. Made by app/compose.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt

from app.errors import BadInput
from app.live.invite_link import parse_invite_link
from app.live.replay_places import ReplayPlaces
from app.state import preferences
from app.state.house import HouseState
from app.ui.admin.admin_page import AdminPage
from app.ui.discover.discover_page import DiscoverPage
from app.ui.errors_in_words import explain
from app.ui.first_start import FirstStartPage
from app.ui.inbox_desk import InboxDesk
from app.ui.interests.interest_strip import InterestStrip
from app.ui.language import Languages
from app.ui.main_window import MainWindow
from app.ui.me.me_page import MePage
from app.ui.question import Question
from app.ui.replays.offered_replays import OfferedReplays
from app.ui.replays.replay_view import ReplayView
from app.ui.replays.replays_page import ReplaysPage
from app.ui.replays.rewind_desk import RewindDesk
from app.ui.room.room_page import RoomPage
from app.ui.room.viewer_choices import read_danmaku
from app.ui.studio.studio_page import StudioPage
from app.ui.theme import current

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.live.preferences_file import PreferencesFile
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
        self._before = HouseState()
        self._comes_back = False
        """Somebody went from a room to sign in."""
        self._question: Question | None = None
        self.first_start = FirstStartPage(house, loop, door)
        self.discover = DiscoverPage(house, loop, door)
        self.room = RoomPage(house, loop, door)
        self.studio = StudioPage(house, loop, door)
        places = ReplayPlaces(house.data_dir / "replay_places.json")
        self.replays = ReplaysPage(house, loop, door, places=places, choices=self.room.choices)
        self.offers = OfferedReplays(house, loop, door, places=places)
        self.interests = InterestStrip(house, loop, door)
        self.discover.add_below_live(self.interests)
        self.discover.add_below_live(self.offers)
        self.me = MePage(house, loop, door, preferences_file.preferences)
        self.admin = AdminPage(house, loop, door)
        self.rewind = RewindDesk(
            self.room,
            ReplayView(
                house, loop, door, places=places, choices=self.room.choices, is_embedded=True
            ),
        )
        self.window = MainWindow(
            {
                "discover": self.discover,
                "room": self.room,
                "studio": self.studio,
                "replays": self.replays,
                "me": self.me,
                "admin": self.admin,
            },
            self.first_start,
        )
        self.inbox = InboxDesk(house, loop, door, window=self.window, card=self.me.feedback)
        self._window_settings = QSettings(str(window_file), QSettings.Format.IniFormat)
        geometry = self._window_settings.value("geometry")
        if geometry is not None:
            self.window.restoreGeometry(geometry)
        self._connect()
        self._choose_output()
        self.room.begin_with(preferences_file.preferences)
        chosen = preferences_file.preferences
        self.studio.begin_with(
            is_several=bool(chosen.get(preferences.SEVERAL_QUALITIES)),
            second_path=str(chosen.get(preferences.SECOND_PATH)),
        )
        self.studio.recorder.choose_folder(str(chosen.get(preferences.RECORDING_FOLDER)))
        self.replays.begin_with(preferences_file.preferences)
        self.rewind.view.begin_with(preferences_file.preferences)

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
        if self._question is not None:
            self._question.reject()
        words = self.tr(
            "An invite link to another house was opened. If you go there, you leave this one, and "
            "what you host or stream here ends."
        )
        question = Question(window, words, yes=self.tr("Go there"), no=self.tr("Stay here"))
        question.accepted.connect(lambda: self._on_leaving_for(link))
        question.finished.connect(self._on_answered)
        self._question = question
        question.open()

    def _on_answered(self) -> None:
        self._question = None

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
        self.discover.taste_wanted.connect(self._on_taste_wanted)
        self.discover.studio_wanted.connect(lambda: self.window.show_page("studio"))
        self.discover.rendered.connect(self.offers.look)
        self.discover.rendered.connect(self.interests.look)
        self.offers.chosen.connect(self._on_replay_chosen)
        self.interests.chosen.connect(self._on_interests_chosen)
        self.me.interests_chosen.connect(self._on_interests_chosen)
        self.room.choices.saved.connect(self._on_preference)
        self.studio.way_chosen.connect(
            lambda address: self._on_preference(preferences.SECOND_PATH.name, address)
        )
        self.window.page_shown.connect(self._on_player_page)
        self.studio.several_chosen.connect(
            lambda chosen: self._on_preference(preferences.SEVERAL_QUALITIES.name, chosen)
        )
        self.studio.recorder.folder_chosen.connect(
            lambda folder: self._on_preference(preferences.RECORDING_FOLDER.name, folder)
        )
        self.room.gifts.wallet_wanted.connect(lambda: self.window.show_page("me"))
        self.room.chat.sign_in_wanted.connect(self._on_sign_in_wanted)
        self.window.page_shown.connect(self._on_page)
        self.room.discover_wanted.connect(lambda: self.window.show_page("discover"))
        self.replays.studio_wanted.connect(lambda: self.window.show_page("studio"))
        self.replays.room_wanted.connect(self._on_room_chosen)
        self.admin.room_wanted.connect(self._on_room_chosen)
        self.admin.waiting_changed.connect(lambda count: self.window.set_news("admin", count))
        self.me.said.connect(self.window.toast)
        self.me.kept_out.connect(self.inbox.appeal_ban)
        self.me.left.connect(self.window.show_first_start)
        self.me.settings.changed.connect(self._on_preference)
        self.window.closed.connect(self._on_closed)
        self._house.add_state_listener(lambda state: self._door.post(self._on_house, state))

    def _on_arrived(self, page: str, room: str) -> None:
        self.window.show_page(page)
        if room:
            self.room.open_room(room)

    def _on_taste_wanted(self) -> None:
        self.window.show_page("me")
        self.me.show_taste()

    def _on_room_chosen(self, room_id: str) -> None:
        self.window.show_page("room")
        self.room.open_room(room_id)

    def _on_replay_chosen(self, replay_id: str) -> None:
        self.window.show_page("replays")
        self.replays.open_replay(replay_id)

    def _on_interests_chosen(self) -> None:
        self.interests.hide()
        self.offers.renew()
        self.discover.refresh()

    def _on_sign_in_wanted(self) -> None:
        """From a room: whoever is in goes back to it."""
        self.window.show_page("me")
        self.me.begin_sign_in()
        self._comes_back = True

    def _on_page(self, _key: str) -> None:
        self._comes_back = False

    def _on_player_page(self, key: str) -> None:
        """Volume and danmaku are one and the same wherever something plays."""
        if key == "replays":
            self.replays.begin_with(self._file.preferences)
        elif key == "room":
            self.room.danmaku.begin_with(read_danmaku(self._file.preferences))

    def _on_house(self, state: HouseState) -> None:
        self.me.render_state(state)
        for chat in (self.room.chat.list, self.studio.chat.list, self.replays.view.chat):
            chat.set_viewer(state.user)
        is_admin = state.user is not None and state.user.is_admin
        self.window.set_admin(is_admin=is_admin)
        if not is_admin and self.window.current_key == "admin":
            self.window.show_page("me")
        before, self._before = self._before, state
        if before.user is None and state.user is not None and self._comes_back:
            self.window.show_page("room")
        if before.has_relay and not state.has_relay and state.words and self.window.current_key:
            self.window.show_first_start()
            self.first_start.tell_closed(state.words)
        elif state.is_reopening and not before.is_reopening:
            words = self.tr("The relay on this computer stopped. It is opened again by itself.")
            self.window.toast(words, "bad")
        elif before.is_reopening and state.is_connected:
            self.window.toast(self.tr("The relay is back, and everything goes on."), "good")

    def _on_preference(self, name: str, value: object) -> None:
        was_written = self._file.is_written
        try:
            self._file.put(name, value)
        except BadInput as error:
            self.window.toast(explain(error), "bad")
        if was_written and not self._file.is_written:
            words = self.tr(
                "Settings hold until Livehouse is closed, but cannot be saved. Is the disk full?"
            )
            self.window.toast(words, "bad")
        if name in {preferences.LANGUAGE.name, preferences.THEME.name}:
            self._apply_preferences()
        if name == preferences.SOUND_OUTPUT.name:
            self._choose_output()
        if name == preferences.EFFECTS_ARE_ON.name:
            for shown in (self.room, self.replays.view, self.rewind.view):
                shown.choose_effects(is_on=bool(value))

    def _choose_output(self) -> None:
        device = str(self._file.preferences.get(preferences.SOUND_OUTPUT))
        self.room.choose_output(device)
        for view in (self.replays.view, self.rewind.view):
            view.desk.choose_output(device)

    def _apply_preferences(self) -> None:
        chosen = self._file.preferences
        self._languages.apply(str(chosen.get(preferences.LANGUAGE)))
        theme = str(chosen.get(preferences.THEME))
        current.apply(self._application, current.parse_wish(theme))

    def _on_closed(self) -> None:
        self.rewind.end()
        self.replays.view.close_replay()
        self._window_settings.setValue("geometry", self.window.saveGeometry())
        self._window_settings.sync()
