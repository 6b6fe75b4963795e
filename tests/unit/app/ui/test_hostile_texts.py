"""What a stranger writes is shown as it is, on every surface of every place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.plain_text import (
    CHARACTERS_MAX,
    LINE_CHARACTERS_MAX,
    button_text,
    one_line,
    plain,
    tooltip_text,
)
from tests.unit.app.ui.hostile_texts import HOSTILE, MARKUP
from tests.unit.app.ui.window_states import PLACES

if TYPE_CHECKING:
    from app.ui.desktop import Desktop


@pytest.mark.parametrize("kind", ["markup", "ampersand"])
@pytest.mark.parametrize("place", ["room, live", "studio, chat", "discover, rooms"])
def test_name_when_it_looks_like_markup_then_is_read_letter_by_letter(
    still_desktop: Desktop, place: str, kind: str
) -> None:
    PLACES[place](still_desktop, lambda _words: HOSTILE[kind])
    page = still_desktop.window._stack.currentWidget()
    shown = [
        *(label.text() for label in page.findChildren(QLabel)),
        *(widget.accessibleName() for widget in page.findChildren(QWidget)),
    ]
    assert any(HOSTILE[kind] in text for text in shown)


def test_chat_when_a_message_holds_lines_then_stays_one_message(still_desktop: Desktop) -> None:
    PLACES["room, live"](still_desktop, lambda _words: HOSTILE["lines"])
    still_desktop.room.chat.list.flush()
    model = still_desktop.room.chat.list.model
    assert model.rowCount() == 2
    assert "\n" not in model.index(0).data()
    PLACES["studio, chat"](still_desktop, lambda _words: HOSTILE["lines"])
    entry = still_desktop.studio.chat.list.model.index(0).data()
    assert "\n" not in entry
    assert "\u2028" not in entry


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>x</b>", "<b>x</b>"),
        ("a\u202eb\u2069c", "abc"),
        ("a\x00\x1b[31mb", "a[31mb"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("مرحبا שלום 你好", "مرحبا שלום 你好"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
    ],
)
def test_text_when_made_plain_then_only_what_lies_is_left_out(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_text_when_it_is_endless_then_is_cut_with_a_mark() -> None:
    assert len(plain("x" * 100_000)) == CHARACTERS_MAX
    assert one_line("x" * 100_000)[-1] == "…"
    assert len(one_line("x" * 100_000)) == LINE_CHARACTERS_MAX


def test_text_when_it_goes_into_menus_and_tooltips_then_keeps_its_signs() -> None:
    assert button_text("R&D\nteam") == "R&&D team"
    assert tooltip_text("R&D") == "R&D"
    assert tooltip_text(MARKUP).startswith("<span>&lt;img src=")
    assert "<img" not in tooltip_text(MARKUP)
