"""The statement: each kind in words, and boxes whose numbers do not stick to the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from app.ui.me.statement_list import HEIGHT_MAX, StatementList, describe_movement
from app.ui.number_box import ROOM_PX, NumberBox
from server.ledger.rules import Kind
from wire.coin_events import Movement
from wire.ids import TransferId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("kind", get_args(Kind))
def test_movement_when_of_any_kind_of_the_book_then_has_words(
    qapp: QApplication, kind: str
) -> None:
    movement = Movement(
        transfer_id=TransferId("t1"), at_unix_ms=0, amount=5, unit="coins", kind=kind, balance=5
    )
    assert "_" not in describe_movement(movement)


def test_statement_when_it_is_short_then_no_higher_than_its_lines(qtbot: QtBot) -> None:
    def statement_of(count: int) -> int:
        moved = tuple(
            Movement(
                transfer_id=TransferId(f"t{number}"),
                at_unix_ms=0,
                amount=5,
                unit="coins",
                kind="gift",
                balance=5,
            )
            for number in range(count)
        )
        box = StatementList()
        qtbot.addWidget(box)
        box.show_movements(moved)
        box.show()
        assert box.topLevelItemCount() == count
        if 0 < count < 8:
            assert box.verticalScrollBar().maximum() == 0
        return box.height()

    assert statement_of(0) <= statement_of(2) < statement_of(5) < statement_of(60) == HEIGHT_MAX


def test_number_box_when_shown_then_has_room_before_its_text(qtbot: QtBot) -> None:
    box = NumberBox()
    qtbot.addWidget(box)
    assert box.lineEdit().textMargins().left() == ROOM_PX
