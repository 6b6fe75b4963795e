"""A button for each interest, in as many rows as they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.interests.interest_words import interest_name
from app.ui.plain_text import button_text
from wire.limits import INTERESTS_MAX

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from wire.taste_events import Interests

SPACING: Final = 8


class InterestChips(QWidget):
    """Keeps its buttons and reuses them, so that focus stays where it is."""

    toggled = Signal()
    """By the user."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: list[QPushButton] = []
        self._names: tuple[str, ...] = ()

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(
            name for name, chip in zip(self._names, self.chips, strict=False) if chip.isChecked()
        )

    def show_interests(self, interests: Interests | None) -> None:
        """What is chosen stands last where the house does not offer it any more."""
        chosen = interests.chosen if interests is not None else ()
        choices = interests.choices if interests is not None else ()
        self._names = tuple(dict.fromkeys((*choices, *chosen)))
        while len(self.chips) < len(self._names):
            chip = QPushButton(self)
            chip.setCheckable(True)
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
            chip.clicked.connect(self._on_clicked)
            if self.chips:
                self.setTabOrder(self.chips[-1], chip)
            self.chips.append(chip)
        for index, chip in enumerate(self.chips):
            chip.setVisible(index < len(self._names))
            chip.setChecked(index < len(self._names) and self._names[index] in chosen)
        self._render()

    def retranslate(self) -> None:
        self._render()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
            return True
        return super().event(event)

    def _on_clicked(self) -> None:
        self._render()
        self.toggled.emit()

    def _render(self) -> None:
        is_full = len(self.chosen) >= INTERESTS_MAX
        for name, chip in zip(self._names, self.chips, strict=False):
            words = interest_name(name)
            chip.setText(button_text(words))
            chip.setAccessibleName(words)
            chip.setEnabled(chip.isChecked() or not is_full)
        self._arrange()

    def _arrange(self) -> None:
        x = y = bottom = 0
        for chip in self.chips[: len(self._names)]:
            size = chip.sizeHint()
            if x and x + size.width() > self.width():
                x, y = 0, bottom + SPACING
            chip.setGeometry(x, y, min(size.width(), max(1, self.width())), size.height())
            x, bottom = x + size.width() + SPACING, y + size.height()
        if bottom != self.height():
            self.setFixedHeight(bottom)
