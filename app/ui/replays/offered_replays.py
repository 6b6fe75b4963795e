"""Recordings in Discover, where little is live: each marked as one, and why it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.live.replay_offers import ReplayOffers
from app.state.seen_cards import ShownCard
from app.ui.discover.discover_page import Section
from app.ui.discover.reason_words import describe_recorded, explain_reason
from app.ui.plain_text import PlainLabel, set_tooltip
from app.ui.replays.replay_card import ReplayGrid
from app.ui.small_pictures import STILL_MAX, decode_small

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.live.replay_offers import Offers
    from app.live.replay_places import ReplayPlaces
    from app.state.discover import DiscoverState
    from app.ui.door import Door


class OfferedReplays(Section):
    """A section for the Discover page; hidden while there is nothing in it."""

    chosen = Signal(str)

    def __init__(self, house: House, loop: LoopThread, door: Door, *, places: ReplayPlaces) -> None:
        super().__init__()
        self._house = house
        self._loop = loop
        self._door = door
        self._places = places
        self._offers: Offers = ()
        self._covers: dict[str, QImage] = {}
        self._asker = ReplayOffers(
            house,
            on_offers=lambda offers: door.post(self.show_offers, offers),
            on_cover=self._on_cover,
        )
        self._title = PlainLabel()
        self._title.setObjectName("h2")
        self.grid = ReplayGrid()
        self.grid.chosen.connect(self._on_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self.grid)
        self.retranslate()

    def look(self, state: DiscoverState) -> None:
        """The page shows these rooms now."""
        done = self._loop.submit(self._asker.look(state, self._house.own_user_id()))
        self._door.deliver(done, lambda _none: None, lambda _error: None)

    def renew(self) -> None:
        """What fits is something else now."""
        self._loop.call(self._asker.renew)

    def show_offers(self, offers: Offers) -> None:
        self._offers = offers
        cards = self.grid.access_cards(len(offers))
        for card, one in zip(cards, offers, strict=True):
            card.show_replay(
                one.replay,
                watched_ms=self._places.find(one.replay.replay_id),
                reason=describe_recorded(one.reason),
            )
            card.more.hide()  # it is kept on the page of recordings
            card.show_picture(self._covers.get(one.replay.replay_id))
            set_tooltip(card, explain_reason(one.reason))
        self.setVisible(bool(offers))
        known = {one.replay.replay_id for one in offers}
        self._covers = {key: value for key, value in self._covers.items() if key in known}
        self.filled.emit()

    def tab_stops(self) -> list[QWidget]:
        return list(self.grid.cards)

    def shown_cards(self) -> list[ShownCard]:
        known = {one.key: one for one in self._list_cards()}
        return [known[card.key] for card in self.grid.shown_cards() if card.key in known]

    def retranslate(self) -> None:
        self._title.setText(self.tr("Recordings for you"))
        self.show_offers(self._offers)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _list_cards(self) -> list[ShownCard]:
        return [
            ShownCard(one.replay.room_id, position, one.reason.kind, one.replay.replay_id)
            for position, one in enumerate(self._offers)
        ]

    def _on_chosen(self, replay_id: str) -> None:
        """Told before the page is left."""
        for card in self._list_cards():
            if card.key == replay_id:
                self.card_clicked.emit(card)
        self.chosen.emit(replay_id)

    def _on_cover(self, replay_id: str, jpeg: bytes) -> None:
        """On the loop: decoded here, small as it is, and only shown over there."""
        picture = decode_small(jpeg, "jpg", STILL_MAX)
        if picture is not None:
            self._door.post(self._show_cover, replay_id, picture)

    def _show_cover(self, replay_id: str, picture: QImage) -> None:
        self._covers[replay_id] = picture
        for card in self.grid.cards:
            if card.key == replay_id:
                card.show_picture(picture)
