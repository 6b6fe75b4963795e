"""What is believed of somebody: shown, corrected, forgotten, and whom one may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.me.people_card import PeopleCard
from app.ui.me.taste_card import TasteCard
from app.ui.question import Question
from tests.unit.app.ui.recommended_states import belief, people
from wire.discovery_events import Belief

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LEFT = Qt.MouseButton.LeftButton


def say(words: str) -> str:
    return words


def texts(card: QWidget) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card)]


@pytest.fixture
def taste(qtbot: QtBot) -> TasteCard:
    card = TasteCard()
    qtbot.addWidget(card)
    card.show()
    card.show_belief(belief(say))
    return card


@pytest.fixture
def known(qtbot: QtBot) -> PeopleCard:
    card = PeopleCard()
    qtbot.addWidget(card)
    card.show()
    card.show_people(people(say))
    return card


def test_taste_when_shown_then_strongest_first_with_what_it_comes_from(taste: TasteCard) -> None:
    shown = texts(taste)
    assert "Nadia" in shown
    assert "14 visits · 1,240 min · 41 %" in shown
    assert any("relay only: 41." in text and "83 %" in text for text in shown)
    rows = list(taste.streamer_rows.values())
    assert [row._bar.value() for row in rows] == sorted(
        (row._bar.value() for row in rows), reverse=True
    )
    assert [row.wish.currentData() for row in rows] == [
        "learned", "more", "less", "learned", "forget",
    ]  # fmt: skip
    assert (rows[0]._bar.value(), rows[0]._bar.maximum()) == (41, 100)  # as long as its words say
    assert rows[0].wish.accessibleName() == "How much of Nadia"
    assert list(taste.category_rows) == ["Outdoors", "手工", "Music"]


def test_taste_when_a_wish_is_chosen_by_key_then_asked_for(taste: TasteCard, qtbot: QtBot) -> None:
    wish = taste.streamer_rows["s0"].wish
    wish.setFocus()
    with qtbot.waitSignal(taste.streamer_wished) as wanted:
        QTest.keyClick(wish, Qt.Key.Key_Down)
    assert wanted.args == ["s0", "less"]
    with qtbot.waitSignal(taste.category_wished) as wanted:
        QTest.keyClick(taste.category_rows["Music"].wish, Qt.Key.Key_Up)
    assert wanted.args == ["Music", "more"]


def test_taste_when_shown_again_then_rows_stay_and_the_focus_with_them(taste: TasteCard) -> None:
    row = taste.streamer_rows["s1"]
    row.wish.setFocus()
    read = belief(say)
    less = Belief(re=2, streamers=read.streamers[1:3], visits=9)
    taste.show_belief(less)
    assert list(taste.streamer_rows) == ["s1", "s2"]
    assert taste.streamer_rows["s1"] is row
    assert taste.category_rows == {}
    assert taste.again_buttons == {}


def test_taste_when_hidden_is_to_be_shown_again_then_asked_for(
    taste: TasteCard, qtbot: QtBot
) -> None:
    button = taste.again_buttons["s5"]
    assert button.accessibleName() == "Recommend Mina again"
    with qtbot.waitSignal(taste.show_again_wanted) as wanted:
        QTest.mouseClick(button, LEFT)
    assert wanted.args == ["s5"]


def test_taste_when_all_is_to_be_forgotten_then_asks_first(taste: TasteCard, qtbot: QtBot) -> None:
    QTest.mouseClick(taste.reset, LEFT)
    (question,) = taste.findChildren(Question)
    with qtbot.assertNotEmitted(taste.reset_wanted):
        QTest.mouseClick(question.no_button, LEFT)
    QTest.mouseClick(taste.reset, LEFT)
    question = taste.findChildren(Question)[-1]
    with qtbot.waitSignal(taste.reset_wanted):
        QTest.mouseClick(question.yes_button, LEFT)


def test_taste_when_nothing_is_recorded_then_says_so_and_can_be_turned_on(
    taste: TasteCard, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(taste.recording_wanted) as wanted:
        QTest.mouseClick(taste.recording, LEFT)
    assert wanted.args == [False]
    taste.show_belief(Belief(re=1, is_recorded=False))
    assert any("Nothing that you watch is recorded" in text for text in texts(taste))
    assert not taste.reset.isEnabled()
    with qtbot.waitSignal(taste.recording_wanted) as wanted:
        QTest.mouseClick(taste.recording, LEFT)
    assert wanted.args == [True]


def test_people_when_shown_then_each_with_a_reason(known: PeopleCard) -> None:
    shown = texts(known)
    assert "Kit and Otto and 3 more whom you follow follow them" in shown
    assert "Kit, whom you follow, follow them" in shown
    assert "Likes the same streamers as you" in shown
    assert "3 whom you follow follow them" in shown


def test_people_when_followed_then_it_shows_only_once_it_is_so(
    known: PeopleCard, qtbot: QtBot
) -> None:
    button = known.follow_buttons["s0"]
    with qtbot.waitSignal(known.follow_wanted) as wanted:
        QTest.mouseClick(button, LEFT)
    assert wanted.args == ["s0", True]
    assert button.text() == "Follow"
    known.show_followed("s0", is_following=True)
    assert (button.text(), button.isChecked()) == ("Following", True)
    with qtbot.waitSignal(known.follow_wanted) as wanted:
        QTest.mouseClick(button, LEFT)
    assert wanted.args == ["s0", False]
    known.show_people(())
    assert any(text.startswith("Nobody yet") for text in texts(known))
