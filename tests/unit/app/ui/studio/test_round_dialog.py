"""A poll and a draw are asked for by keyboard alone; no more is shown than is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.studio.round_dialog import DrawDialog, PollDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def focused(dialog: QWidget) -> QWidget:
    """The dialog's own notion: a display without a window manager activates nobody."""
    widget = dialog.focusWidget()
    assert widget is not None
    return widget


def type_into(qtbot: QtBot, dialog: PollDialog | DrawDialog, *texts: str) -> None:
    for text in texts:
        qtbot.keyClicks(focused(dialog), text)
        qtbot.keyClick(focused(dialog), Qt.Key.Key_Tab)
        QApplication.processEvents()


def test_poll_when_written_by_keyboard_then_choices_come_as_they_are_wanted(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = PollDialog(parent)
    chosen: list[tuple[object, ...]] = []
    dialog.chosen.connect(lambda *what: chosen.append(what))
    dialog.open()
    assert focused(dialog) is dialog.question
    assert [line.isVisible() for line in dialog.choices[:3]] == [True, True, False]
    type_into(qtbot, dialog, "Next?", "Slow", "Fast")
    assert focused(dialog) is dialog.choices[2]
    type_into(qtbot, dialog, "Both")
    assert sum(line.isVisible() for line in dialog.choices) == 4
    type_into(qtbot, dialog, "")
    assert focused(dialog) is dialog.minutes
    qtbot.keyClick(focused(dialog), Qt.Key.Key_Return)
    assert chosen == [("Next?", ("Slow", "Fast", "Both"), 120)]


def test_poll_when_a_choice_is_emptied_then_none_that_is_written_is_hidden(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = PollDialog(parent)
    dialog.open()
    for line, text in zip(dialog.choices, "abc", strict=False):
        line.setText(text)
    dialog.choices[0].clear()
    assert dialog.choices[2].isVisible()
    assert dialog.choices[3].isVisible()


def test_draw_when_opened_then_begins_at_the_prize_and_escape_leaves(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = DrawDialog(parent)
    chosen: list[tuple[object, ...]] = []
    dialog.chosen.connect(lambda *what: chosen.append(what))
    dialog.open()
    type_into(qtbot, dialog, "A mug")
    assert focused(dialog) is dialog.winners
    assert dialog.minutes.text() == "2 min"
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(focused(dialog), Qt.Key.Key_Escape)
    assert chosen == []
