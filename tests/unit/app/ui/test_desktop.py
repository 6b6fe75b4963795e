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
from app.live.vault import Vault
from app.ui.desktop import Desktop
from app.ui.door import Door
from app.ui.main_window import PAGE_KEYS
from app.ui.theme import current
from app.ui.theme.tokens import DARK, LIGHT, Theme, contrast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider)


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
