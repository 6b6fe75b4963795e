"""The whole window, without a relay: first start, pages, languages, themes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.live.preferences_file import PreferencesFile
from app.live.remembered import RememberedRelay
from app.state import preferences
from app.state.house import HouseState, RelayDied
from app.ui.theme import current
from app.ui.theme.tokens import DARK, LIGHT
from tests.unit.app.ui.window_states import PLACES, user
from tests.unit.app.ui.window_walk import find_cut

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

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


def test_settings_when_they_cannot_be_saved_then_it_is_said_once_and_they_hold(
    desktop: Desktop,
) -> None:
    file = desktop._file
    in_the_way = file._path.with_suffix(".new")
    in_the_way.mkdir(parents=True)
    said: list[str] = []
    desktop.window.toast = lambda words, *_: said.append(words)  # type: ignore[method-assign] # heard here
    desktop._on_preference("theme", "light")
    desktop._on_preference("language", "en")
    assert current.theme() is LIGHT
    assert len(said) == 1
    assert "cannot be saved" in said[0]
    in_the_way.rmdir()
    desktop._on_preference("theme", "dark")
    assert file.is_written
    assert PreferencesFile(file._path).preferences.chosen == file.preferences.chosen


def test_link_when_it_is_none_then_the_first_start_says_so(desktop: Desktop) -> None:
    page = desktop.first_start
    QTest.mouseClick(page.join_choice, Qt.MouseButton.LeftButton)
    QTest.keyClicks(page.link_edit, "https:///nothing")
    QTest.keyClick(page.link_edit, Qt.Key.Key_Return)
    assert "not an invite link" in page.status.text()
    assert page.join_button.isEnabled()


def test_first_start_when_it_is_the_first_then_the_name_is_filled_in_and_may_be_changed(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def host(name: str) -> HouseState:
        asked.append(name)
        return desktop._house.state

    monkeypatch.setattr(desktop._house, "host", host)
    page = desktop.first_start
    qtbot.waitUntil(lambda: bool(page.name_edit.text()))
    page.name_edit.setText("?")
    QTest.mouseClick(page.host_choice, Qt.MouseButton.LeftButton)
    assert "2 to 32" in page.status.text()
    assert asked == []
    page.name_edit.setText(" 林小满 ")
    QTest.keyClick(page.name_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desktop.window.current_key == "studio")
    assert asked == ["林小满"]


def test_first_start_when_a_link_comes_while_the_house_opens_then_only_the_link_counts(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = []

    async def host(_name: str) -> HouseState:
        try:
            return await asyncio.get_running_loop().create_future()
        finally:
            ended.append("host")

    async def enter(_link: object) -> str:
        await asyncio.sleep(0)
        return ""

    monkeypatch.setattr(desktop._house, "host", host)
    monkeypatch.setattr(desktop._house, "enter", enter)
    page = desktop.first_start
    page.start_host()
    desktop._loop.submit(asyncio.sleep(0)).result(30)
    page.start_join("livehouse://127.0.0.1:7788/stage")
    qtbot.waitUntil(lambda: bool(desktop.window.current_key), timeout=30_000)
    assert desktop.window.current_key == "room"
    assert ended == ["host"]
    assert page.status.text() == ""


def test_first_start_when_cancelled_as_it_arrives_then_stays(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def enter(_link: object) -> str:
        return ""

    monkeypatch.setattr(desktop._house, "enter", enter)
    page = desktop.first_start
    page.start_join("livehouse://127.0.0.1:7788/stage")
    assert page._work is not None
    page._work.result(30)  # the door has the news, and the window has not looked yet
    page.cancel_button.click()
    qtbot.wait(50)
    assert desktop.window.current_key == ""


def test_first_start_when_a_house_was_here_before_then_its_owner_has_a_name(
    desktop: Desktop,
) -> None:
    desktop._house._remembered.host(7788)
    desktop.window.show_page("me")
    desktop.window.show_first_start()
    assert desktop.first_start.name_edit.isHidden()


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
        "studio, room": still_desktop.studio._room._title,
        "studio, chat": still_desktop.studio.chat._input,
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
        assert still_desktop.room._place._detached is None


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


@pytest.mark.parametrize("page", ["studio", "room"])
def test_toast_when_a_page_has_controls_at_its_foot_then_stands_over_the_picture(
    still_desktop: Desktop, page: str
) -> None:
    window = still_desktop.window
    window.show_page("me")
    window.toast("Saved")
    assert window._toast.geometry().bottom() > window.height() - 40
    window.show_page(page)
    QTest.qWait(20)
    window.toast("Saved")
    ground = still_desktop.studio._preview if page == "studio" else still_desktop.room.stage
    place = QRect(ground.mapTo(window, QPoint(0, 0)), ground.size())
    assert place.contains(window._toast.geometry())


def test_discover_when_there_are_no_rooms_then_a_button_leads_to_studio(
    still_desktop: Desktop,
) -> None:
    PLACES["discover, no rooms"](still_desktop, str)
    button = still_desktop.discover.studio_button
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert still_desktop.window.current_key == "studio"
    PLACES["discover, no match"](still_desktop, str)
    assert not button.isVisible()


def test_studio_when_all_stands_above_its_chat_then_nothing_has_to_be_scrolled_to(
    still_desktop: Desktop,
) -> None:
    for language in ("en", "zh_CN"):
        still_desktop._on_preference("language", language)
        PLACES["studio live, kept chat"](still_desktop, str)
        QTest.qWait(50)
        chat = still_desktop.studio.chat
        foot = QRect(chat.poll_button.mapTo(still_desktop.window, QPoint(0, 0)), QSize(1, 36))
        tabs = still_desktop.studio._tabs
        seen = QRect(tabs.mapTo(still_desktop.window, QPoint(0, 0)), tabs.size())
        assert seen.contains(foot)


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("place", ["me, consent", "me, my data", "me, feedback", "me, wallet"])
def test_me_when_the_window_is_wide_then_nothing_is_cut(
    still_desktop: Desktop, qtbot: QtBot, place: str, width: int
) -> None:
    """A paragraph in a column that is narrower than the page needs more height than in it."""
    still_desktop.window.resize(width, 800)
    for language in ("en", "zh_CN"):
        still_desktop._on_preference("language", language)
        PLACES[place](still_desktop, str)
        qtbot.waitUntil(lambda: find_cut(still_desktop.window) == [])


def test_guest_when_signing_in_from_a_room_then_comes_back_to_write(
    still_desktop: Desktop,
) -> None:
    still_desktop.me.render_state(HouseState(url="wss://h:1", link="connected"))
    PLACES["room, guest"](still_desktop, str)
    window, chat = still_desktop.window, still_desktop.room.chat
    assert chat._send.text() == "Sign in"
    QTest.mouseClick(chat._send, Qt.MouseButton.LeftButton)
    assert window.current_key == "me"
    assert window.focusWidget() is still_desktop.me.account.name_edit
    signed_in = HouseState(url="wss://h:1", link="connected", user=user(str))
    still_desktop._on_house(signed_in)
    assert window.current_key == "room"


def test_guest_when_they_went_elsewhere_meanwhile_then_signing_in_brings_them_nowhere(
    still_desktop: Desktop,
) -> None:
    PLACES["room, guest"](still_desktop, str)
    still_desktop.room.chat._send.click()
    still_desktop.window.show_page("discover")
    still_desktop._on_house(HouseState(url="wss://h:1", link="connected", user=user(str)))
    assert still_desktop.window.current_key == "discover"


def test_studio_when_qualities_and_a_second_way_are_chosen_then_both_are_remembered(
    still_desktop: Desktop,
) -> None:
    preflight, file = still_desktop.studio._preflight, still_desktop._file
    assert file.preferences.get(preferences.SEVERAL_QUALITIES) is True
    preflight.several.setChecked(True)
    preflight.several.click()
    assert file.preferences.get(preferences.SEVERAL_QUALITIES) is False
    preflight.show_ways(("192.0.2.7", "198.51.100.20"), "")
    preflight.ways.setCurrentIndex(2)
    preflight.ways.activated.emit(2)
    assert file.preferences.get(preferences.SECOND_PATH) == "198.51.100.20"


def test_window_when_it_goes_back_to_its_house_then_shows_discover_and_opens_no_camera(
    still_desktop: Desktop,
) -> None:
    still_desktop.first_start._on_returned(None)
    assert still_desktop.window.current_key == "discover"
    assert still_desktop.studio._desk.session is None


def test_toast_when_the_stage_is_in_a_window_of_its_own_then_stands_within_the_main_one(
    desktop: Desktop,
) -> None:
    desktop.window.show_page("room")
    desktop.room.controls.full_screen_wanted.emit()
    try:
        desktop.window.toast("Somebody said something", "info")
        toast = desktop.window._toast
        assert desktop.window.rect().contains(toast.geometry())
    finally:
        desktop.room.close_room()
