"""A page that is taller than its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui.scrolling import scroll_over

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


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
