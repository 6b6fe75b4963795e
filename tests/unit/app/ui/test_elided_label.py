"""A line with too little room ends in dots, and a remote text in its tooltip is no markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import Qt

from app.ui.elided_label import ElidedLabel, as_plain_tool_tip

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


def test_tool_tip_when_the_text_looks_like_markup_then_shows_it_as_it_is() -> None:
    hostile = '<img src="file:///etc/passwd"> & <b>bold</b>'
    shown = as_plain_tool_tip(hostile)
    assert Qt.mightBeRichText(shown)  # so that Qt takes the entities for what they are
    assert "<img" not in shown
    assert "<b>" not in shown
    assert as_plain_tool_tip("plain words") == "plain words"
