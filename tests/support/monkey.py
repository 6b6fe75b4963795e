"""A monkey at the real window: it clicks, types and presses whatever it finds, by a seeded die.

Runs in the window's own process, on its GUI thread. Every step is written down before it is done,
so that the last line of the record is what broke the window.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from typing import IO, TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from app.ui.question import Question

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow

    from app.ui.desktop import Desktop

CLICK = (QTest.mousePress, QTest.mouseRelease)
PAUSES_MS = (0, 10, 30, 60)
"""Between two steps: sometimes faster than anything that was begun can end."""
SIZES = ((1, 1), (1024, 640), (1280, 800), (1920, 1080), (3840, 2160))
KEYS = (
    *("Space", "M", "D", "L", "F", "Return", "Esc", "?", "Tab", "Shift+Tab", "Up", "Down", "Left"),
    *("Right", "PgUp", "PgDown", "Home", "End", "Delete", "Ctrl+A", "Ctrl+V", "Ctrl+Z", "Menu"),
    *("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5", "Ctrl+6", ",", ".", "J", "K", "0", "9"),
)
TEXTS = (
    "hello",
    "你好，世界",
    "\u202eevil\u202c \u200b\u200d\ufeff",
    "👩‍👩‍👧‍👦" * 40,
    "nul\x00inside",
    "<img src='file:///etc/passwd'>%1 {0} {name}",
    "e" + "\u0301" * 400,
    "one\ntwo\r\nthree\u2028four",
    "-1",
    "9" * 40,
    "x" * 100_000,
)


class Monkey:
    """`steps` deeds from `begin` on, then `on_end`."""

    def __init__(
        self,
        desktop: Desktop,
        *,
        seed: int,
        steps: int,
        record: IO[str],
        on_end: Callable[[], object],
    ) -> None:
        self._desktop = desktop
        self._die = random.Random(seed)
        self._left = steps
        self._record = record
        self._on_end = on_end
        self._deeds: dict[Callable[[], None], int] = {
            self._click: 30,
            self._click_fast: 4,
            self._click_anywhere: 10,
            self._press: 18,
            self._type: 10,
            self._choose: 8,
            self._open_menu: 5,
            self._take_of_menu: 8,
            self._escape: 8,
            self._drag: 4,
            self._turn_wheel: 4,
            self._resize: 3,
            self._change_look: 3,
            self._turn_pages: 6,
            self._go_to_room: 4,
        }

    def begin(self) -> None:
        self._go_on()

    def _go_on(self) -> None:
        """The next step is due whatever this one does: a deed may open a loop of its own."""
        if self._left == 0:
            self._note("the end")
            self._on_end()
            return
        self._left -= 1
        QTimer.singleShot(self._die.choice(PAUSES_MS), self._go_on)
        deed = self._die.choices(tuple(self._deeds), tuple(self._deeds.values()))[0]
        with contextlib.suppress(RuntimeError):  # a widget was gone before the hand came to it
            deed() if not self._close_file_dialog() else None

    def _note(self, *words: object) -> None:
        print(self._left, *words, file=self._record, flush=True)  # a test's record

    # --- where ------------------------------------------------------------------------------------

    def _front(self) -> QWidget:
        """What a hand reaches: a popup or a dialog before everything else."""
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if front is not None and front.isVisible():
            return front
        others = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        window = self._desktop.window
        return window if self._die.random() < 0.7 or not others else self._die.choice(others)

    def _parts(self, *kinds: type[QWidget]) -> list[QWidget]:
        front = self._front()
        return [
            part
            for part in front.findChildren(QWidget)
            if isinstance(part, kinds)
            and part.window() is front
            and part.isEnabled()
            and not part.visibleRegion().isEmpty()
            and not self._is_kept_from(part)
        ]

    def _pick(self, *kinds: type[QWidget]) -> QWidget | None:
        parts = self._parts(*kinds)
        return self._die.choice(parts) if parts else None

    def _is_kept_from(self, part: QWidget | None) -> bool:
        """What would end the game: leaving the house, logging out, erasing, closing."""
        me = self._desktop.me
        kept = (me.account.logout_button, me.data.erase, me.house_card, me.devices)
        while part is not None:
            asks = isinstance(part.window(), Question) and isinstance(part, QAbstractButton)
            if part in kept or asks:
                return True
            part = part.parentWidget()
        return False

    def _place(self, widget: QWidget) -> QPoint:
        return QPoint(
            self._die.randrange(max(1, widget.width())),
            self._die.randrange(max(1, widget.height())),
        )

    def _mouse(self, widget: QWidget, place: QPoint, *deeds: Callable[..., None]) -> None:
        """On the window, so that what lies above takes it."""
        self._mouse_with(Qt.MouseButton.LeftButton, widget, place, *deeds)

    def _mouse_with(
        self, button: Qt.MouseButton, widget: QWidget, place: QPoint, *deeds: Callable[..., None]
    ) -> None:
        window = widget.window()
        place = widget.mapTo(window, place)
        handle = window.windowHandle()
        for deed in deeds:
            if _is_there(handle) and not self._is_kept_from(window.childAt(place)):
                deed(handle, button, Qt.KeyboardModifier.NoModifier, place)

    def _key(self, key: str) -> None:
        front = self._front()
        handle, combination = front.windowHandle(), QKeySequence(key)[0]
        for deed in (QTest.keyPress, QTest.keyRelease):
            if _is_there(handle) and not self._is_kept_from(front.focusWidget()):
                deed(handle, combination.key(), combination.keyboardModifiers())

    # --- deeds ------------------------------------------------------------------------------------

    def _close_file_dialog(self) -> bool:
        """Nobody's files are touched. A message over it goes first."""
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QFileDialog) and dialog.isVisible():
                front = QApplication.activeModalWidget()
                self._note("closes the file dialog")
                (front if isinstance(front, QDialog) else dialog).reject()
                return True
        return False

    def _click(self) -> None:
        button = self._pick(QAbstractButton)
        if button is not None:
            self._note("clicks", _name(button))
            self._mouse(button, button.rect().center(), *CLICK)

    def _click_fast(self) -> None:
        button = self._pick(QAbstractButton)
        if button is not None:
            self._note("double clicks", _name(button))
            self._mouse(button, button.rect().center(), *CLICK, *CLICK)

    def _click_anywhere(self) -> None:
        front = self._front()
        place = self._place(front)
        self._note("clicks at", place.toTuple(), "of", _name(front))
        self._mouse(front, place, *CLICK)

    def _press(self) -> None:
        key = self._die.choice(KEYS)
        self._note("presses", key)
        self._key(key)

    def _type(self) -> None:
        edit = self._pick(QLineEdit, QPlainTextEdit)
        if isinstance(edit, QLineEdit | QPlainTextEdit):
            text = self._die.choice(TEXTS)
            self._note("pastes", ascii(text[:20]), "into", _name(edit))
            edit.setFocus()
            QApplication.clipboard().setText(text)
            edit.paste()
            if self._die.random() < 0.5:
                self._key("Return")

    def _choose(self) -> None:
        part = self._pick(QComboBox, QTabBar, QAbstractSlider)
        if part is None:
            return
        self._note("chooses in", _name(part))
        if isinstance(part, QComboBox) and part.count():
            index = self._die.randrange(part.count())
            part.setCurrentIndex(index)
            part.activated.emit(index)
        elif isinstance(part, QTabBar) and part.count():
            part.setCurrentIndex(self._die.randrange(part.count()))
        else:
            self._mouse(part, self._place(part), *CLICK)

    def _open_menu(self) -> None:
        part = self._pick(QWidget)
        if part is not None:
            self._note("asks for the menu of", _name(part))
            self._mouse_with(Qt.MouseButton.RightButton, part, self._place(part), *CLICK)

    def _take_of_menu(self) -> None:
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            return
        actions = [one for one in menu.actions() if one.isEnabled() and not one.isSeparator()]
        if actions:
            action = self._die.choice(actions)
            self._note("takes", ascii(action.text()))
            self._mouse(menu, menu.actionGeometry(action).center(), *CLICK)

    def _escape(self) -> None:
        front = self._front()
        self._note("escapes from", _name(front))
        if self._die.random() < 0.5:
            self._key("Esc")
        elif QApplication.activePopupWidget() is front:
            self._mouse(front, QPoint(-20, -20), *CLICK)

    def _drag(self) -> None:
        front = self._front()
        begin, end = self._place(front), self._place(front)
        self._note("drags", begin.toTuple(), end.toTuple(), "on", _name(front))
        self._mouse(front, begin, QTest.mousePress)
        for place in ((begin + end) / 2, end):
            handle = front.windowHandle()
            if _is_there(handle):
                QTest.mouseMove(handle, place)
        self._mouse(front, end, QTest.mouseRelease)

    def _turn_wheel(self) -> None:
        part = self._pick(QWidget)
        if part is not None:
            self._note("turns the wheel over", _name(part))
            window = part.window()
            place = QPointF(part.mapTo(window, self._place(part)))
            turn = QPoint(0, self._die.choice((120, -120, 1200, -1200)))
            handle = window.windowHandle()
            if _is_there(handle):
                QTest.wheelEvent(handle, place, turn)

    def _resize(self) -> None:
        size = self._die.choice(SIZES)
        self._note("resizes to", size)
        self._desktop.window.resize(*size)

    def _change_look(self) -> None:
        name, values = self._die.choice(
            (("language", ("en", "zh_CN")), ("theme", ("dark", "light", "system")))
        )
        value = self._die.choice(values)
        self._note("prefers", name, value)
        self._desktop._on_preference(name, value)

    def _turn_pages(self) -> None:
        if self._is_free():
            keys = self._die.choices(("discover", "room", "studio", "replays", "me", "admin"), k=5)
            self._note("turns pages", *keys)
            for key in keys:
                self._desktop.window.show_page(key)

    def _go_to_room(self) -> None:
        if self._is_free():
            deed = self._die.choice(("enters", "enters none", "leaves"))
            self._note(deed, "a room")
            if deed == "leaves":
                self._desktop.room.close_room()
            else:
                home = str(self._desktop._house.state.home_room_id)
                self._desktop._on_room_chosen(home if deed == "enters" else "none")

    def _is_free(self) -> bool:
        """Nothing lies over the window."""
        is_over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        return bool(self._desktop.window.current_key) and not is_over


def _is_there(handle: QWindow | None) -> bool:
    """A press may have been its end, and what is done to it then is the end of the program."""
    return any(one is handle for one in QGuiApplication.allWindows())


def _name(widget: QWidget) -> str:
    words = widget.accessibleName() or widget.objectName()
    if isinstance(widget, QAbstractButton):
        words = widget.text() or words
    return f"{type(widget).__name__} {words[:40]!a}"
