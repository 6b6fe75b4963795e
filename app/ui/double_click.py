"""Buttons for which the second press of a double click is no second wish.

Some people click everything twice. Where a press sends coins, or the button under the mouse has
become another one meanwhile, the second press is nobody's wish; whoever means it presses again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton


class _Filter(QObject):
    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        return event.type() == QEvent.Type.MouseButtonDblClick


def ignore_double_click(*buttons: QAbstractButton) -> None:
    """Of the mouse alone: keys and assistive programs press one at a time."""
    for button in buttons:
        button.installEventFilter(_Filter(button))
