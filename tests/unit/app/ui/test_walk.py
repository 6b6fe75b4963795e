"""Every place of the window at its smallest size, in both languages: names, Tab, focus, texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.unit.app.ui.conftest import keep_still, open_desktop
from tests.unit.app.ui.hostile_texts import HOSTILE, check_all_is_plain
from tests.unit.app.ui.window_states import PLACES
from tests.unit.app.ui.window_walk import (
    CONTROLS,
    blind_in_focus,
    find_cut,
    jumps_back,
    name_of,
    press_tab_around,
    shown,
    texts_of,
    unreached,
    untranslated,
)

if TYPE_CHECKING:
    from app.ui.desktop import Desktop

LANGUAGES = ("en", "zh_CN")

# The one way to be in front on a display without a window manager.
pytestmark = pytest.mark.filterwarnings("ignore:.*setActiveWindow:DeprecationWarning")


@pytest.fixture(scope="module", params=PLACES)
def opened(
    request: pytest.FixtureRequest, qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desktop, str]]:
    """A window for each place, and all tests of the place on it: to build one takes longer than
    to look at it."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        keep_still(monkeypatch)
        with open_desktop(qapp, tmp_path_factory.mktemp("walk")) as made:
            yield made, request.param


@pytest.fixture
def placed(opened: tuple[Desktop, str]) -> Iterator[tuple[Desktop, str]]:
    desktop, _place = opened
    desktop._on_preference("language", "en")
    yield opened
    for window in QApplication.topLevelWidgets():
        if window.isVisible() and window is not desktop.window:
            window.close()


def look(desktop: Desktop, place: str, others: set[str]) -> QWidget:
    def say(words: str) -> str:
        others.add(words)
        return words

    front = PLACES[place](desktop, say)
    window = front if front is not None else desktop.window
    QApplication.setActiveWindow(window)
    QTest.qWait(20)
    return window


def test_place_when_walked_then_nothing_is_cut_nameless_or_out_of_reach(
    placed: tuple[Desktop, str],
) -> None:
    desktop, place = placed
    faults = []
    for language in LANGUAGES:
        desktop._on_preference("language", language)
        window = look(desktop, place, set())
        assert desktop.window.size().toTuple() == (1024, 640)
        for _ in range(10):
            if not find_cut(window):
                break
            QTest.qWait(100)  # a busy machine lays out late
        faults += [f"{language}: cut: {words}" for words in find_cut(window)]
        nameless = [widget for widget in shown(window, CONTROLS) if not name_of(widget)]
        faults += [f"{language}: nameless: {widget}" for widget in nameless]
        if window is not desktop.window:
            window.close()
    assert faults == []


def test_place_when_tab_goes_round_then_every_control_is_reached_in_order_and_shows_it(
    placed: tuple[Desktop, str],
) -> None:
    desktop, place = placed
    window = look(desktop, place, set())
    if isinstance(window, QMenu):
        pytest.skip("arrow keys go through a menu")
    desktop.window._toast.hide()  # it goes by itself, and may lie over a control
    reached = press_tab_around(window)
    nameless = [widget for widget in reached[1:] if not name_of(widget) and widget is not window]
    assert nameless == []
    assert unreached(window, reached) == []
    assert jumps_back(window, reached) == []
    assert blind_in_focus(window, reached) == []


def test_place_when_the_language_changes_then_every_text_does(
    placed: tuple[Desktop, str],
) -> None:
    desktop, place = placed
    others: set[str] = set()
    found = {}
    for language in LANGUAGES:
        desktop._on_preference("language", language)
        window = look(desktop, place, others)
        found[language] = texts_of(window)
        if window is not desktop.window:
            window.close()
    assert found["en"]
    assert untranslated(found["en"], found["zh_CN"], others) == []


def test_place_when_every_text_is_hostile_then_it_is_plain_and_nothing_grows(
    placed: tuple[Desktop, str],
) -> None:
    desktop, place = placed
    for text in HOSTILE.values():
        front = PLACES[place](desktop, lambda _words, text=text: text)
        QTest.qWait(1)
        check_all_is_plain(desktop.window)
        if front is not None:
            front.close()
