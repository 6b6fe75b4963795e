"""The Replays page: what was recorded, and one that is played."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.live.replays import ReplayShelf
from app.state.replays import ReplaysState
from app.ui.errors_in_words import explain
from app.ui.page import Page
from app.ui.plain_text import PlainLabel
from app.ui.replays.chapters_popup import ChaptersPopup
from app.ui.replays.keep_menu import KeepMenu
from app.ui.replays.replay_card import ReplayGrid
from app.ui.replays.replay_view import ReplayView
from app.ui.scrolling import scroll_over
from app.ui.small_pictures import STILL_MAX, decode_small
from app.ui.theme.icons import icon
from app.ui.toast import tell
from wire.limits import SEARCH_CHARACTERS_MAX

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.live.replay_places import ReplayPlaces
    from app.state import preferences
    from app.ui.door import Door
    from app.ui.room.viewer_choices import ViewerChoices
    from wire.replay_commands import EditReplay
    from wire.replay_events import ReplayInfo

SEARCH_DELAY_MS: Final = 250


class ReplaysPage(Page):
    """Renders a ReplaysState; the player has its own desk."""

    studio_wanted = Signal()
    room_wanted = Signal(str)

    def __init__(
        self,
        house: House,
        loop: LoopThread,
        door: Door,
        *,
        places: ReplayPlaces,
        choices: ViewerChoices,
    ) -> None:
        super().__init__()
        self._house = house
        self._loop = loop
        self._door = door
        self._places = places
        self._choices = choices
        self._state = ReplaysState()
        self._covers: dict[str, QImage] = {}
        self._shelf = ReplayShelf(
            house,
            on_state=lambda state: door.post(self.render_state, state),
            on_cover=self._on_cover,
        )
        house.add_room_listener("", self._shelf.on_event)
        self._search = QLineEdit()
        self._search.setMaxLength(SEARCH_CHARACTERS_MAX)
        self._search.setClearButtonEnabled(True)
        self.grid = ReplayGrid()
        self._empty_title, self._empty_detail = PlainLabel(), PlainLabel()
        self._retry, self.studio_button, self._more = QPushButton(), QPushButton(), QPushButton()
        self.studio_button.setProperty("kind", "primary")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(SEARCH_DELAY_MS)
        self.view = ReplayView(house, loop, door, places=places, choices=choices)
        self.keep = KeepMenu(self)
        self.chapters = ChaptersPopup(self.view)
        self.chapters.position_ms = self.view.desk.position_ms
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()

    def title(self) -> str:
        return self.tr("Replays")

    def begin_with(self, chosen: preferences.Preferences) -> None:
        self.view.begin_with(chosen)

    def on_shown(self) -> None:
        if self._stack.currentWidget() is self.view:
            self.view.stage.setFocus()
        else:
            self._refresh()

    def on_hidden(self) -> None:
        """What plays is paused: another page has the ear."""
        self.view.end_full_screen()
        self._choices.save()
        self.view.desk.pause(is_paused=True)

    def toast_ground(self) -> QWidget | None:
        return self.view.stage if self._stack.currentWidget() is self.view else None

    def open_replay(self, replay_id: str, *, start_ms: int | None = None) -> None:
        self._stack.setCurrentWidget(self.view)
        self.view.open(replay_id, start_ms=start_ms)
        self.view.stage.setFocus()

    def close_replay(self) -> None:
        self.view.close_replay()
        self._stack.setCurrentWidget(self._list)
        self._refresh()
        self.render_state(self._state)

    def retranslate(self) -> None:
        self._search.setPlaceholderText(self.tr("Search recordings and rooms"))
        self._search.setAccessibleName(self.tr("Search"))
        self._retry.setText(self.tr("Try again"))
        self._more.setText(self.tr("Show more"))
        self.studio_button.setText(self.tr("Go to Studio"))
        self.view.retranslate()
        self.chapters.retranslate()
        self.render_state(self._state)

    def render_state(self, state: ReplaysState) -> None:
        self._state = state
        cards = self.grid.access_cards(len(state.replays))
        for card, replay in zip(cards, state.replays, strict=True):
            card.show_replay(replay, watched_ms=self._places.find(replay.replay_id))
            card.show_picture(self._covers.get(replay.replay_id))
        self._order_tabs()
        self.grid.setVisible(bool(cards))
        self._more.setVisible(state.has_more)
        words, detail = self._describe_emptiness()
        self._empty_title.setText(words)
        self._empty_detail.setText(detail)
        self._empty.setVisible(bool(words))
        is_nowhere = not self._house.state.has_relay
        self._retry.setVisible(state.emptiness == "failed" and not is_nowhere)
        is_first = state.emptiness == "no_replays" or (state.emptiness == "failed" and is_nowhere)
        self.studio_button.setVisible(is_first)
        known = {one.replay_id for one in state.replays}
        self._covers = {key: value for key, value in self._covers.items() if key in known}

    # --- what is shown ------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._empty = QWidget()
        empty = QVBoxLayout(self._empty)
        empty.setContentsMargins(0, 64, 0, 0)
        empty.setSpacing(8)
        self._empty_title.setObjectName("h2")
        self._empty_detail.setProperty("soft", "true")
        for label in (self._empty_title, self._empty_detail):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            empty.addWidget(label)
        for button in (self._retry, self.studio_button):
            empty.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 16)
        column.setSpacing(16)
        column.addWidget(self.grid)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._empty)
        column.addStretch(1)
        self._list = QWidget()
        layout = QVBoxLayout(self._list)
        layout.setContentsMargins(24, 24, 8, 0)
        layout.setSpacing(16)
        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, 16, 0)
        bar.addWidget(self._search)
        layout.addLayout(bar)
        layout.addWidget(scroll_over(content, keeps_width=True), 1)
        self._stack.addWidget(self._list)
        self._stack.addWidget(self.view)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def _connect(self) -> None:
        self._search.textChanged.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(self._on_search)
        self._retry.clicked.connect(self._refresh)
        self._more.clicked.connect(lambda: self._loop.submit(self._shelf.show_more()))
        self.studio_button.clicked.connect(self.studio_wanted)
        self.grid.chosen.connect(self._on_chosen)
        self.grid.menu_wanted.connect(self._on_menu)
        self.keep.edit_wanted.connect(self._on_edit)
        self.keep.delete_wanted.connect(self._on_delete)
        self.keep.extend = self._offer_export
        self.view.back_wanted.connect(self.close_replay)
        self.view.more_wanted.connect(self._on_view_menu)
        self.view.live_wanted.connect(self._on_live_wanted)
        self.view.chapters_wanted.connect(self._on_chapters)
        self.chapters.sought.connect(self.view.desk.seek)
        self.chapters.edit_wanted.connect(self._on_edit)

    def _order_tabs(self) -> None:
        """Cards are made when they are needed; what stands below them comes after them."""
        before: QWidget = self._search
        below = (self._more, self._retry, self.studio_button)
        for widget in (*(one for card in self.grid.cards for one in (card, card.more)), *below):
            self.setTabOrder(before, widget)
            before = widget

    def _describe_emptiness(self) -> tuple[str, str]:
        state = self._state
        if state.emptiness == "failed" and not self._house.state.has_relay:
            return (
                self.tr("You are in no house yet"),
                self.tr("Open your own in Studio, or join one with a link under Me."),
            )
        failure = explain(state.failure) if state.failure is not None else ""
        words = {
            "loading": (self.tr("Looking for recordings"), ""),
            "failed": (self.tr("The recordings cannot be listed"), failure),
            "no_match": (self.tr("Nothing fits"), self.tr("Try another word.")),
            "no_replays": (
                self.tr("No recordings yet"),
                self.tr(
                    "Every broadcast is recorded by itself. Yours are here as soon as they end; "
                    "those of others, once they publish them."
                ),
            ),
            "not_empty": ("", ""),
        }
        return words[state.emptiness]

    def _on_cover(self, replay_id: str, jpeg: bytes) -> None:
        """On the loop: decoded here, small as it is, and only shown over there."""
        picture = decode_small(jpeg, "jpg", STILL_MAX)
        if picture is not None:
            self._door.post(self.show_cover, replay_id, picture)

    def show_cover(self, replay_id: str, picture: QImage) -> None:
        self._covers[replay_id] = picture
        for card in self.grid.cards:
            if card.key == replay_id:
                card.show_picture(picture)

    # --- what the user does -------------------------------------------------------------------

    def _refresh(self) -> None:
        self._loop.submit(self._shelf.refresh())

    def _on_search(self) -> None:
        self._loop.submit(self._shelf.search(self._search.text().strip()))

    def _on_chosen(self, replay_id: str) -> None:
        replay = self._state.find(replay_id)
        if replay is not None and replay.state == "recording":
            self.room_wanted.emit(replay.room_id)
        else:
            self.open_replay(replay_id)

    def _on_menu(self, replay_id: str, at: QPoint) -> None:
        replay = self._state.find(replay_id)
        if replay is not None:
            self.keep.pop_up(replay, at)

    def _on_view_menu(self) -> None:
        replay = self.view.desk.replay
        if replay is not None:
            more = self.view.more
            self.keep.fill(replay)
            width = self.keep.menu.sizeHint().width()
            self.keep.menu.popup(more.mapToGlobal(QPoint(more.width() - width, more.height() + 4)))

    def _offer_export(self, menu: QMenu, replay: ReplayInfo) -> None:
        menu.addAction(icon("cut"), self.tr("Clip or export"), partial(self.view.export, replay))

    def _on_chapters(self) -> None:
        replay = self.view.desk.replay
        if replay is not None:
            self.chapters.show_replay(replay)
            self.chapters.pop_up_above(self.view.controls.chapters, over=self.view.bar)

    def _on_live_wanted(self) -> None:
        replay = self.view.desk.replay
        if replay is not None:
            room_id = replay.room_id
            self.close_replay()
            self.room_wanted.emit(room_id)

    def _on_edit(self, command: EditReplay) -> None:
        self._door.deliver(
            self._loop.submit(self._shelf.edit(command)), self._on_edited, self._on_refused
        )

    def _on_edited(self, replay: ReplayInfo) -> None:
        self.view.desk.show_replay(replay)
        if self.chapters.isVisible():
            self.chapters.show_replay(replay)

    def _on_delete(self, replay: ReplayInfo) -> None:
        playing = self.view.desk.replay
        if playing is not None and playing.replay_id == replay.replay_id:
            self.close_replay()
        self._door.deliver(
            self._loop.submit(self._shelf.delete(replay.replay_id)),
            lambda _none: tell(self, self.tr("The recording is deleted."), "good"),
            self._on_refused,
        )

    def _on_refused(self, error: LivehouseError) -> None:
        tell(self, explain(error), "bad")
