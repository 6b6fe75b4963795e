"""The whole window, without a relay: first start, pages, languages, themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.theme import current
from app.ui.theme.tokens import DARK, LIGHT
from tests.unit.app.ui.window_states import PLACES

if TYPE_CHECKING:
    from app.ui.desktop import Desktop


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


# The one way to be in front on a display without a window manager.
@pytest.mark.filterwarnings("ignore:.*setActiveWindow:DeprecationWarning")
def test_question_mark_when_pressed_then_the_sheet_comes_and_goes(desktop: Desktop) -> None:
    desktop.window.show_page("me")
    QApplication.setActiveWindow(desktop.window)
    sheet = desktop.window._shortcuts
    QTest.keyClick(desktop.window, Qt.Key.Key_Question)
    assert sheet.isVisible()
    QTest.keyClick(sheet, "?")
    assert not sheet.isVisible()


@pytest.mark.filterwarnings("ignore:.*setActiveWindow:DeprecationWarning")
def test_letters_when_typed_into_a_field_then_are_text_and_no_shortcuts(
    still_desktop: Desktop,
) -> None:
    window = still_desktop.window
    typed = "mdf ?MDF 1"
    edits = {
        "discover, rooms": still_desktop.discover._search,
        "room, live": still_desktop.room.chat.input,
        "room, refused: passphrase_required": still_desktop.room._passphrase,
        "studio, broadcast": still_desktop.studio._broadcast._title,
        "studio, chat": still_desktop.studio._chat._input,
        "me, guest": still_desktop.me.account.name_edit,
    }
    for place, edit in edits.items():
        PLACES[place](still_desktop, lambda words: words)
        controls = still_desktop.room.controls
        before = controls.mute.isChecked(), controls.danmaku.isChecked()
        edit.clear()
        QApplication.setActiveWindow(window)
        edit.setFocus()
        QTest.keyClicks(edit, typed)
        assert edit.text() == typed, place
        assert not window._shortcuts.isVisible(), place
        assert (controls.mute.isChecked(), controls.danmaku.isChecked()) == before
        assert still_desktop.room._detached is None


@pytest.mark.filterwarnings("ignore:.*setActiveWindow:DeprecationWarning")
def test_keys_when_the_stage_has_the_focus_then_do_what_the_sheet_says(
    still_desktop: Desktop,
) -> None:
    PLACES["room, live"](still_desktop, lambda words: words)
    room, asked = still_desktop.room, []
    room.controls.pause_toggled.connect(lambda _on: asked.append("pause"))
    room.controls.sound_chosen.connect(lambda _volume, _muted: asked.append("sound"))
    room.controls.danmaku_toggled.connect(lambda _on: asked.append("danmaku"))
    QApplication.setActiveWindow(still_desktop.window)
    room.stage.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_M, Qt.Key.Key_D):
        QTest.keyClick(room.stage, key)
    assert asked == ["pause", "sound", "danmaku"]
    QTest.keyClick(room.stage, Qt.Key.Key_Return)
    assert still_desktop.window.focusWidget() is room.chat.input
    QTest.keyClick(room.chat.input, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert still_desktop.window.current_key == "studio"
