"""Cards and chips in a page that is scrolled: their height follows their width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui.discover import card_grid
from app.ui.discover.card_grid import CardGrid
from app.ui.interests.interest_chips import InterestChips
from app.ui.replays.replay_card import ReplayGrid
from app.ui.scrolling import scroll_over
from wire.taste_events import Interests

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CALLS_MAX = 12
"""For one size of the window; without an end there are thousands, and then no stack is left."""


@pytest.mark.parametrize("is_alone", [True, False])
@pytest.mark.parametrize("kind", [CardGrid, ReplayGrid])
def test_cards_when_the_page_is_just_as_high_as_its_place_then_come_to_rest(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[CardGrid | ReplayGrid],
    *,
    is_alone: bool,
) -> None:
    calls: list[int] = []
    arrange = card_grid.arrange

    def counted(*what: object) -> int | None:
        calls.append(1)
        assert len(calls) <= CALLS_MAX
        return arrange(*what)

    monkeypatch.setattr(f"{kind.__module__}.arrange", counted)
    grid = kind()
    page: QWidget = grid
    if not is_alone:  # as in Discover: beside words and chips, whose height follows their width too
        page, words, chips = QWidget(), QLabel("words " * 40), InterestChips()
        words.setWordWrap(True)
        chips.show_interests(Interests(choices=tuple(f"interest {n}" for n in range(24))))
        column = QVBoxLayout(page)
        for part in (words, grid, chips):
            column.addWidget(part)
        column.addStretch(1)
    area = scroll_over(page, keeps_width=True)
    qtbot.addWidget(area)
    area.resize(900, 300)
    area.show()
    grid.access_cards(9)
    can_scroll, widths = set(), set()
    for height in range(500, 1300):
        calls.clear()
        area.resize(900, height)
        can_scroll.add(area.verticalScrollBar().maximum() > 0)
        widths.add(page.width())
        assert grid.height() >= max(card.geometry().bottom() for card in grid.cards)
    assert can_scroll == {True, False}, "no size was the one between"
    assert len(widths) == 1
