"""What goes on around recommended cards: which are seen, their menu, hiding, and why."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QMenu, QWidget

from app.live import recommending
from app.state.seen_cards import ShownCard
from app.ui.discover.why_popup import WhyPopup
from app.ui.errors_in_words import explain
from app.ui.plain_text import one_line
from app.ui.toast import tell
from wire.ids import RoomId, UserId

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow

    from app.live.house import House
    from app.live.impressions import Impressions
    from app.live.loop_thread import LoopThread
    from app.ui.discover.card import Card
    from app.ui.discover.card_grid import CardGrid
    from app.ui.door import Door

LOOK_MS: Final = 250
"""How often it is looked which cards are on the screen."""
_NAME_MAX: Final = 40


class _Hide(Protocol):
    def __call__(self, user_id: UserId, *, is_hidden: bool) -> Coroutine[Any, Any, None]: ...


class RecommendedCards(QObject):
    """One for the page. `impressions` is set and used on the loop."""

    def __init__(
        self,
        page: QWidget,
        grid: CardGrid,
        *,
        house: House,
        loop: LoopThread,
        door: Door,
        hide: _Hide,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._grid = grid
        self._house = house
        self._loop = loop
        self._door = door
        self._hide = hide
        self.impressions: Impressions | None = None
        self.find_others: Callable[[], Iterable[ShownCard]] = tuple
        """What else of the page is on the screen and counts as recommended."""
        self._on_screen: tuple[ShownCard, ...] = ()
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self.look)
        self.why = WhyPopup(page)
        self.why.hide_wanted.connect(self._on_hide_wanted)
        grid.chosen.connect(self._on_chosen)
        grid.menu_wanted.connect(lambda room_id, at: self.make_menu(room_id, at).popup(at))

    def start(self) -> None:
        """The page is in front."""
        self._looking.start()

    def stop(self) -> None:
        self._looking.stop()
        self._on_screen = ()

    def look(self) -> None:
        """Which cards are on the screen: told where it is not as before."""
        handle: QWindow | None = self._page.window().windowHandle()
        is_seen = self._page.isVisible() and handle is not None and handle.isExposed()
        cards = self._grid.shown_cards() if is_seen else []
        others = self.find_others() if is_seen else ()
        shown = (*(_shown(card) for card in cards if card.position >= 0), *others)
        if shown != self._on_screen:
            self._on_screen = shown
            self._loop.call(self._tell_seen, shown)

    def click(self, card: ShownCard) -> None:
        """It was chosen."""
        self._loop.call(self._tell_clicked, card)

    def make_menu(self, room_id: str, place: QPoint) -> QMenu:
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("More"))
        if self._house.own_user_id():
            menu.addAction(self.tr("Not interested"), partial(self._on_hide_wanted, room_id))
        menu.addAction(self.tr("Why is this shown?"), partial(self.explain, room_id, place))
        return menu

    def explain(self, room_id: str, place: QPoint) -> None:
        card = self._find_card(room_id)
        room = card.room if card is not None else None
        if room is None:
            return
        has_account = bool(self._house.own_user_id())
        self.why.pop_up_at(place, room, has_account=has_account)
        if has_account:
            self._door.deliver(
                self._loop.submit(recommending.load_why(self._house, room)),
                lambda why: self.why.show_why(room_id, why),
                lambda _error: None,  # the reason itself stands there
            )

    # --- within -------------------------------------------------------------------------------

    def _tell_seen(self, cards: tuple[ShownCard, ...]) -> None:
        if self.impressions is not None:
            self.impressions.look(cards)

    def _tell_clicked(self, card: ShownCard) -> None:
        if self.impressions is not None:
            self.impressions.click(card)

    def _on_chosen(self, room_id: str) -> None:
        card = self._find_card(room_id)
        if card is not None and card.position >= 0:
            self.click(_shown(card))

    def _find_card(self, room_id: str) -> Card | None:
        return next((card for card in self._grid.cards if card.room_id == room_id), None)

    def _on_hide_wanted(self, room_id: str) -> None:
        card = self._find_card(room_id)
        if card is not None and card.room is not None:
            owner = card.room.owner
            words = self.tr("{0} is not recommended to you any more.")
            words = words.replace("{0}", one_line(owner.name, _NAME_MAX))
            self._ask_hidden(owner.user_id, words, is_hidden=True)

    def _ask_hidden(self, user_id: UserId, words: str, *, is_hidden: bool) -> None:
        def take_back() -> None:
            self._ask_hidden(user_id, self.tr("Taken back."), is_hidden=False)

        def on_done(_none: None) -> None:
            if is_hidden:
                tell(self._page, words, "info", self.tr("Undo"), take_back)
            else:
                tell(self._page, words, "info")

        self._door.deliver(
            self._loop.submit(self._hide(user_id, is_hidden=is_hidden)),
            on_done,
            lambda error: tell(self._page, explain(error), "bad"),
        )


def _shown(card: Card) -> ShownCard:
    room = card.room
    reason = room.reason.kind if room is not None and room.reason is not None else None
    return ShownCard(RoomId(card.room_id), card.position, reason)
