"""`livehouse` itself, with a hand on mouse and keyboard: a child that obeys lines on its input.

    python -m tests.support.desktop_driver --data-dir FOLDER

The arguments go to the real program, which starts, draws and ends as it always does. A thread
reads JSON lines and posts each to the GUI thread, where pytest-qt's bot makes real mouse and key
events on widgets that are found by what a person sees or hears of them. One line of JSON answers
each. The end of the input ends the program, as a signal does: without a question.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qt_compat import qt_api
from pytestqt.qtbot import QtBot

from app.__main__ import main as run_livehouse

_OBEY = QEvent.Type(QEvent.registerEventType())
LINE_BYTES_MAX = 64 * 1024
ROWS_MAX = 200


class Refused(Exception):
    """What a person could not do either; the words go back."""


class _Order(QEvent):
    def __init__(self, line: bytes) -> None:
        super().__init__(_OBEY)
        self.line = line


class Driver(QObject):
    """Lives on the GUI thread, as everything that touches widgets."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, _Order):
            self._obey(event.line)
            return True
        return super().event(event)

    def _obey(self, line: bytes) -> None:
        order = msgspec.json.decode(line)
        deeds: dict[str, Callable[[dict[str, Any]], object]] = {
            "click": click,
            "type": type_text,
            "press": press,
            "look": look,
            "grab": grab,
            "clipboard": lambda _order: QApplication.clipboard().text(),
            "close": lambda _order: windows()[0].close(),
        }
        try:
            answer = {"ok": True, "value": deeds[order["do"]](order)}
        except Refused as refused:
            answer = {"ok": False, "words": str(refused)}
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


def windows() -> list[QWidget]:
    """The largest first: the others are its menus and panels."""
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    return sorted(shown, key=lambda widget: -widget.width() * widget.height())


def name_of(widget: QWidget) -> str:
    """What a screen reader says of it, else what is written on it."""
    return widget.accessibleName() or text_of(widget)


def text_of(widget: QWidget) -> str:
    if isinstance(widget, QAbstractButton | QLabel | QLineEdit):
        return widget.text()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model = widget.model()
        rows = range(min(model.rowCount(), ROWS_MAX))
        return "\n".join(str(model.index(row, 0).data()) for row in rows)
    return widget.currentText() if isinstance(widget, QComboBox) else ""


def visible() -> list[QWidget]:
    return [
        widget
        for window in windows()
        for widget in (window, *window.findChildren(QWidget))
        if widget.window() is window  # a panel is its opener's child, and a window of its own
        and widget.isVisible()
        and not widget.visibleRegion().isEmpty()
    ]


def find(order: dict[str, Any]) -> QWidget:
    """The one widget of this name or object name."""
    wanted = order["name"]
    found = [
        widget
        for widget in visible()
        if not isinstance(widget, QLabel) and wanted in {name_of(widget), widget.objectName()}
    ]
    if len(found) != 1:
        names = sorted({name_of(widget) for widget in visible()} - {""})
        raise Refused(f"{len(found)} widgets are called {wanted!r}; there are {names}")
    return found[0]


def click(order: dict[str, Any]) -> None:
    """With the left button, in the middle, where nothing else may lie over it."""
    tab = find_tab(order["name"])
    bar, place = tab or (find(order), None)
    if not bar.isEnabled():
        raise Refused(f"{order['name']!r} cannot be clicked now")
    at = bar.rect().center() if place is None else place
    window = bar.window()
    hit = window.childAt(bar.mapTo(window, at))
    if hit is not bar and (hit is None or not bar.isAncestorOf(hit)):
        raise Refused(f"{order['name']!r} is covered by {hit}")
    QtBot.mouseMove(bar, at)
    QtBot.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def find_tab(name: str) -> tuple[QTabBar, QPoint] | None:
    for bar in visible():
        if isinstance(bar, QTabBar):
            for index in range(bar.count()):
                if bar.tabText(index) == name:
                    return bar, bar.tabRect(index).center()
    return None


def focused() -> QWidget:
    """Of the window that has the keyboard. Without a window manager no window is active, so it is
    the window's own idea of focus."""
    window = QApplication.activePopupWidget() or QApplication.activeModalWidget() or windows()[0]
    return window.focusWidget() or window


def type_text(order: dict[str, Any]) -> None:
    QtBot.keyClicks(focused(), order["text"])


def press(order: dict[str, Any]) -> None:
    combination = QKeySequence(order["keys"])[0]
    QtBot.keyClick(focused(), combination.key(), combination.keyboardModifiers())


def look(_order: dict[str, Any]) -> list[dict[str, object]]:
    """All that is to be seen: name, text and description of each widget that has any."""
    return [
        {
            "kind": type(widget).__name__,
            "name": name_of(widget),
            "text": text_of(widget),
            "description": widget.accessibleDescription(),
            "is_enabled": widget.isEnabled(),
        }
        for widget in visible()
        if name_of(widget) or widget.accessibleDescription()
    ]


def grab(order: dict[str, Any]) -> list[int]:
    """A widget, or the whole window without a name, as a PNG; its size in pixels."""
    widget = find(order) if order.get("name") else windows()[0]
    picture = widget.grab()
    if not picture.save(order["to"]):
        raise Refused(f"cannot write {order['to']}")
    return [picture.width(), picture.height()]


def _read_orders(driver: Driver) -> None:
    """On a thread of its own, from the bare descriptor: Python's stdin would block its own end."""
    rest = b""
    while part := os.read(0, LINE_BYTES_MAX):
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            QCoreApplication.postEvent(driver, _Order(line))
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    qt_api.set_qt_api("pyside6")
    driver = Driver()
    reader = threading.Thread(target=_read_orders, args=(driver,), name="orders", daemon=True)
    reader.start()
    run_livehouse()


if __name__ == "__main__":
    main()
