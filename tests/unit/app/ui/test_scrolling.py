"""A page that is taller than its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from app.ui.discover.card_grid import CardGrid
from app.ui.interests.interest_chips import InterestChips
from app.ui.replays.replay_card import ReplayGrid
from app.ui.scrolling import scroll_over

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.desktop import Desktop


def _area_over(widget: QWidget) -> QScrollArea | None:
    over = widget.parentWidget()
    while over is not None and not isinstance(over, QScrollArea):
        over = over.parentWidget()
    return over


def test_page_when_it_is_taller_and_wider_then_it_scrolls_down_only(qtbot: QtBot) -> None:
    page = QWidget()
    tall = QLabel("x", page)
    tall.setMinimumSize(200, 900)
    QVBoxLayout(page).addWidget(tall)
    area = scroll_over(page)
    qtbot.addWidget(area)
    area.resize(120, 300)
    area.show()
    assert area.verticalScrollBar().maximum() > 0
    assert not area.horizontalScrollBar().isVisible()
    assert area.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_page_when_it_keeps_its_width_then_is_as_wide_whether_it_scrolls_or_not(
    qtbot: QtBot,
) -> None:
    page = QWidget()
    area = scroll_over(page, keeps_width=True)
    qtbot.addWidget(area)
    area.resize(300, 300)
    area.show()
    before = page.width()
    page.setMinimumHeight(900)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert page.width() == before < 300


def test_pages_when_their_height_follows_their_width_then_keep_their_width(
    desktop: Desktop,
) -> None:
    parts = [
        part
        for kind in (CardGrid, ReplayGrid, InterestChips)
        for part in desktop.window.findChildren(kind)
    ]
    scrolled = [area for part in parts if (area := _area_over(part)) is not None]
    assert len(scrolled) >= 6
    for area in scrolled:
        assert area.verticalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOn
