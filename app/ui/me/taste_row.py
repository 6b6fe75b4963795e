"""One line of what is believed: a name, how strongly, what it comes from, and a wish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QProgressBar, QWidget

from app.state.recommending import WISHES, percent, wish_of
from app.ui.elided_label import ElidedLabel
from app.ui.plain_text import PlainLabel, one_line

if TYPE_CHECKING:
    from app.state.recommending import Wish

_NAME_MAX: Final = 60


class TasteRow(QWidget):
    """Shown anew in place, so that the focus stays where it is."""

    wished = Signal(str)
    """A Wish."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ElidedLabel()
        self._about = PlainLabel(self)
        self._about.setObjectName("soft")
        self._bar = QProgressBar(self)
        self._bar.setObjectName("strength")
        self._bar.setRange(0, 100)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self.wish = QComboBox(self)
        self.wish.setMinimumWidth(136)
        for wish in WISHES:
            self.wish.addItem("", wish)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(4)
        layout.addWidget(self._name, 0, 0)
        layout.addWidget(self._about, 0, 1)
        layout.addWidget(self._bar, 1, 0, 1, 2)
        layout.addWidget(self.wish, 0, 2, 2, 1)
        layout.setColumnStretch(0, 1)
        self.wish.activated.connect(lambda _index: self.wished.emit(self.wish.currentData()))

    def show_belief(self, name: str, about: str, *, share: float, weight: float) -> None:
        """The bar is as long as the share says: one of 55 % is no full one."""
        line = one_line(name, _NAME_MAX)
        share_words = f"{percent(share)} %"
        self._name.show_line(line)
        self._about.setText(f"{about} · {share_words}" if about else share_words)
        self._bar.setValue(percent(share))
        self._bar.setAccessibleName(f"{line}: {share_words}")
        translate = QCoreApplication.translate
        words: dict[Wish, str] = {
            "more": translate("TasteRow", "More of it"),
            "learned": translate("TasteRow", "As learned"),
            "less": translate("TasteRow", "Less of it"),
            "forget": translate("TasteRow", "Forget it"),
        }
        for index, wish in enumerate(WISHES):
            self.wish.setItemText(index, words[wish])
        self.wish.setCurrentIndex(self.wish.findData(wish_of(weight)))
        self.wish.setAccessibleName(translate("TasteRow", "How much of {0}").replace("{0}", line))
