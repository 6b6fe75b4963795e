"""Cards in a page that is scrolled: its bar takes width, which changes their height."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.ui.discover import card_grid
from app.ui.discover.card_grid import CardGrid
from app.ui.replays.replay_card import ReplayGrid
from app.ui.scrolling import scroll_over

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CALLS_MAX = 12
"""For one size of the window; without an end there are thousands, and then no stack is left."""


@pytest.mark.parametrize("kind", [CardGrid, ReplayGrid])
def test_cards_when_the_scroll_bar_comes_and_goes_with_their_height_then_come_to_rest(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, kind: type[CardGrid | ReplayGrid]
) -> None:
    calls: list[int] = []
    arrange = card_grid.arrange

    def counted(*what: object) -> int | None:
        calls.append(1)
        assert len(calls) <= CALLS_MAX
        return arrange(*what)

    monkeypatch.setattr(card_grid, "arrange", counted)
    grid = kind()
    area = scroll_over(grid)
    qtbot.addWidget(area)
    area.resize(900, 300)
    area.show()
    grid.access_cards(9)
    bars = set()
    for height in range(500, 1100):
        calls.clear()
        area.resize(900, height)
        bars.add(area.verticalScrollBar().isVisible())
        assert grid.height() >= max(card.geometry().bottom() for card in grid.cards)
    assert bars == {True, False}, "no size was the one between"
