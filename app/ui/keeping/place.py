"""Where a popup stands: at its button, and wholly on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget


def place_popup(popup: QWidget, anchor: QWidget, offset: QPoint) -> None:
    """`offset` from the anchor's corner, moved in from the edges of its screen."""
    corner = anchor.mapToGlobal(offset)
    screen = anchor.screen().availableGeometry()
    right = max(screen.left(), screen.right() - popup.width() - 8)
    bottom = max(screen.top(), screen.bottom() - popup.height() - 8)
    popup.move(
        min(max(screen.left() + 8, corner.x()), right),
        min(max(screen.top() + 8, corner.y()), bottom),
    )
