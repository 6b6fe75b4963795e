"""What a relay keeps, in plain words, and the tick that an account is not made without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.ui.me.card import plain_label

if TYPE_CHECKING:
    from wire.privacy_events import PrivacyTerms


class ConsentBox(QWidget):
    """Emits whether the user agrees. A change of these words in their meaning is a new
    `PRIVACY_VERSION` of the wire."""

    changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._terms: PrivacyTerms | None = None
        self._words = plain_label(self, is_soft=True)
        self.tick = QCheckBox(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._words)
        layout.addWidget(self.tick)
        self.tick.toggled.connect(self.changed)
        self.retranslate()

    @property
    def is_agreed(self) -> bool:
        return self.tick.isChecked()

    def show_terms(self, terms: PrivacyTerms | None) -> None:
        """None: the relay has not said yet."""
        self._terms = terms
        self._render()

    def forget(self) -> None:
        """Another account would be another person's."""
        self.tick.setChecked(False)

    def retranslate(self) -> None:
        self.tick.setText(self.tr("I agree that this relay keeps this"))
        self._render()

    def _render(self) -> None:
        sentences = [
            self.tr(
                "For a new account this relay keeps: your name, what you write, whom you follow, "
                "your rooms, votes and coins, and on which devices you are logged in. It stores "
                "no internet address in the clear."
            )
        ]
        if self._terms is not None:
            sentences.append(keeping_words(self._terms))
        sentences.append(
            self.tr(
                "Others in a room see your name and what you write. The relay's keeper can see "
                "all of it. On this page you can see, take along and erase it at any time."
            )
        )
        # Chinese sentences follow each other without a space.
        ended = (one if one.endswith("\u3002") else f"{one} " for one in sentences)
        self._words.setText("".join(ended).strip())


def keeping_words(terms: PrivacyTerms) -> str:
    """How long things are kept, in a sentence or two."""
    translate = QCoreApplication.translate
    if not terms.messages_days and not terms.behaviour_days:
        return translate("KeepingTimes", "All of it stays until you erase it.")
    parts = []
    if terms.messages_days:
        words = translate("KeepingTimes", "messages for %1 days")
        parts.append(words.replace("%1", str(terms.messages_days)))
    if terms.behaviour_days:
        words = translate("KeepingTimes", "minutes watched for %1 days")
        parts.append(words.replace("%1", str(terms.behaviour_days)))
    kept = translate("KeepingTimes", ", ").join(parts)
    sentence = translate("KeepingTimes", "It keeps %1, and the rest until you erase it.")
    return sentence.replace("%1", kept)
