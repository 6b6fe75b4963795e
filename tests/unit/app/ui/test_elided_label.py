"""A line with too little room ends in dots; its tooltip has it whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.elided_label import ElidedLabel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_line_when_it_is_too_long_then_is_whole_in_the_tool_tip_only(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.show_line("a title\nthat takes more room than there is, by far")
    label.resize(60, 20)
    label.grab()
    assert label.toolTip() == "a title that takes more room than there is, by far"
    label.resize(900, 20)
    label.grab()
    assert label.toolTip() == ""
