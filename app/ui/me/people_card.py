"""People whom the user may know or like, each with the reason and a button to follow."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.discover.reason_words import list_names
from app.ui.elided_label import ElidedLabel
from app.ui.me.card import Card, plain_label
from app.ui.plain_text import one_line

if TYPE_CHECKING:
    from wire.discovery_events import Person

_NAME_MAX: Final = 60


class PeopleCard(Card):
    """Emits what the user wants; the page asks the relay."""

    follow_wanted = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people: tuple[Person, ...] | None = None
        self._followed: set[str] = set()
        self._nobody = plain_label(self, is_soft=True)
        self._column = QVBoxLayout()
        self._column.setSpacing(12)
        self._rows: list[tuple[QWidget, ElidedLabel, ElidedLabel]] = []
        self.follow_buttons: dict[str, QPushButton] = {}
        self.body.addWidget(self._nobody)
        self.body.addLayout(self._column)
        self.retranslate()

    def show_people(self, people: tuple[Person, ...] | None) -> None:
        """None: another user, or not known yet."""
        self._people = people
        self._followed.clear()
        self._render()

    def show_followed(self, user_id: str, *, is_following: bool) -> None:
        """It is so now; the row stays, so that it can be taken back."""
        (self._followed.add if is_following else self._followed.discard)(user_id)
        self._render()

    def retranslate(self) -> None:
        self.set_heading(self.tr("People you may know"))
        self._render()

    def _render(self) -> None:
        people = self._people or ()
        if [one.user.user_id for one in people] != list(self.follow_buttons):
            self._make_rows(people)
        for one, (_row, name, reason) in zip(people, self._rows, strict=True):
            name.show_line(one_line(one.user.name, _NAME_MAX))
            reason.show_line(self._describe(one))
            button = self.follow_buttons[one.user.user_id]
            is_followed = one.user.user_id in self._followed
            button.setText(self.tr("Following") if is_followed else self.tr("Follow"))
            button.setChecked(is_followed)
            words = self.tr("Follow {0}").replace("{0}", one_line(one.user.name, _NAME_MAX))
            button.setAccessibleName(words)
        self._nobody.setVisible(not people)
        self._nobody.setText(
            self.tr("Asking the relay…")
            if self._people is None
            else self.tr("Nobody yet. Follow some people, and those whom they follow appear here.")
        )

    def _make_rows(self, people: tuple[Person, ...]) -> None:
        for row, _name, _reason in self._rows:
            row.hide()
            row.deleteLater()
        self._rows, self.follow_buttons = [], {}
        for one in people:
            row, name, reason = QWidget(self), ElidedLabel(), ElidedLabel()
            reason.setObjectName("soft")
            button = QPushButton(row)
            button.setCheckable(True)
            button.clicked.connect(partial(self._on_follow, one.user.user_id))
            self.follow_buttons[one.user.user_id] = button
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(name)
            words.addWidget(reason)
            layout = QHBoxLayout(row)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(16)
            layout.addLayout(words, 1)
            layout.addWidget(button)
            self._rows.append((row, name, reason))
            self._column.addWidget(row)

    def _on_follow(self, user_id: str) -> None:
        is_followed = user_id in self._followed
        self.follow_buttons[user_id].setChecked(is_followed)  # until the relay has said yes
        self.follow_wanted.emit(user_id, not is_followed)

    def _describe(self, one: Person) -> str:
        if one.kind == "taste":
            return self.tr("Likes the same streamers as you")
        names, more = list_names(one.names), one.count - min(2, len(one.names))
        if not names:
            words = self.tr("{0} whom you follow follow them")
            return words.replace("{0}", str(max(1, one.count)))
        if more > 0:
            words = self.tr("{0} and {1} more whom you follow follow them")
            return words.replace("{1}", str(more)).replace("{0}", names)
        return self.tr("{0}, whom you follow, follow them").replace("{0}", names)
