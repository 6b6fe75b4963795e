"""Cards: painted plain, told to screen readers, chosen by mouse and keyboard."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.ui.discover.card_grid import CardGrid
from tests.unit.app.state.test_discover import room

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def grid(qtbot: QtBot) -> CardGrid:
    grid = CardGrid()
    qtbot.addWidget(grid)
    grid.resize(900, 400)
    grid.show()
    for card, name in zip(grid.access_cards(3), "abc", strict=True):
        card.show_room(room(name, state="live"), reason="why", state_words="Live")
    return grid


def test_cards_stand_beside_each_other_without_overlap(grid: CardGrid) -> None:
    rects = [card.geometry() for card in grid.cards]
    assert all(not one.intersects(other) for one, other in pairwise(rects))
    assert all(grid.rect().contains(rect) for rect in rects)


def test_card_is_chosen_by_mouse_and_keyboard(grid: CardGrid, qtbot: QtBot) -> None:
    chosen: list[str] = []
    grid.chosen.connect(chosen.append)
    qtbot.mouseClick(grid.cards[1], Qt.MouseButton.LeftButton)
    qtbot.keyClick(grid.cards[2], Qt.Key.Key_Return)
    assert chosen == ["b", "c"]


def test_card_tells_its_name_and_reason(grid: CardGrid) -> None:
    assert grid.cards[0].accessibleName() == "a, ann, Live"
    assert grid.cards[0].accessibleDescription() == "why"
    grid.grab()


def test_fewer_rooms_hide_cards_and_keep_the_rest(grid: CardGrid) -> None:
    first = grid.cards[0]
    assert grid.access_cards(1) == [first]
    assert [card.isVisible() for card in grid.cards] == [True, False, False]
