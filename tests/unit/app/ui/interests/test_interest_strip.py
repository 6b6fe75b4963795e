"""Interests under the hand: asked once, skipped with one click, and changed under Me."""

from __future__ import annotations

from collections.abc import Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.errors import RelayUnreachable
from app.state.discover import DiscoverState, Listed
from app.ui.interests.interest_words import interest_name
from tests.unit.app.ui.recommended_states import BUILT_IN, interests
from wire.limits import INTERESTS_MAX
from wire.taste_commands import ChooseInterests, GetInterests

if TYPE_CHECKING:
    from app.ui.desktop import Desktop

LEFT = Qt.MouseButton.LeftButton
SHOWN = DiscoverState().apply(Listed((), "", ""))


def say(words: str) -> str:
    return words


class Relay:
    """Answers at once, on the thread of the window."""

    def __init__(self, desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[Any] = []
        self.is_cut = False
        self.user_id = "u1"
        monkeypatch.setattr(desktop._house, "own_user_id", lambda: self.user_id)
        monkeypatch.setattr(desktop._house, "request", self._request)
        monkeypatch.setattr(desktop._loop, "submit", self._submit)

    async def _request(self, command: Any, _answer: object) -> Any:
        if self.is_cut:
            raise RelayUnreachable("cut")
        self.asked.append(command)
        if isinstance(command, GetInterests):
            return interests(say, is_asked=True)
        assert isinstance(command, ChooseInterests), command
        return interests(say, *command.interests)

    @staticmethod
    def _submit(coroutine: Coroutine[Any, Any, Any]) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            coroutine.send(None)
        except StopIteration as end:
            done.set_result(end.value)
        except RelayUnreachable as error:
            done.set_exception(error)
        return done


@pytest.fixture
def relay(still_desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> Relay:
    still_desktop.window.show_page("discover")
    return Relay(still_desktop, monkeypatch)


def look(desktop: Desktop) -> None:
    desktop.interests.look(SHOWN)
    QTest.qWait(20)


def test_strip_when_the_user_is_new_then_asked_once_however_often_the_list_is_drawn(
    still_desktop: Desktop, relay: Relay
) -> None:
    for _ in range(3):
        look(still_desktop)
    assert relay.asked == [GetInterests(id=0)]
    assert still_desktop.interests.isVisible()
    assert not still_desktop.interests.done.isEnabled()


def test_strip_when_skipped_then_gone_with_one_click(still_desktop: Desktop, relay: Relay) -> None:
    look(still_desktop)
    QTest.mouseClick(still_desktop.interests.skip, LEFT)
    QTest.qWait(20)
    assert relay.asked[1:] == [ChooseInterests(id=0, interests=())]
    look(still_desktop)
    assert not still_desktop.interests.isVisible()


def test_strip_when_some_are_chosen_then_told_and_the_lists_are_asked_for_anew(
    still_desktop: Desktop, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewed: list[str] = []
    monkeypatch.setattr(still_desktop.discover, "refresh", lambda: renewed.append("rooms"))
    monkeypatch.setattr(still_desktop.offers, "renew", lambda: renewed.append("recordings"))
    look(still_desktop)
    strip = still_desktop.interests
    for place in (3, 0):
        QTest.mouseClick(strip.chips.chips[place], LEFT)
    QTest.mouseClick(strip.done, LEFT)
    QTest.qWait(20)
    assert relay.asked[1:] == [ChooseInterests(id=0, interests=("Clock repair", "music"))]
    assert sorted(renewed) == ["recordings", "rooms"]
    assert not strip.isVisible()


def test_strip_when_the_answer_does_not_arrive_then_it_comes_back(
    still_desktop: Desktop, relay: Relay
) -> None:
    look(still_desktop)
    relay.is_cut = True
    QTest.mouseClick(still_desktop.interests.skip, LEFT)
    QTest.qWait(20)
    assert still_desktop.interests.isVisible()


def test_strip_when_a_guest_or_another_user_comes_then_it_is_theirs(
    still_desktop: Desktop, relay: Relay
) -> None:
    look(still_desktop)
    relay.user_id = ""
    look(still_desktop)
    assert not still_desktop.interests.isVisible()
    relay.user_id = "u2"
    look(still_desktop)
    assert still_desktop.interests.isVisible()
    assert len(relay.asked) == 2


def test_chips_when_so_many_are_chosen_then_no_more_can_be(
    still_desktop: Desktop, relay: Relay
) -> None:
    look(still_desktop)
    assert relay.asked
    chips = still_desktop.interests.chips
    for chip in chips.chips[:INTERESTS_MAX]:
        QTest.mouseClick(chip, LEFT)
    assert len(chips.chosen) == INTERESTS_MAX
    assert not any(chip.isEnabled() for chip in chips.chips[INTERESTS_MAX:])
    QTest.mouseClick(chips.chips[0], LEFT)
    assert all(chip.isEnabled() for chip in chips.chips)


def test_me_when_an_interest_is_taken_back_then_told_at_once(
    still_desktop: Desktop, relay: Relay
) -> None:
    taste = still_desktop.me.taste
    taste.setEnabled(True)  # as where the relay is reached
    taste.show_interests(interests(say, "music", "Knitting"))
    assert [chip.text() for chip in taste.interests.chips][-1] == "Knitting"
    taste.interests.chips[-1].click()
    QTest.qWait(20)
    assert relay.asked == [ChooseInterests(id=0, interests=("music",))]


def test_names_when_of_every_house_then_in_words() -> None:
    assert all(interest_name(name) != name for name in BUILT_IN)
    assert interest_name("Clock\nrepair") == "Clock repair"
