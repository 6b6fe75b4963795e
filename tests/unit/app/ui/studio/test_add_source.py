"""The menu of sources: screens and windows as they are at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.media.capture.devices import Device
from app.ui.studio.add_source import TITLE_CHARACTERS_SHOWN, AddMenus, Devices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

WINDOW = Device("window:0x2a Notes & more", "Notes & more")


class Page:
    """A widget with the menus, and what was chosen in them."""

    def __init__(self) -> None:
        self.widget = QWidget()
        self.chosen: list[tuple[str, str, str]] = []
        self.menus = AddMenus(
            self.widget,
            on_source=lambda *source: self.chosen.append(source),
            on_text=lambda _text: None,
            on_sound=lambda *sound: self.chosen.append(("sound", *sound)),
        )

    def open(self, devices: Devices) -> dict[str, QAction]:
        """Every entry by its text, those of the menus within too."""
        self.menus.show_sources(devices, QPoint(0, 0))
        (menu,) = self.widget.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
        found = {}
        for action in menu.actions():
            found[action.text()] = action
            inner = action.menu()
            if isinstance(inner, QMenu):
                found |= {one.text(): one for one in inner.actions()}
        return found


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[Page]:
    page = Page()
    qtbot.addWidget(page.widget)
    page.widget.show()
    yield page
    page.widget.close()


def test_menu_when_there_is_one_screen_then_it_is_offered_as_the_whole(page: Page) -> None:
    entries = page.open(Devices(has_screen=True, screens=(), windows=()))
    entries["The whole screen"].trigger()
    assert page.chosen == [("screen", "screen", "")]
    assert not entries["Window of another program"].isEnabled()


def test_menu_when_there_are_several_screens_then_each_can_be_chosen(page: Page) -> None:
    screens = (Device("screen:0", "1920 x 1080"), Device("screen:1", "1280 x 1024"))
    entries = page.open(Devices(has_screen=True, screens=screens, windows=()))
    assert "All screens" in entries
    entries["Screen 2 (1280 x 1024)"].trigger()
    assert page.chosen == [("screen", "screen:1", "Screen 2")]


def test_menu_when_windows_are_open_then_each_is_offered_by_its_title(page: Page) -> None:
    long = Device("window:0x2b " + "x" * 100, "x" * 100)
    entries = page.open(Devices(has_screen=True, screens=(), windows=(WINDOW, long)))
    entries["Notes && more"].trigger()  # no shortcut is made of a title
    assert page.chosen == [("screen", WINDOW.address, WINDOW.name)]
    assert max(map(len, entries)) == TITLE_CHARACTERS_SHOWN


def test_menu_when_it_is_closed_then_nothing_of_it_is_left(page: Page, qtbot: QtBot) -> None:
    page.open(Devices(screens=(), windows=()))
    (menu,) = page.widget.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    with qtbot.waitSignal(menu.destroyed):
        menu.close()


def test_menu_when_there_is_no_screen_then_nothing_of_it_can_be_chosen(page: Page) -> None:
    entries = page.open(Devices(screens=(), windows=()))
    assert not entries["The whole screen"].isEnabled()
    assert not entries["Window of another program"].isEnabled()
