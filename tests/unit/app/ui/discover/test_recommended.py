"""Recommended cards under the hand: reasons, the menu, hiding and taking it back, why, and what is
told of it."""

from __future__ import annotations

from collections.abc import Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.errors import RelayUnreachable
from app.state import discover
from app.state.recommending import find_why
from app.state.seen_cards import ShownCard
from app.ui.discover.reason_words import describe_reason, explain_reason, list_names
from tests.unit.app.ui.recommended_states import (
    KINDS,
    PARTS,
    Sender,
    belief,
    recommended,
    told_room,
)
from wire.event_base import Reason
from wire.ids import RoomId, UserId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.desktop import Desktop

LEFT = Qt.MouseButton.LeftButton


def say(words: str) -> str:
    return words


@pytest.fixture
def page(still_desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    still_desktop.window.show_page("discover")
    still_desktop.discover.render_state(recommended(say))
    monkeypatch.setattr(still_desktop._house, "own_user_id", lambda: "u1")
    QTest.qWait(30)
    return still_desktop


@pytest.fixture
def hidden(page: Desktop, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What was asked to be hidden, instead of asking."""
    found: list[tuple[str, bool]] = []

    async def hide(user_id: UserId, *, is_hidden: bool) -> None:
        found.append((user_id, is_hidden))

    monkeypatch.setattr(page.discover.recommended, "_hide", hide)
    return found


def test_card_when_recommended_then_says_why_and_has_its_place(page: Desktop) -> None:
    cards = page.discover._recommended.cards[:5]
    assert [card.position for card in cards] == [0, 1, 2, 3, 4]
    assert [card.accessibleDescription() for card in cards] == [
        "You watched 3 times this month",
        "Like Nadia and 老周, which you watch",
        "3 friends watching",
        "You often watch Music",
        "You follow the host",
    ]
    assert all(card.more.isVisible() for card in cards)


def test_card_when_searched_for_then_is_no_recommendation(page: Desktop) -> None:
    rooms = tuple(told_room(say, number, "popular") for number in range(3))
    searched = discover.DiscoverState(search="x").apply(discover.Listed(rooms, "x", ""))
    page.discover.render_state(searched)
    assert searched.recommended == ()
    assert len(searched.live) == 3
    assert all(card.position == -1 for card in page.discover._live.cards)
    assert not any(card.more.isVisible() for card in page.discover._live.cards)


def test_cards_when_looked_at_then_what_is_on_the_screen_is_told(
    page: Desktop, qtbot: QtBot
) -> None:
    sender = Sender()
    page.discover.recommended.impressions = sender  # type: ignore[assignment]  # as much as is used
    page.discover.render_state(recommended(say, KINDS))
    QTest.qWait(30)
    page.discover.recommended.look()
    qtbot.waitUntil(lambda: bool(sender.seen))
    (seen,) = sender.seen
    assert [card.position for card in seen] == [0, 1, 2, 3, 4, 5], "the third row is below"
    assert seen[0] == ShownCard(RoomId("r0"), 0, "watched")
    page.discover.recommended.look()
    QTest.qWait(30)
    assert len(sender.seen) == 1, "as before"


def test_card_when_chosen_then_the_room_opens_and_the_click_is_told(
    page: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = Sender()
    page.discover.recommended.impressions = sender  # type: ignore[assignment]  # as much as is used
    opened: list[str] = []
    monkeypatch.setattr(page.room, "open_room", opened.append)
    QTest.mouseClick(page.discover._recommended.cards[2], LEFT)
    qtbot.waitUntil(lambda: bool(sender.clicked))
    assert opened == ["r2"]
    assert sender.clicked == [ShownCard(RoomId("r2"), 2, "friends")]


def test_menu_when_not_interested_then_hidden_and_undo_takes_it_back(
    page: Desktop, qtbot: QtBot, hidden: list[tuple[str, bool]]
) -> None:
    menu = page.discover.recommended.make_menu("r1", QPoint(0, 0))
    assert [action.text() for action in menu.actions()] == ["Not interested", "Why is this shown?"]
    menu.actions()[0].trigger()
    toast = page.window._toast
    qtbot.waitUntil(toast.isVisible)
    assert hidden == [("s1", True)]
    assert toast.text() == "老周 is not recommended to you any more."
    assert toast.button.text() == "Undo"
    QTest.mouseClick(toast.button, LEFT)
    qtbot.waitUntil(lambda: toast.text() == "Taken back.")
    assert hidden == [("s1", True), ("s1", False)]
    assert not toast.button.isVisible()


def test_menu_when_opened_by_a_guest_then_only_says_why(
    page: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page._house, "own_user_id", lambda: "")
    menu = page.discover.recommended.make_menu("r1", QPoint(0, 0))
    assert [action.text() for action in menu.actions()] == ["Why is this shown?"]


def test_hiding_when_the_relay_does_not_answer_then_says_so(
    page: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hide(_user_id: UserId, *, is_hidden: bool) -> None:
        raise RelayUnreachable(f"cut {is_hidden}")

    monkeypatch.setattr(page.discover.recommended, "_hide", hide)
    page.discover.recommended.make_menu("r1", QPoint(0, 0)).actions()[0].trigger()
    toast = page.window._toast
    qtbot.waitUntil(toast.isVisible)
    assert not toast.button.isVisible()
    assert "cannot be reached" in toast.text()


def test_why_when_asked_then_the_belief_stands_there_and_leads_to_all_of_it(
    page: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def submit(coroutine: Coroutine[Any, Any, Any]) -> Future[Any]:
        coroutine.close()
        future: Future[Any] = Future()
        future.set_result(find_why(belief(say), told_room(say, 0, "watched"), PARTS))
        return future

    monkeypatch.setattr(page.discover.recommended._loop, "submit", submit)
    page.discover.recommended.explain("r0", page.discover.mapToGlobal(QPoint(100, 100)))
    why = page.discover.recommended.why

    def words() -> list[str]:
        return [label.text() for label in (why._heading, *why._lines) if label.isVisible()]

    qtbot.waitUntil(lambda: len(words()) == 6)
    assert words() == [
        "Why is “Sundown by the lake” shown?",
        "Your visits to this streamer in the last 30 days: 3.",
        "What counted most: Own history, lately 62 %, Category 25 %, Your own wish 13 %",
        "Nadia: 41 % of your taste. 14 visits · 1,240 min",
        "The category Outdoors: 50 % of your taste.",
        "Your own taste makes 83 % of the order; the rest is what all like.",
    ]
    monkeypatch.undo()
    QTest.mouseClick(why.all_button, LEFT)
    assert page.window.current_key == "me"


def test_button_of_a_card_when_pressed_then_asks_for_its_menu(page: Desktop, qtbot: QtBot) -> None:
    card = page.discover._recommended.cards[1]
    with qtbot.waitSignal(card.menu_wanted) as wanted:
        page.discover._recommended.menu_wanted.disconnect()
        QTest.mouseClick(card.more, LEFT)
    assert wanted.args is not None
    assert wanted.args[0] == "r1"
    assert isinstance(card.more, QPushButton) is False
    assert card.more.accessibleName().startswith("More about ")


@pytest.mark.parametrize("kind", KINDS)
def test_reason_when_its_names_are_missing_then_still_says_something_true(kind: Any) -> None:
    bare = Reason(kind=kind)
    assert describe_reason(bare)
    assert "{" not in describe_reason(bare) + explain_reason(bare)


def test_reason_when_unknown_or_named_by_strangers_then_plain_and_short() -> None:
    assert describe_reason(Reason(kind="later")) == "Fits what you watch"  # type: ignore[arg-type]  # of a newer relay
    hostile = Reason(kind="alike", names=("x" * 500, "a\u202eb\n{0}<b>"))
    words = describe_reason(hostile)
    assert "\u202e" not in words
    assert "\n" not in words
    assert len(words) < 90
    assert list_names(()) == ""
    assert list_names(("A", "B", "C")) == "A and B"
