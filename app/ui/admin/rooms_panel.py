"""Every room of the house as a wall of pictures, and what can be done with the chosen one."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import BadInput
from app.live import admin
from app.live.cover_round import fetch_cover
from app.live.thumbnail_round import ThumbnailRound
from app.ui.admin.forms import FormDialog
from app.ui.admin.panel import Panel, order_tabs
from app.ui.admin.room_details import RoomDetails
from app.ui.admin.side_card import lay_beside
from app.ui.cover_files import decode_cover
from app.ui.discover.card_grid import CardGrid
from app.ui.plain_text import PlainLabel
from app.ui.scrolling import scroll_over
from app.ui.short_count import short_count
from app.ui.small_pictures import THUMBNAIL_MAX, decode_small
from app.ui.theme.icons import set_lead_icon
from wire import limits

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from app.ui.admin.panel import Desk
    from wire.admin_commands import HouseRoomKind
    from wire.admin_events import HouseRoom, HouseRooms

SEARCH_DELAY_MS: Final = 250
CARD_WIDTH_MIN: Final = 176
"""Two beside each other in the smallest window."""
_KINDS: Final[tuple[HouseRoomKind, ...]] = ("all", "live", "private", "featured", "planned")


class RoomsPanel(Panel):
    """`room_wanted` has a room's id: somebody wants to go in."""

    room_wanted = Signal(str)
    refresh_ms = 4_000

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._rooms: dict[str, HouseRoom] = {}
        self._chosen = ""
        self._cover = ""
        """The id of the one that is shown beside the wall, or is on its way there."""
        self._total = 0
        self._pictures: dict[str, QImage] = {}
        self._thumbnails = ThumbnailRound()
        self.search = QLineEdit(self)
        self.search.setMaxLength(limits.SEARCH_CHARACTERS_MAX)
        self.search.setClearButtonEnabled(True)
        self.kind = QComboBox(self)
        for kind in _KINDS:
            self.kind.addItem("", kind)
        self.new_button, self.announce_button = QPushButton(self), QPushButton(self)
        set_lead_icon(self.new_button, "plus")
        self._count = PlainLabel(self)
        self._count.setObjectName("soft")
        self._empty = PlainLabel(self)
        self._empty.setObjectName("soft")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self.grid = CardGrid(self, card_width_min=CARD_WIDTH_MIN)
        self.details = RoomDetails(self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(SEARCH_DELAY_MS)
        self._lay_out()
        self._connect()
        self.retranslate()

    def title(self) -> str:
        return self.tr("Rooms")

    def question(self) -> Coroutine[Any, Any, tuple[HouseRooms, dict[str, bytes]]]:
        search, kind = self.search.text().strip(), self.kind.currentData()

        async def ask() -> tuple[HouseRooms, dict[str, bytes]]:
            found = await admin.list_rooms(self.desk.house, search=search, kind=kind)
            live = [one.room.broadcast.broadcast_id for one in found.rooms if one.room.broadcast]
            pictures: dict[str, bytes] = {}
            await self._thumbnails.fetch(self.desk.house, live, pictures.__setitem__)
            return found, pictures

        return ask()

    def load(self, answer: tuple[HouseRooms, dict[str, bytes]]) -> None:
        found, pictures = answer
        live = {one.room.broadcast.broadcast_id for one in found.rooms if one.room.broadcast}
        self._pictures = {key: value for key, value in self._pictures.items() if key in live}
        for broadcast_id, jpeg in pictures.items():
            picture = decode_small(jpeg, "jpg", THUMBNAIL_MAX)
            if picture is not None:
                self._pictures[broadcast_id] = picture
        self.show_rooms(found.rooms, found.total)

    def show_rooms(self, rooms: tuple[HouseRoom, ...], total: int) -> None:
        self._rooms = {one.room.room_id: one for one in rooms}
        self._total = total
        if self._chosen not in self._rooms:
            self._chosen = ""
        cards = self.grid.access_cards(len(rooms))
        for card, one in zip(cards, rooms, strict=True):
            card.show_room(one.room, reason=self._describe(one), state_words=self._state_of(one))
            card.set_chosen(is_chosen=one.room.room_id == self._chosen)
            card.show_picture(self._pictures.get(card.broadcast_id))
        self._order_tabs()
        self.grid.setVisible(bool(rooms))
        self._empty.setVisible(not rooms)
        self._empty.setText(
            self.tr("No room matches.")
            if self.search.text() or self.kind.currentIndex()
            else self.tr("This house has no room yet. Make the first one for somebody.")
        )
        self._count.setText(self.tr("Rooms found: %1").replace("%1", f"{total:,}"))
        self._show_chosen()

    def retranslate(self) -> None:
        super().retranslate()
        self.search.setPlaceholderText(self.tr("Search by name or title"))
        self.search.setAccessibleName(self.tr("Search rooms"))
        self.kind.setAccessibleName(self.tr("Which rooms"))
        for index, words in enumerate(
            (
                self.tr("All rooms"),
                self.tr("Live"),
                self.tr("Private"),
                self.tr("Featured"),
                self.tr("Planned"),
            )
        ):
            self.kind.setItemText(index, words)
        self.new_button.setText(self.tr("New room"))
        self.new_button.setAccessibleName(self.new_button.text())
        self.announce_button.setText(self.tr("Announce to all"))
        self.announce_button.setAccessibleName(self.announce_button.text())
        self.show_rooms(tuple(self._rooms.values()), self._total)

    def choose(self, room_id: str) -> None:
        """Show what can be done with a room."""
        self._chosen = room_id
        for card in self.grid.cards:
            card.set_chosen(is_chosen=card.room_id == room_id and bool(room_id))
        self._show_chosen()

    # --- within -------------------------------------------------------------------------------

    def _show_chosen(self) -> None:
        kept = self._rooms.get(self._chosen)
        self.details.show_room(kept)
        cover = kept.room.cover if kept is not None else ""
        if cover == self._cover:
            return
        self._cover = cover
        self.details.show_cover(None)
        if cover:
            self.desk.ask(
                fetch_cover(self.desk.house, cover),
                lambda jpeg: self._on_cover(cover, jpeg),
                lambda _error: self._on_cover(cover, None),
            )

    def _on_cover(self, cover: str, jpeg: bytes | None) -> None:
        if cover != self._cover:
            return  # another is chosen now
        if jpeg is None:
            self._cover = ""  # the next refresh asks again
            return
        self.details.show_cover(decode_cover(jpeg, cover))

    def _order_tabs(self) -> None:
        """Cards are made later than what stands beside them."""
        order_tabs(self.kind, *self.grid.cards, *self.details.buttons.values())

    def _lay_out(self) -> None:
        self.head.addWidget(self.announce_button)
        self.head.addWidget(self.new_button)
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.search, 1)
        filters.addWidget(self.kind)
        wall = QWidget(self)
        column = QVBoxLayout(wall)
        column.setContentsMargins(0, 0, 4, 0)
        column.addWidget(self.grid)
        column.addWidget(self._empty)
        column.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(filters)
        left.addWidget(self._count)
        left.addWidget(scroll_over(wall, keeps_width=True), 1)
        lay_beside(self, left, self.details)

    def _connect(self) -> None:
        self._typing.timeout.connect(self.refresh)
        self.search.textChanged.connect(self._typing.start)
        self.kind.currentIndexChanged.connect(self.refresh)
        self.grid.chosen.connect(self.choose)
        self.new_button.clicked.connect(self._on_new)
        self.announce_button.clicked.connect(self._on_announce_to_all)
        details = self.details
        details.open_wanted.connect(self.room_wanted)
        details.done.connect(self.do)

    def _on_new(self) -> None:
        form = FormDialog(self, self.tr("New room"), yes=self.tr("Make the room"))
        owner = form.add_line(self.tr("Name of its owner"), limits.USER_NAME_CHARACTERS_MAX)
        name = form.add_line(self.tr("Name of the room"), limits.ROOM_NAME_CHARACTERS_MAX)
        title = form.add_line(
            self.tr("Title, may be empty"), limits.ROOM_TITLE_CHARACTERS_MAX, is_needed=False
        )

        nobody = self.tr("nobody in this house has that name")

        async def make(owner_name: str, room_name: str, room_title: str) -> None:
            user_id = await admin.find_user(self.desk.house, owner_name)
            if user_id is None:
                raise BadInput(nobody)
            await admin.create_room_for(self.desk.house, user_id, name=room_name, title=room_title)

        form.sent.connect(
            lambda: self.do(
                make(owner.text(), name.text(), title.text()), self.tr("The room is there.")
            )
        )
        form.open()

    def _on_announce_to_all(self) -> None:
        form = FormDialog(
            self,
            self.tr("Announce to all rooms"),
            yes=self.tr("Announce"),
            words=self.tr("It stands above the chat of every room where somebody is."),
        )
        text = form.add_line(self.tr("Announcement"), limits.ANNOUNCEMENT_CHARACTERS_MAX)
        form.sent.connect(
            lambda: self.do(
                admin.announce_to_house(self.desk.house, text.text()),
                self.tr("It is announced."),
            )
        )
        form.open()

    def _describe(self, one: HouseRoom) -> str:
        """One line below the name: what sets it apart."""
        room = one.room
        marks = []
        if room.is_featured:
            marks.append(self.tr("Featured"))
        if room.closed_reason is not None:
            marks.append(self.tr("Closed"))
        if one.chat_rules.is_muted:
            marks.append(self.tr("Chat muted"))
        if room.privacy != "public":
            marks.append(self.tr("Private"))
        if room.starts_at_unix_ms and room.broadcast is None:
            marks.append(self.tr("Planned"))
        return " · ".join(marks)

    def _state_of(self, one: HouseRoom) -> str:
        broadcast = one.room.broadcast
        if broadcast is None:
            return self.tr("Not live")
        if broadcast.state == "away":
            return self.tr("Away")
        return self.tr("Live · %1").replace("%1", short_count(one.room.viewers))
