"""The two buttons at the foot of a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QPushButton

from app.ui.answer_row import answer_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_answers_when_laid_out_then_named_the_way_out_first_and_only_it_closes(
    qtbot: QtBot,
) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    yes, no = QPushButton("Send", dialog), QPushButton("Cancel", dialog)
    dialog.setLayout(answer_row(dialog, yes=yes, no=no))
    dialog.show()
    assert (yes.accessibleName(), no.accessibleName()) == ("Send", "Cancel")
    assert no.x() < yes.x()
    yes.click()
    assert dialog.isVisible()
    no.click()
    assert not dialog.isVisible()
