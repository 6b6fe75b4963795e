"""A box for a number, with room before its text.

A style sheet's padding never reaches the line within a QSpinBox: its text would stick to the edge.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QSpinBox, QWidget

ROOM_PX: Final = 10


class NumberBox(QSpinBox):
    """As wide as before: the room is within."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(ROOM_PX, 0, ROOM_PX, 0)
