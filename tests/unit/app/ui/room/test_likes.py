"""The heart: tapped, held, by key; what rises over the stage; what is written beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.live.room_session import RoomSession
from app.state.room import RoomState
from app.ui.door import Door
from app.ui.room import like_button
from app.ui.room.room_page import RoomPage
from tests.unit.app.state.test_room import ROOM, joined
from tests.unit.app.ui.room.test_room_page import FakeHouse, FakeLoop
from wire import chat_events
from wire.ids import RoomId

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def page(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[RoomPage]:
    monkeypatch.setattr(like_button, "TAP_INTERVAL_MS", 0)
    page = RoomPage(FakeHouse(), FakeLoop(), Door())
    qtbot.addWidget(page)
    page.resize(936, 640)
    page.show()
    page.render_state(joined())
    yield page
    page.close_room()


def taps_asked(page: RoomPage) -> int:
    return sum(call[1:] == (RoomSession.like,) for call in page._loop.calls)


def counted(total: int) -> RoomState:
    return joined().apply(chat_events.LikesCounted(room_id=ROOM, total=total))


def hearts(page: RoomPage) -> int:
    return len(page.stage.hearts._hearts)


def test_button_when_tapped_then_ones_heart_rises_at_once_and_the_relay_is_asked(
    page: RoomPage, qtbot: QtBot
) -> None:
    qtbot.mouseClick(page.controls.like, Qt.MouseButton.LeftButton)
    assert hearts(page) == 1
    assert taps_asked(page) == 1
    assert page.stage._timer.isActive()


def test_button_when_held_then_it_taps_on(page: RoomPage, qtbot: QtBot) -> None:
    button = page.controls.like
    button.setAutoRepeatDelay(1)
    button.setAutoRepeatInterval(1)
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: taps_asked(page) >= 3, timeout=2000)
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)


def test_key_when_pressed_then_as_the_button(page: RoomPage, qtbot: QtBot) -> None:
    page.stage.setFocus()
    qtbot.keyClick(page.stage, Qt.Key.Key_L)
    assert taps_asked(page) == 1


def test_key_when_it_repeats_fast_then_not_faster_than_a_hand(
    page: RoomPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(like_button, "TAP_INTERVAL_MS", 60_000)
    for _ in range(5):
        qtbot.keyClick(page.stage, Qt.Key.Key_L)
    assert taps_asked(page) == 1


@pytest.mark.parametrize("state", [RoomState(), joined(None)])
def test_button_when_there_is_nothing_to_like_then_it_rests(
    page: RoomPage, state: RoomState, qtbot: QtBot
) -> None:
    page.render_state(state)
    assert not page.controls.like.isEnabled()
    qtbot.keyClick(page.stage, Qt.Key.Key_L)
    assert taps_asked(page) == 0


def test_total_when_others_tap_then_their_hearts_rise_and_ones_own_are_not_shown_twice(
    page: RoomPage, qtbot: QtBot
) -> None:
    qtbot.mouseClick(page.controls.like, Qt.MouseButton.LeftButton)
    page.render_state(counted(1))
    assert hearts(page) == 1
    page.render_state(counted(3))
    assert hearts(page) == 3


def test_total_when_one_enters_a_loved_room_then_it_is_no_news(page: RoomPage) -> None:
    page.render_state(RoomState())
    page.render_state(counted(5_000))
    assert hearts(page) == 0
    assert page.controls.like.text() == "5k"


def test_room_when_another_is_opened_then_no_heart_of_the_old_one_stays(page: RoomPage) -> None:
    page.render_state(counted(3))
    assert hearts(page) == 3
    page.render_state(RoomState(room_id=RoomId("other")))
    assert hearts(page) == 0


def test_effects_when_switched_off_then_no_heart_rises_and_the_count_goes_on(
    page: RoomPage, qtbot: QtBot
) -> None:
    page.choose_effects(is_on=False)
    qtbot.mouseClick(page.controls.like, Qt.MouseButton.LeftButton)
    page.render_state(counted(9))
    assert hearts(page) == 0
    assert not page.stage.hearts.is_moving
    assert taps_asked(page) == 1
    assert page.controls.like.text() == "9"


def test_hearts_when_painted_then_colour_is_on_the_stage(page: RoomPage, qtbot: QtBot) -> None:
    page.stage.hearts._hearts.clear()
    before = page.stage.grab().toImage()
    page.render_state(counted(4))
    qtbot.waitUntil(lambda: page.stage.grab().toImage() != before, timeout=2000)
