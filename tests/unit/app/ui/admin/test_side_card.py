"""The card beside a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea

from app.ui.admin.side_card import PICTURE_SIDE_MAX, PictureLabel, SideCard
from tests.emote_pictures import make_png

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

WIDTH = 304


def test_picture_when_the_card_scrolls_then_it_still_fits_beside_the_scroll_bar(
    qtbot: QtBot,
) -> None:
    card = SideCard(None, WIDTH)
    qtbot.addWidget(card)
    picture = PictureLabel(card, WIDTH)
    card.content.addWidget(picture)
    picture.show_picture(make_png(320, 900))
    card.resize(WIDTH, 300)
    card.show()
    area = card.findChild(QScrollArea)
    assert area is not None
    assert area.verticalScrollBar().maximum() > 0
    assert picture.pixmap().width() <= picture.width()


def test_picture_when_of_no_format_that_may_come_or_too_large_then_hidden(qtbot: QtBot) -> None:
    card = SideCard(None, WIDTH)
    qtbot.addWidget(card)
    picture = PictureLabel(card, WIDTH)
    card.content.addWidget(picture)
    picture.show_picture(make_png(320, 200))
    assert not picture.isHidden()
    for data in (b"P1 1 1 1", make_png(PICTURE_SIDE_MAX + 1, 1), b""):
        picture.show_picture(data)
        assert picture.isHidden()


def test_buttons_when_named_then_so_they_are_read_out(qtbot: QtBot) -> None:
    card = SideCard(None, WIDTH)
    qtbot.addWidget(card)
    pressed: list[str] = []
    card.add_buttons({"close": lambda: pressed.append("close")})
    card.name_buttons({"close": "Close it"})
    card.show_buttons(are_shown=True)
    card.buttons["close"].click()
    assert (card.buttons["close"].accessibleName(), pressed) == ("Close it", ["close"])
    card.show_buttons(are_shown=False)
    assert card.buttons["close"].isHidden()
