"""Looking at the window as a person does who cannot see it, or sees it in the other language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)

from app.ui.discover.card import Card
from app.ui.elided_label import ElidedLabel
from app.ui.room.stage import Stage
from app.ui.studio.preview_stage import PreviewStage

CONTROLS: Final = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    Card,
    PreviewStage,
    Stage,
)
SAME_IN_BOTH: Final = re.compile(
    r"Livehouse|livehouse://\S*|wss?://\S*|English|简体中文"  # names and addresses
    r"|\?|Ctrl\+1 \.\.\. Ctrl\+6|Tab|Enter|Esc|[A-Z]"  # keys
    r"|[-+–.,:/·%\d\s]*(ms|dB|p|kbit/s|×)?( ▾)?"  # figures and units
)
"""What needs no translation, besides what others wrote."""
TABS_MAX: Final = 80


def shown(root: QWidget, kinds: tuple[type[QWidget], ...]) -> list[QWidget]:
    """What is visible, without the parts that Qt makes for its own use."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if isinstance(widget, kinds)
        and widget.isVisible()
        and widget.window() is root.window()
        and not isinstance(widget, QScrollBar)
        and not _is_part(widget)
    ]


def _is_part(widget: QWidget) -> bool:
    """A line edit's clear button, a tab bar's scroll buttons, a combo box's list, a head."""
    if isinstance(widget, QHeaderView):
        return True
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QLineEdit | QTabBar | QAbstractSpinBox):
            return True
        parent = parent.parentWidget()
    return False


def name_of(widget: QWidget) -> str:
    """What a screen reader says; a button's text and a tab's are names."""
    if isinstance(widget, QAbstractButton):
        return (widget.accessibleName() or widget.text()).strip()
    if isinstance(widget, QTabBar):
        return widget.accessibleName() or widget.tabText(0)
    return widget.accessibleName().strip()


# --- Tab --------------------------------------------------------------------------------------


def press_tab_around(window: QWidget) -> list[QWidget]:
    """Every widget that Tab reaches, in order, from the first one until it comes round."""
    start = window.focusWidget() or window
    start.setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[QWidget] = []
    for _ in range(TABS_MAX):
        # The window's own notion of focus: a display without a window manager activates nobody.
        focused = window.focusWidget() or window
        if focused in reached:
            break
        reached.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    return reached


def unreached(window: QWidget, reached: list[QWidget]) -> list[str]:
    """Enabled controls that Tab passes by; arrows go between the buttons of an exclusive group."""
    left = []
    for widget in shown(window, CONTROLS):
        if not widget.isEnabled() or widget in reached:
            continue
        if isinstance(widget, QAbstractButton) and widget.group() is not None:
            is_exclusive = widget.group().exclusive()
            if is_exclusive and any(one in reached for one in widget.group().buttons()):
                continue
        left.append(f"{type(widget).__name__} {name_of(widget)!r}")
    return left


def jumps_back(window: QWidget, reached: list[QWidget]) -> list[str]:
    """Where Tab goes up although it does not begin a new column to the right.

    Once it must, where it comes round to the first control.
    """
    found = []
    places = [
        QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        for widget in reached
        if widget is not window
    ]
    names = [name_of(widget) for widget in reached if widget is not window]
    for index in range(1, len(places)):
        before, after = places[index - 1], places[index]
        goes_up = after.bottom() <= before.top()
        if goes_up and after.left() < before.left():
            found.append(f"{names[index - 1]!r} -> {names[index]!r}")
    return found if len(found) > 1 else []


def pixels_around(window: QWidget, widget: QWidget) -> bytes:
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-3, -3, 3, 3)
    image = window.grab(place.intersected(window.rect())).toImage()
    return bytes(image.constBits())


def scroll_to(widget: QWidget) -> None:
    """As Tab does it, in whatever areas the widget stands."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def blind_in_focus(window: QWidget, reached: list[QWidget]) -> list[str]:
    """Controls that look the same with the focus as without it."""
    found = []
    for widget in reached:
        if not isinstance(widget, CONTROLS) or not widget.isVisible():
            continue
        scroll_to(widget)
        window.setFocus()
        without = pixels_around(window, widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if pixels_around(window, widget) == without:
            found.append(f"{type(widget).__name__} {name_of(widget)!r}")
    return found


# --- cut texts --------------------------------------------------------------------------------


def find_cut(window: QWidget) -> list[str]:
    cut = []
    for widget in shown(window, (QAbstractButton, QLabel, QComboBox, QLineEdit, QTabBar)):
        if isinstance(widget, QTabBar):
            cut += _cut_tabs(widget)
            continue
        text = _visible_text(widget)
        if not text:
            continue
        is_wrapped = isinstance(widget, QLabel) and widget.wordWrap()
        needed = _needed_width(widget, text) if not is_wrapped else 0
        height = widget.heightForWidth(widget.width()) if is_wrapped else 0
        if widget.width() < needed - 1 or widget.height() < height - 1:
            size = widget.size().toTuple()
            cut.append(f"{text!r}: {size} needs {needed} x {height}")
        elif not _is_inside(widget, window):
            cut.append(f"{text!r} reaches out of the window")
    return cut


def _cut_tabs(bar: QTabBar) -> list[str]:
    metrics = bar.fontMetrics()
    return [
        f"tab {bar.tabText(index)!r}"
        for index in range(bar.count())
        if bar.tabRect(index).width() < metrics.horizontalAdvance(bar.tabText(index))
        or bar.tabRect(index).right() > bar.width()
    ]


def _visible_text(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QLineEdit):
        return "" if widget.text() else widget.placeholderText()
    return widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""


def _needed_width(widget: QWidget, text: str) -> int:
    if isinstance(widget, QLineEdit):
        return widget.fontMetrics().horizontalAdvance(text) + 26
    if isinstance(widget, QComboBox):
        return widget.fontMetrics().horizontalAdvance(text) + 34
    if isinstance(widget, ElidedLabel):
        return 0  # ends in dots, and its tooltip has it whole
    return widget.sizeHint().width()


def _is_inside(widget: QWidget, window: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True  # may be scrolled to
        parent = parent.parentWidget()
    return window.rect().contains(QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()))


# --- languages --------------------------------------------------------------------------------


def texts_of(window: QWidget) -> dict[tuple[int, str], str]:
    """Every text that is seen or read out, by whose it is."""
    texts: dict[tuple[int, str], str] = {}
    for widget in (window, *shown(window, (QWidget,))):
        for name, text in _texts_of_widget(widget):
            if text.strip():
                texts[id(widget), name] = text
    return texts


def _texts_of_widget(widget: QWidget) -> Iterator[tuple[str, str]]:
    yield "tooltip", widget.toolTip()
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    yield "title", widget.windowTitle()
    if isinstance(widget, QAbstractButton | QLabel):
        yield "text", widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield "placeholder", widget.placeholderText()
    if isinstance(widget, QComboBox):
        for index in range(widget.count()):
            yield f"choice {index}", widget.itemText(index)
    if isinstance(widget, QTabBar):
        for index in range(widget.count()):
            yield f"tab {index}", widget.tabText(index)
    if isinstance(widget, QMenu):
        for index, action in enumerate(widget.actions()):
            yield f"action {index}", action.text()


def untranslated(
    english: dict[tuple[int, str], str], chinese: dict[tuple[int, str], str], others: set[str]
) -> list[str]:
    """Texts that are the same in both languages and are neither names nor figures."""
    found = []
    for key, text in chinese.items():
        if english.get(key) != text:
            continue
        rest = text
        for word in sorted(others, key=len, reverse=True):
            rest = rest.replace(word, "")
        if not SAME_IN_BOTH.fullmatch(rest.strip(" ·:;,()")):
            found.append(f"{key[1]}: {text!r}")
    return found
