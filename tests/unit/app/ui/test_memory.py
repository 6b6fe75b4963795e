"""What is opened and closed all evening long leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.ui.menus import empty
from app.ui.replays.replay_view import ReplayView
from tests.unit.app.ui.window_states import PLACES

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.desktop import Desktop

Repeat = Callable[[Callable[[], object], int], int]

OPENED = (
    "discover, card menu",
    "danmaku menu",
    "held messages",
    "message menu of a keeper",
    "sanction, ban",
    "acts",
    "poll dialog",
    "a service to stream to",
    "sources menu",
    "sounds menu",
    "replays, menu",
    "replays, rename dialog",
    "replays, delete question",
    "admin, grant",
    "erase dialog",
    "feedback dialog",
    "report dialog, message",
    "question",
    "crash report",
    "export dialog",
)


def find_windows() -> list[QWidget]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return [window for window in QApplication.topLevelWidgets() if window.parent() is None]


@pytest.fixture
def strangers(qapp: QApplication) -> list[QWidget]:
    """Windows of tests before: garbage that may be collected at any moment, and is not counted."""
    assert qapp
    return find_windows()


@pytest.fixture
def repeat(strangers: list[QWidget], still_desktop: Desktop) -> Repeat:
    """Do something so many times, and count the objects of the windows that are there then."""
    assert still_desktop  # made after the strangers were looked at, and so none of them

    def repeat(work: Callable[[], object], times: int) -> int:
        for _ in range(times):
            work()
        mine = [window for window in find_windows() if window not in strangers]
        return sum(1 + len(window.findChildren(QObject)) for window in mine)

    return repeat


@pytest.mark.parametrize("place", OPENED)
def test_window_when_opened_and_closed_again_and_again_then_nothing_of_it_stays(
    still_desktop: Desktop, repeat: Repeat, place: str
) -> None:
    def open_and_close() -> None:
        front = PLACES[place](still_desktop, str)
        assert isinstance(front, QWidget)
        QTest.qWait(1)
        front.close()
        QTest.qWait(1)

    assert repeat(open_and_close, 2) == repeat(open_and_close, 4)


def test_danmaku_menu_of_a_keeper_when_filled_again_then_has_no_menus_of_before(
    still_desktop: Desktop, repeat: Repeat
) -> None:
    PLACES["message menu of a keeper"](still_desktop, str)
    tools = still_desktop.room.danmaku
    text = still_desktop.room.stage.danmaku.measure("m000003", "Hi", user_id="u2", name="Bob")

    def fill() -> None:
        tools.fill_menu(text)

    assert repeat(fill, 1) == repeat(fill, 4)
    assert tools.menu.findChildren(QMenu)


def test_parts_that_move_to_windows_of_their_own_stand_in_no_nested_layout(
    still_desktop: Desktop,
) -> None:
    """Of a nested layout Python keeps the item of a part that has gone: app/ui/room/stage_place.py
    says what comes of it."""
    views = still_desktop.window.findChildren(ReplayView)
    parts = [still_desktop.room.stage, still_desktop.room.controls]
    parts += [part for view in views for part in (view.stage, view.controls.parentWidget())]
    assert len(views) == 2
    for part in parts:
        layout = part.parentWidget().layout()
        assert layout.indexOf(part) >= 0, part


def test_menu_when_emptied_then_the_menus_within_go_too(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.addMenu("inner").addMenu("innermost")
    empty(menu)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert menu.findChildren(QMenu) == []
    assert menu.isEmpty()
