"""The style sheet's `kind` of a widget: good, bad, warn, primary and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def set_kind(widget: QWidget, kind: str) -> None:
    """Colour it by its kind; nothing where it has it already: polishing is not free."""
    if widget.property("kind") != kind:
        widget.setProperty("kind", kind)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
