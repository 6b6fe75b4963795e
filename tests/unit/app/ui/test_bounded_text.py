"""A box of lines holds no more than its limit, whatever is pasted into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData

from app.ui.bounded_text import BoundedText

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument
    from pytestqt.qtbot import QtBot

LIMIT = 200


def paste(box: BoundedText, words: str) -> None:
    """As the clipboard and a drop do it."""
    data = QMimeData()
    data.setText(words)
    box.edit.insertFromMimeData(data)


@pytest.fixture
def box(qtbot: QtBot) -> BoundedText:
    box = BoundedText(LIMIT)
    qtbot.addWidget(box)
    return box


def test_box_when_a_megabyte_is_pasted_then_its_document_never_holds_it(box: BoundedText) -> None:
    lengths: list[int] = []
    document: QTextDocument = box.edit.document()
    document.contentsChanged.connect(lambda: lengths.append(document.characterCount()))
    paste(box, "看a" * 500_000)
    assert box.text() == ("看a" * 500_000)[:LIMIT]
    assert max(lengths) <= LIMIT + 1  # Qt counts the end of the last line


def test_box_when_more_is_pasted_into_its_middle_then_holds_its_limit_and_goes_on(
    box: BoundedText,
) -> None:
    paste(box, "a" * (LIMIT - 10))
    cursor = box.edit.textCursor()
    cursor.setPosition(3)
    box.edit.setTextCursor(cursor)
    paste(box, "b" * 50)
    assert box.text() == "aaa" + "b" * 50 + "a" * (LIMIT - 53)
    assert box.edit.textCursor().position() == 53
    box.edit.undo()


def test_box_when_read_only_then_takes_nothing(box: BoundedText) -> None:
    box.edit.setReadOnly(True)
    paste(box, "words")
    assert box.text() == ""
