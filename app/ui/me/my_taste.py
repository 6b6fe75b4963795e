"""What happens when somebody uses the cards of recommendations: asked of the relay."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from app.live import privacy, recommending
from app.ui.errors_in_words import explain
from wire.ids import UserId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.ui.door import Door
    from app.ui.me.people_card import PeopleCard
    from app.ui.me.taste_card import TasteCard
    from wire.discovery_events import Belief
    from wire.privacy_events import MyData

_Result = TypeVar("_Result")


class MyTaste(QObject):
    """Emits `said` (words, kind) as the page does, and `data_changed` with a MyData."""

    said = Signal(str, str)
    data_changed = Signal(object)
    interests_chosen = Signal()

    def __init__(  # the page's parts, and its ways out
        self,
        page: QWidget,
        card: TasteCard,
        people: PeopleCard,
        *,
        house: House,
        loop: LoopThread,
        door: Door,
    ) -> None:
        super().__init__(page)
        self._card = card
        self._people = people
        self._house = house
        self._loop = loop
        self._door = door
        card.streamer_wished.connect(
            lambda user_id, wish: self._change(
                recommending.correct_streamer(house, UserId(user_id), wish)
            )
        )
        card.category_wished.connect(
            lambda category, wish: self._change(
                recommending.correct_category(house, category, wish)
            )
        )
        card.show_again_wanted.connect(
            lambda user_id: self._change(recommending.show_again(house, UserId(user_id)))
        )
        card.interests_chosen.connect(self._on_interests_chosen)
        card.reset_wanted.connect(self._on_reset_wanted)
        card.recording_wanted.connect(self._on_recording_wanted)
        people.follow_wanted.connect(self._on_follow_wanted)

    def refresh(self, *, has_people: bool = True) -> None:
        """Nobody pressed anything: failures say nothing."""
        self._ask(recommending.load_belief(self._house), self._card.show_belief, _say_nothing)
        self._ask(recommending.load_interests(self._house), self._card.show_interests, _say_nothing)
        if has_people:
            self._ask(recommending.list_people(self._house), self._people.show_people, _say_nothing)

    def forget(self) -> None:
        """Another user, or none."""
        self._card.show_belief(None)
        self._card.show_interests(None)
        self._people.show_people(None)

    def _on_reset_wanted(self) -> None:
        def on_done(belief: Belief) -> None:
            self._card.show_belief(belief)
            self.refresh(has_people=False)  # interests, too
            self.said.emit(self.tr("Everything is forgotten."), "good")

        self._ask(recommending.reset_belief(self._house), on_done, self._fail)

    def _on_interests_chosen(self, names: tuple[str, ...]) -> None:
        def on_failed(error: LivehouseError) -> None:
            self._fail(error)
            self.refresh(has_people=False)

        self._ask(
            recommending.choose_interests(self._house, names),
            lambda _interests: self.interests_chosen.emit(),
            on_failed,
        )

    def _on_recording_wanted(self, is_recorded: bool) -> None:  # noqa: FBT001 # a signal's value
        def on_done(data: MyData) -> None:
            self.data_changed.emit(data)
            self.refresh(has_people=False)

        self._ask(privacy.set_recording(self._house, is_recorded=is_recorded), on_done, self._fail)

    def _on_follow_wanted(self, user_id: str, is_following: bool) -> None:  # noqa: FBT001 # a signal's value
        self._ask(
            recommending.follow(self._house, UserId(user_id), is_following=is_following),
            lambda _none: self._people.show_followed(user_id, is_following=is_following),
            self._fail,
        )

    def _change(self, coroutine: Coroutine[Any, Any, Belief]) -> None:
        def on_failed(error: LivehouseError) -> None:
            self._fail(error)
            self.refresh(has_people=False)  # the choice that was shown did not come to be

        self._ask(coroutine, self._card.show_belief, on_failed)

    def _ask(
        self,
        coroutine: Coroutine[Any, Any, _Result],
        on_done: Callable[[_Result], object],
        on_failed: Callable[[LivehouseError], object],
    ) -> None:
        self._door.deliver(self._loop.submit(coroutine), on_done, on_failed)

    def _fail(self, error: LivehouseError) -> None:
        self.said.emit(explain(error), "bad")


def _say_nothing(_error: LivehouseError) -> None:
    pass
