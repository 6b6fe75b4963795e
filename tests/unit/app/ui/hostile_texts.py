"""Texts as a stranger might write them, and a look at everything for what they may not do."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QTextEdit, QWidget

from app.ui.plain_text import CHARACTERS_MAX

MARKUP = "<img src='file:///etc/hostname'><b>bold</b>"
HOSTILE = {
    "markup": MARKUP,
    "ampersand": "R&D &amp; &lt;b&gt;",
    "endless": "x" * 20_000,
    "turned": "abc\u202edef\u2066ghi",
    "lines": "one\ntwo\u2028three\r\nfour\x00five",
    "words": "long words " * 400,
}


def texts_of(widget: QObject) -> Iterator[tuple[str, str]]:
    for name in ("text", "windowTitle", "toolTip", "accessibleName", "placeholderText", "title"):
        read = getattr(widget, name, None)
        value = read() if callable(read) else None
        if isinstance(value, str) and value:
            yield name, value


def all_objects() -> list[QObject]:
    windows = QApplication.topLevelWidgets()
    return [o for window in windows for o in (window, *window.findChildren(QObject))]


def is_escaped(tooltip: str) -> bool:
    """One of our own: nothing but a span and line ends is markup in it."""
    inner = tooltip.removeprefix("<span>").removesuffix("</span>").replace("<br>", "")
    return "<" not in inner


def check_all_is_plain(window: QWidget) -> None:
    assert window.size().toTuple() == (1024, 640)
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 640
    for one in all_objects():
        if isinstance(one, QLabel):
            assert one.textFormat() is Qt.TextFormat.PlainText, one
        assert not isinstance(one, QTextEdit)
        if isinstance(one, QMenu):
            assert not one.toolTipsVisible()  # an action's is its text, as it stands
        if isinstance(one, QWidget):
            assert not Qt.mightBeRichText(one.toolTip()) or is_escaped(one.toolTip()), one
        for name, value in texts_of(one):
            if name in {"windowTitle", "title"}:
                assert "\n" not in value
            if name == "text" and isinstance(one, QLabel):
                assert "\u202e" not in value
                assert len(value) <= CHARACTERS_MAX + 100
    for screen_window in QApplication.topLevelWidgets():
        if screen_window.isVisible():
            size = screen_window.size()
            assert size.width() <= 1024, screen_window
            assert size.height() <= 700, screen_window
