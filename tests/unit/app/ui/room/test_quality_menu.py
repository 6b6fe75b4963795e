"""The menu of qualities: what it says of the one that plays, and what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from app.state.room import QualityChosen, RoomState
from app.ui.room.quality_menu import (
    QualityMenu,
    describe_in_use,
    describe_lost_choice,
    name_chosen,
)
from tests.unit.app.state.test_layer_in_use import BACK, SLOW, SOUND
from tests.unit.app.state.test_room import joined
from wire import media_events

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def menu(parent: QWidget) -> QualityMenu:
    return QualityMenu(parent)


def texts(menu: QualityMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def pick(menu: QualityMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text() == text).trigger()


@pytest.mark.parametrize(
    ("state", "words", "button"),
    [
        (joined(), "", "Auto"),
        (joined().apply(BACK), "Now 720p", "Auto"),
        (joined().apply(SLOW), "Now 360p: your connection", "Auto"),
        (
            joined().apply(media_events.LayerSelected(layer=0, reason="viewer_busy")),
            "Now 360p: your computer is busy",
            "Auto",
        ),
        (
            joined()
            .apply(QualityChosen("auto", audio_only=False, saves_data=True))
            .apply(media_events.LayerSelected(layer=0, reason="data_saver")),
            "Now 360p: you save data",
            "Auto",
        ),
        (joined().apply(SOUND), "Now sound only: your connection", "Sound"),
        (joined().apply(QualityChosen("auto", audio_only=True)), "", "Sound"),
        (joined().apply(QualityChosen(1, audio_only=False)), "", "720p"),
        (
            joined().apply(QualityChosen(1, audio_only=False)).apply(SLOW),
            "Now 360p: your connection",
            "360p",
        ),
    ],
)
def test_words_when_a_quality_plays_then_say_which_and_why(
    state: RoomState, words: str, button: str
) -> None:
    assert describe_in_use(state) == words
    assert name_chosen(state) == button


def test_menu_when_filled_then_tells_first_and_offers_all(menu: QualityMenu) -> None:
    menu.render_state(joined().apply(SLOW))
    assert texts(menu) == [
        "Now 360p: your connection",
        "Auto",
        "720p",
        "360p",
        "Sound only",
        "Save data",
    ]
    first = menu.actions()[0]
    assert not first.isEnabled()
    assert [a.text() for a in menu.actions() if a.isChecked()] == ["Auto"]


def test_menu_when_used_then_keeps_what_the_other_entries_say(menu: QualityMenu) -> None:
    chosen: list[tuple[object, bool, bool]] = []
    menu.chosen.connect(lambda *choice: chosen.append(choice))
    menu.render_state(joined().apply(QualityChosen(0, audio_only=False)))
    pick(menu, "Save data")
    menu.render_state(joined().apply(QualityChosen(0, audio_only=False, saves_data=True)))
    pick(menu, "720p")
    pick(menu, "Sound only")
    assert chosen == [(0, False, True), (1, False, True), ("auto", True, True)]


def test_choice_when_the_link_cannot_hold_it_then_is_told_once() -> None:
    pinned = joined().apply(QualityChosen(1, audio_only=False))
    lost = pinned.apply(SLOW)
    assert describe_lost_choice(pinned, lost) == (
        "Your connection does not carry 720p. You see 360p until it does."
    )
    assert describe_lost_choice(lost, lost) == ""
    assert describe_lost_choice(joined(), joined().apply(SLOW)) == "", "auto has no choice to lose"
