"""Asked once, in Discover and below what is live: what do you like? In nobody's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.live import recommending
from app.ui.discover.discover_page import Section
from app.ui.errors_in_words import explain
from app.ui.interests.interest_chips import InterestChips
from app.ui.plain_text import PlainLabel
from app.ui.toast import tell
from wire.limits import INTERESTS_MAX

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.state.discover import DiscoverState
    from app.ui.door import Door
    from wire.taste_events import Interests


class InterestStrip(Section):
    """Hidden unless the relay says that the user is to be asked."""

    chosen = Signal()
    """The lists are others from now on."""

    def __init__(self, house: House, loop: LoopThread, door: Door) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._house = house
        self._loop = loop
        self._door = door
        self._asked_for = ""
        """The user of whom the relay was asked."""
        self._title, self._about = PlainLabel(), PlainLabel()
        self._title.setObjectName("h2")
        self._about.setObjectName("soft")
        self._about.setWordWrap(True)
        self.chips = InterestChips(self)
        self.done, self.skip = QPushButton(), QPushButton()
        self.done.setProperty("kind", "primary")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.done, self.skip):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        for widget in (self._title, self._about, self.chips):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addLayout(buttons)
        self.chips.toggled.connect(self._render)
        self.done.clicked.connect(lambda: self._answer(self.chips.chosen))
        self.skip.clicked.connect(lambda: self._answer(()))
        self.hide()
        self.retranslate()

    def look(self, state: DiscoverState) -> None:
        """The page shows these rooms now, to whoever is signed in."""
        user_id = self._house.own_user_id()
        if user_id != self._asked_for:
            self.hide()
        if not state.has_listed or not user_id or user_id == self._asked_for:
            return
        self._asked_for = user_id
        self._door.deliver(
            self._loop.submit(recommending.load_interests(self._house)),
            lambda interests: self._on_loaded(user_id, interests),
            lambda _error: self._on_not_loaded(user_id),
        )

    def show_interests(self, interests: Interests) -> None:
        self.chips.show_interests(interests)
        self.setVisible(interests.is_asked and bool(interests.choices))
        self._render()
        self.filled.emit()

    def tab_stops(self) -> list[QWidget]:
        return [*self.chips.chips, self.done, self.skip]

    def retranslate(self) -> None:
        self._title.setText(self.tr("What do you like?"))
        self._about.setText(
            self.tr(
                "Choose up to {0}, and Discover begins with it. Only this house knows; you can "
                "change it under Me."
            ).replace("{0}", str(INTERESTS_MAX))
        )
        self.done.setText(self.tr("Show me these"))
        self.skip.setText(self.tr("Not now"))
        for button in (self.done, self.skip):
            button.setAccessibleName(button.text())
        self.chips.retranslate()
        self._render()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _render(self) -> None:
        self.done.setEnabled(bool(self.chips.chosen))

    def _on_loaded(self, user_id: str, interests: Interests) -> None:
        if user_id == self._asked_for:
            self.show_interests(interests)

    def _on_not_loaded(self, user_id: str) -> None:
        if user_id == self._asked_for:
            self._asked_for = ""  # the next look asks again

    def _answer(self, names: tuple[str, ...]) -> None:
        self.hide()
        self._door.deliver(
            self._loop.submit(recommending.choose_interests(self._house, names)),
            lambda _interests: self.chosen.emit() if names else None,
            self._on_refused,
        )

    def _on_refused(self, error: LivehouseError) -> None:
        self.show()
        tell(self, explain(error), "bad")
