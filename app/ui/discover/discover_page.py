"""The Discover page: search, categories, live rooms first."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.live import recommending
from app.live.discovery import Discovery
from app.live.impressions import Impressions
from app.state.discover import DiscoverState, reason_key
from app.ui.cover_files import decode_cover
from app.ui.discover.card_grid import CardGrid
from app.ui.discover.reason_words import describe_reason
from app.ui.discover.recommended_cards import RecommendedCards
from app.ui.errors_in_words import explain
from app.ui.page import Page
from app.ui.plain_text import PlainLabel
from app.ui.planned import describe_plan
from app.ui.scrolling import scroll_over
from app.ui.small_pictures import THUMBNAIL_MAX, decode_small
from wire.limits import SEARCH_CHARACTERS_MAX

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.state.seen_cards import ShownCard
    from app.ui.door import Door
    from wire import event_base
    from wire.ids import UserId

SEARCH_DELAY_MS: Final = 250


class Section(QWidget):
    """Something else on the page, with its own contents."""

    filled = Signal()
    """There are other widgets in it now."""

    card_clicked = Signal(object)
    """A ShownCard."""

    def tab_stops(self) -> list[QWidget]:
        """In their order."""
        return []

    def shown_cards(self) -> list[ShownCard]:
        """Recommended ones that are on the screen."""
        return []


class DiscoverPage(Page):
    """Renders a DiscoverState; looks for news only while it is in front."""

    room_chosen = Signal(str)
    taste_wanted = Signal()
    """All that is believed of the user."""
    studio_wanted = Signal()
    rendered = Signal(object)
    """A DiscoverState that is shown now."""

    def __init__(self, house: House, loop: LoopThread, door: Door) -> None:
        super().__init__()
        self._house = house
        self._loop = loop
        self._door = door
        self._state = DiscoverState()
        self._discovery: Discovery | None = None
        self._visit = 0
        self._pictures: dict[str, QImage] = {}
        self._covers: dict[str, QImage] = {}
        """What a room chose as its picture goes before what is live there."""
        self._sections: list[Section] = []
        self._tab_order: list[QWidget] = []
        self._search = QLineEdit()
        self._search.setMaxLength(SEARCH_CHARACTERS_MAX)
        self._search.setClearButtonEnabled(True)
        self._category = QComboBox()
        self._category.setMinimumWidth(160)
        self._recommended = CardGrid()
        self._following, self._live, self._resting = CardGrid(), CardGrid(), CardGrid()
        self._recommended_title, self._following_title = _title(), _title()
        self._live_title, self._resting_title = _title(), _title()
        self._empty_title, self._empty_detail = _title(), PlainLabel()
        self._retry, self.studio_button = QPushButton(), QPushButton()
        self.studio_button.setProperty("kind", "primary")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(SEARCH_DELAY_MS)
        self.recommended = RecommendedCards(
            self, self._recommended, house=house, loop=loop, door=door, hide=self._hide
        )
        self.recommended.find_others = lambda: (
            card for section in self._sections for card in section.shown_cards()
        )
        self._lay_out()
        self._connect()
        self.retranslate()

    def title(self) -> str:
        return self.tr("Discover")

    def on_shown(self) -> None:
        self._visit += 1
        done = self._loop.submit(self._run(self._visit))
        self._door.deliver(done, lambda _none: None, lambda _error: None)
        self.recommended.start()

    def on_hidden(self) -> None:
        self._visit += 1
        self.recommended.stop()
        self._loop.call(self._stop)

    def retranslate(self) -> None:
        self._search.setPlaceholderText(self.tr("Search rooms and streamers"))
        self._search.setAccessibleName(self.tr("Search"))
        self._category.setAccessibleName(self.tr("Category"))
        self._recommended_title.setText(self.tr("Recommended for you"))
        self._following_title.setText(self.tr("Following"))
        self._live_title.setText(self.tr("Live now"))
        self._resting_title.setText(self.tr("Not live"))
        self._retry.setText(self.tr("Try again"))
        self.studio_button.setText(self.tr("Go to Studio"))
        self.render_state(self._state)

    def render_state(self, state: DiscoverState) -> None:
        self._state = state
        self._fill_categories()
        for title, grid, rooms in (
            (self._recommended_title, self._recommended, state.recommended),
            (self._following_title, self._following, state.following),
            (self._live_title, self._live, state.live),
            (self._resting_title, self._resting, state.resting),
        ):
            self._fill(grid, rooms)
            title.setVisible(bool(rooms))
            grid.setVisible(bool(rooms))
        words, detail = self._describe_emptiness()
        self._empty_title.setText(words)
        self._empty_detail.setText(detail)
        self._empty.setVisible(bool(words))
        has_failed, is_nowhere = state.emptiness == "failed", not self._house.state.has_relay
        self._retry.setVisible(has_failed and not is_nowhere)
        is_first = state.emptiness == "no_rooms" or (has_failed and is_nowhere)
        self.studio_button.setVisible(is_first)
        keep = set(state.live_broadcasts)
        self._pictures = {key: value for key, value in self._pictures.items() if key in keep}
        kept = set(state.covers)
        self._covers = {key: value for key, value in self._covers.items() if key in kept}
        self._order_tabs()
        self.rendered.emit(state)

    def refresh(self) -> None:
        """The order is another now."""
        self._ask("refresh")

    def add_below_live(self, section: Section) -> None:
        """Something that is shown between what is live and what is not."""
        self._sections.append(section)
        self._column.insertWidget(self._column.indexOf(self._resting_title), section)
        section.filled.connect(self._order_tabs)
        section.card_clicked.connect(self.recommended.click)

    # --- the loop's side ----------------------------------------------------------------------

    async def _run(self, visit: int) -> None:
        if visit != self._visit:
            return
        impressions = self.recommended.impressions = Impressions(self._house)
        discovery = self._discovery = Discovery(
            self._house,
            on_state=lambda state: self._door.post(self.render_state, state),
            on_thumbnail=self._on_thumbnail,
            on_cover=self._on_cover,
            find_known=self._house.find_known_rooms,
        )
        discovery.search(self._state.search)
        discovery.choose_category(self._state.category)
        try:
            await asyncio.gather(discovery.run(), impressions.run())
        finally:
            if self._discovery is discovery:
                self._discovery = self.recommended.impressions = None

    def _stop(self) -> None:
        if self._discovery is not None:
            self._discovery.stop()
        if self.recommended.impressions is not None:
            self.recommended.impressions.stop()

    def _on_thumbnail(self, broadcast_id: str, jpeg: bytes) -> None:
        """On the loop: the picture is decoded here, small as it is, and only shown over there."""
        picture = decode_small(jpeg, "jpg", THUMBNAIL_MAX)
        if picture is not None:
            self._door.post(self._show_picture, broadcast_id, picture)

    def _on_cover(self, cover: str, jpeg: bytes) -> None:
        """The same."""
        picture = decode_cover(jpeg, cover)
        if picture is not None:
            self._door.post(self._show_cover, cover, picture)

    def _ask(self, method: str, *arguments: str) -> None:
        def ask() -> None:
            if self._discovery is not None:
                getattr(self._discovery, method)(*arguments)

        self._loop.call(ask)

    async def _hide(self, user_id: UserId, *, is_hidden: bool) -> None:
        if self._discovery is not None:
            await self._discovery.hide(user_id, is_hidden=is_hidden)
        else:  # taken back from another page
            await recommending.set_hidden(self._house, user_id, is_hidden=is_hidden)

    def _order_tabs(self) -> None:
        """As it stands on the page: cards are made when they are needed, sections fill later."""

        def parts(*grids: CardGrid) -> list[QWidget]:
            return [one for grid in grids for card in grid.cards for one in (card, card.more)]

        order = [
            *(self._search, self._category),
            *parts(self._recommended, self._following, self._live),
            *(one for section in self._sections for one in section.tab_stops()),
            *parts(self._resting),
            *(self._retry, self.studio_button),
        ]
        if order != self._tab_order:
            self._tab_order = order
            for before, after in pairwise(order):
                self.setTabOrder(before, after)

    # --- what is shown ------------------------------------------------------------------------

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, 16, 0)  # it ends where the cards do
        bar.setSpacing(8)
        bar.addWidget(self._search, 1)
        bar.addWidget(self._category)
        self._empty = QWidget()
        empty = QVBoxLayout(self._empty)
        empty.setContentsMargins(0, 64, 0, 0)
        empty.setSpacing(8)
        for label in (self._empty_title, self._empty_detail):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            empty.addWidget(label)
        self._empty_detail.setProperty("soft", "true")
        for button in (self._retry, self.studio_button):
            empty.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        content = QWidget()
        column = self._column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 16)
        column.setSpacing(12)
        for widget in (
            *(self._recommended_title, self._recommended),
            *(self._following_title, self._following),
            *(self._live_title, self._live),
            *(self._resting_title, self._resting),
            self._empty,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 8, 0)
        layout.setSpacing(16)
        layout.addLayout(bar)
        layout.addWidget(scroll_over(content, keeps_width=True), 1)

    def _connect(self) -> None:
        self._search.textChanged.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(lambda: self._ask("search", self._search.text()))
        self._category.activated.connect(self._on_category)
        self.studio_button.clicked.connect(self.studio_wanted)
        self._retry.clicked.connect(self.refresh)
        for grid in (self._recommended, self._following, self._live, self._resting):
            grid.chosen.connect(self.room_chosen)
        self.recommended.why.all_wanted.connect(self.taste_wanted)

    def _on_category(self, index: int) -> None:
        self._ask("choose_category", self._state.categories[index - 1] if index > 0 else "")

    def _fill_categories(self) -> None:
        names = [self.tr("All categories"), *self._state.categories]
        if names != [self._category.itemText(i) for i in range(self._category.count())]:
            self._category.clear()
            self._category.addItems(names)
        chosen = self._state.category
        known = self._state.categories
        self._category.setCurrentIndex(known.index(chosen) + 1 if chosen in known else 0)

    def _fill(self, grid: CardGrid, rooms: tuple[event_base.RoomInfo, ...]) -> None:
        own = self._house.own_user_id()
        cards = grid.access_cards(len(rooms))
        for place, (card, room) in enumerate(zip(cards, rooms, strict=True)):
            is_told = grid is self._recommended and room.reason is not None
            card.position = place if is_told else -1
            card.show_room(
                room,
                reason=self._describe_reason(room),
                state_words=self._describe_live(room),
                has_menu=is_told and room.owner.user_id != own,
            )
            cover = self._covers.get(room.cover)
            card.show_picture(cover or self._pictures.get(card.broadcast_id))

    def _show_cover(self, cover: str, picture: QImage) -> None:
        self._covers[cover] = picture
        for grid in (self._recommended, self._following, self._live, self._resting):
            for card in grid.cards:
                if card.room is not None and card.room.cover == cover:
                    card.show_picture(picture)

    def _show_picture(self, broadcast_id: str, picture: QImage) -> None:
        self._pictures[broadcast_id] = picture
        for card in (*self._recommended.cards, *self._following.cards, *self._live.cards):
            has_cover = card.room is not None and card.room.cover in self._covers
            if card.broadcast_id == broadcast_id and not has_cover:
                card.show_picture(picture)

    def _describe_live(self, room: event_base.RoomInfo) -> str:
        if room.broadcast is None:
            return self.tr("Not live")
        if room.broadcast.state == "away":
            return self.tr("Back soon")
        if not room.viewers:
            return self.tr("Live")
        return self.tr("Live · {n} watching").replace("{n}", str(room.viewers))

    def _describe_reason(self, room: event_base.RoomInfo) -> str:
        reasons = {
            "own": self.tr("Your own room"),
            "followed": self.tr("You follow the host"),
            "away": self.tr("The host will be back"),
            "featured": self.tr("Featured by the house"),
            "planned": describe_plan(room),
            "busy": self.tr("Most watched now"),
            "live": self.tr("Live right now"),
            "told": describe_reason(room.reason) if room.reason is not None else "",
            "": "",
        }
        state = self._state
        key = reason_key(
            room,
            user_id=self._house.own_user_id(),
            viewers_most=max((one.viewers for one in state.rooms), default=0),
            is_followed=room.room_id in state.followed,
        )
        return reasons[key]

    def _describe_failure(self) -> tuple[str, str]:
        if not self._house.state.has_relay:
            return (
                self.tr("You are in no house yet"),
                self.tr("Open your own in Studio, or join one with a link under Me."),
            )
        failure = self._state.failure
        words = explain(failure) if failure is not None else ""
        return self.tr("The rooms cannot be listed"), words

    def _describe_emptiness(self) -> tuple[str, str]:
        state = self._state
        words = {
            "loading": (self.tr("Looking for rooms"), ""),
            "failed": self._describe_failure(),
            "no_match": (
                self.tr("Nothing fits"),
                self.tr("Try another word, or all categories."),
            ),
            "no_rooms": (
                self.tr("No rooms yet"),
                self.tr("Open Studio and be the first to go live here."),
            ),
            "not_empty": ("", ""),
        }
        return words[state.emptiness]


def _title() -> PlainLabel:
    label = PlainLabel()
    label.setObjectName("h2")
    return label
