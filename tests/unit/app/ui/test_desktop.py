"""The whole window, without a relay: first start, pages, languages, themes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from app.live.house import House
from app.live.loop_thread import LoopThread
from app.live.preferences_file import PreferencesFile
from app.live.remembered import RememberedRelay
from app.live.vault import Vault
from app.state.house import HouseState, RelayDied
from app.ui.desktop import Desktop
from app.ui.door import Door
from app.ui.main_window import PAGE_KEYS
from app.ui.theme import current
from app.ui.theme.tokens import DARK, LIGHT, Theme, contrast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider)


@pytest.fixture
def desktop(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desktop]:
    loop, door = LoopThread(), Door()
    loop.start()
    house = House(tmp_path, random=lambda: 0.0, vault=Vault(tmp_path, uses_keyring=False), port=0)
    made = Desktop(
        qapp,
        house=house,
        loop=loop,
        door=door,
        preferences_file=PreferencesFile(tmp_path / "settings.json"),
        window_file=tmp_path / "window.ini",
    )
    qtbot.addWidget(made.window)
    made._on_preference("theme", "dark")
    made._on_preference("language", "en")
    made.window.resize(1024, 640)
    made.open()
    yield made
    made.window.close()
    made._on_preference("language", "en")
    door.close()
    assert loop.stop(last=house.stop)


def shown(root: QWidget, kinds: tuple[type[QWidget], ...]) -> list[QWidget]:
    return [
        widget
        for widget in root.findChildren(QWidget)
        if isinstance(widget, kinds) and widget.isVisible() and not isinstance(widget, QScrollBar)
    ]


def name_of(widget: QWidget) -> str:
    if isinstance(widget, QAbstractButton):
        return widget.accessibleName() or widget.text()
    return widget.accessibleName()


def is_inside_its_window(widget: QWidget, window: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True  # may be scrolled to
        parent = parent.parentWidget()
    rect = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    return window.rect().contains(rect)


def find_cut(window: QWidget) -> list[str]:
    cut = []
    for widget in shown(window, (QAbstractButton, QLabel)):
        text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
        if not text or (isinstance(widget, QLabel) and not widget.objectName().strip()):
            continue
        is_wrapped = isinstance(widget, QLabel) and widget.wordWrap()
        needed = widget.sizeHint().width() if not is_wrapped else 0
        height = widget.heightForWidth(widget.width()) if is_wrapped else 0
        if widget.width() < needed - 1 or widget.height() < height - 1:
            cut.append(f"{text!r}: {widget.size().toTuple()} needs {needed} x {height}")
        elif not is_inside_its_window(widget, window):
            cut.append(f"{text!r} reaches out of the window")
    return cut


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("page", ["first", *PAGE_KEYS])
def test_page_when_shown_at_the_smallest_size_then_nothing_is_cut_and_all_has_names(
    desktop: Desktop, language: str, page: str
) -> None:
    desktop._on_preference("language", language)
    if page != "first":
        desktop.window.show_page(page)
    QTest.qWait(50)
    assert desktop.window.width() <= 1024
    assert desktop.window.height() <= 640
    assert find_cut(desktop.window) == []
    nameless = [widget for widget in shown(desktop.window, CONTROLS) if not name_of(widget).strip()]
    assert nameless == []


def test_language_when_changed_while_running_then_the_rail_and_pages_follow(
    desktop: Desktop,
) -> None:
    desktop.window.show_page("me")
    desktop._on_preference("language", "zh_CN")
    QTest.qWait(20)
    assert desktop.window._rail.button("me").text() == "我的"
    assert desktop.me.settings.checks["return_at_start"].text() == "启动时回到上次的地方"
    desktop._on_preference("language", "en")
    QTest.qWait(20)
    assert desktop.window._rail.button("me").text() == "Me"


def test_theme_when_chosen_in_the_settings_then_is_used_and_kept(desktop: Desktop) -> None:
    desktop._on_preference("theme", "light")
    assert current.theme() is LIGHT
    desktop._on_preference("theme", "dark")
    assert current.theme() is DARK


def test_link_when_it_is_none_then_the_first_start_says_so(desktop: Desktop) -> None:
    page = desktop.first_start
    QTest.mouseClick(page.join_choice, Qt.MouseButton.LeftButton)
    QTest.keyClicks(page.link_edit, "https:///nothing")
    QTest.keyClick(page.link_edit, Qt.Key.Key_Return)
    assert "not an invite link" in page.status.text()
    assert page.join_button.isEnabled()


def test_first_start_when_one_has_been_elsewhere_then_it_offers_that(
    desktop: Desktop, qtbot: QtBot
) -> None:
    remembered = desktop._house._remembered
    for name, host in (("Ada & Bob", "127.0.0.1"), ("", "house.local")):
        remembered.add(RememberedRelay(url=f"ws://{host}:9", name=name))
    page = desktop.first_start
    desktop.window.show_page("me")
    desktop.window.show_first_start()
    QTest.qWait(50)
    assert find_cut(desktop.window) == []
    first, second = page.relays.rows
    assert first.go_button.text() == "house.local"
    assert second.go_button.accessibleName() == "Ada & Bob  ·  127.0.0.1"
    assert second.go_button.text() == "Ada && Bob  ·  127.0.0.1"
    QTest.mouseClick(first.remove_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [one.name for one in remembered.relays] == ["Ada & Bob"])
    (row,) = page.relays.rows
    QTest.mouseClick(row.go_button, Qt.MouseButton.LeftButton)
    assert "Ada & Bob" in page.status.text()
    assert not page.relays.isVisible()
    QTest.mouseClick(page.cancel_button, Qt.MouseButton.LeftButton)
    assert page.relays.isVisible()


def test_link_when_it_comes_while_one_is_in_another_house_then_it_is_asked_first(
    desktop: Desktop,
) -> None:
    desktop.window.show_page("me")
    desktop._house.state = HouseState(url="wss://127.0.0.1:1", pin="ab" * 32, link="connected")
    desktop.open_link(f"livehouse://10.0.0.9:1/room?pin={'cd' * 32}")
    question = desktop._question
    assert question is not None
    question.no_button.click()
    assert desktop.window.current_key == "me"
    desktop.open_link(f"Come: livehouse://10.0.0.9:1/room?pin={'cd' * 32}.")
    assert desktop._question is not None
    desktop._question.yes_button.click()
    assert desktop.window.current_key == ""
    assert "10.0.0.9" in desktop.first_start.status.text()
    QTest.mouseClick(desktop.first_start.cancel_button, Qt.MouseButton.LeftButton)


def test_link_when_it_leads_to_the_same_house_then_nobody_is_asked(desktop: Desktop) -> None:
    desktop._house.state = HouseState(url="wss://127.0.0.1:1", pin="ab" * 32, link="connected")
    desktop.open_link(f"livehouse://10.0.0.9:1/room?pin={'ab' * 32}")
    assert desktop._question is None


def test_keyboard_when_tab_is_pressed_then_every_control_of_the_first_start_is_reached(
    desktop: Desktop,
) -> None:
    page = desktop.first_start
    QTest.mouseClick(page.join_choice, Qt.MouseButton.LeftButton)
    page.host_choice.setFocus()
    reached = set()
    for _ in range(8):
        # The window's own notion of focus: a display without a window manager activates nobody.
        focused = desktop.window.focusWidget()
        reached.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {page.host_choice, page.join_choice, page.link_edit, page.join_button} <= reached


def test_hosted_relay_when_it_dies_then_is_told_and_told_again_when_it_is_back(
    desktop: Desktop,
) -> None:
    desktop.window.show_page("studio")
    toast = desktop.window._toast
    stands = HouseState(url="wss://127.0.0.1:1", is_hosted=True, link="connected")
    desktop._on_house(stands)
    desktop._on_house(stands.apply(RelayDied()))
    assert "opened again by itself" in toast.text()
    assert desktop.window.current_key == "studio"
    desktop._on_house(stands)
    assert "is back" in toast.text()


def test_hosted_relay_when_given_up_then_the_first_start_says_so_and_goes_on_saying_it(
    desktop: Desktop,
) -> None:
    desktop.window.show_page("studio")
    desktop._on_house(HouseState(url="wss://127.0.0.1:1", is_hosted=True, link="waiting"))
    desktop._on_house(HouseState(words="exit code 2 <b>"))
    assert desktop.window.current_key == ""
    assert "exit code 2 <b>" in desktop.first_start.status.text()
    assert desktop.first_start.status.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_theme_when_text_lies_on_its_ground_then_its_contrast_is_aa(theme: Theme) -> None:
    for ground in (theme.ground, theme.surface, theme.field, theme.raised, theme.rail):
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.text_soft, ground) >= 4.5
    for ground in (theme.ground, theme.surface, theme.raised):
        for text in (theme.accent_text, theme.bad, theme.good, theme.warn):
            assert contrast(text, ground) >= 4.5
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.on_accent, theme.accent_hover) >= 4.5
    assert contrast(theme.focus, theme.ground) >= 3
