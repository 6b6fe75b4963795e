"""Account, house and settings on one page."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.ui.errors_in_words import explain
from app.ui.me.account_card import AccountCard
from app.ui.me.house_card import HouseCard
from app.ui.me.settings_card import SettingsCard
from app.ui.page import Page
from app.ui.rail import page_name

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.state.house import HouseState
    from app.state.preferences import Preferences
    from app.ui.door import Door


class MePage(Page):
    """Emits `said` (words, kind) for the window's toast."""

    said = Signal(str, str)
    left = Signal()

    def __init__(
        self, house: House, loop: LoopThread, door: Door, preferences: Preferences
    ) -> None:
        super().__init__()
        self._house = house
        self._loop = loop
        self._door = door
        # In the order in which they stand, which is the order of Tab.
        self.house_card = HouseCard(self)
        self.account = AccountCard(self)
        self.settings = SettingsCard(preferences, self)
        content = QWidget(self)
        content.setObjectName("page")
        column = QVBoxLayout(content)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(16)
        for card in (self.house_card, self.account, self.settings):
            card.setMaximumWidth(960)
            column.addWidget(card)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self._connect()
        self.render_state(house.state)

    def title(self) -> str:
        return page_name("me")

    def render_state(self, state: HouseState) -> None:
        self.account.render_state(state)
        self.house_card.render_state(state)

    def retranslate(self) -> None:
        self.account.retranslate()
        self.house_card.retranslate()
        self.settings.retranslate()

    def _connect(self) -> None:
        house = self._house
        self.account.login_wanted.connect(
            lambda name, password: self._ask(house.login(name, password), self._on_logged_in)
        )
        self.account.register_wanted.connect(
            lambda name, password: self._ask(house.register(name, password), self._on_logged_in)
        )
        self.account.password_wanted.connect(
            lambda old, new: self._ask(house.change_password(old, new), self._on_password_changed)
        )
        self.account.logout_wanted.connect(
            lambda everywhere: self._ask(house.logout(everywhere=everywhere), lambda _none: None)
        )
        self.house_card.leave_wanted.connect(
            lambda: self._ask(house.leave(), lambda _none: self.left.emit())
        )
        self.house_card.reconnect_wanted.connect(lambda: self._loop.call(house.reconnect_now))
        self.house_card.copied.connect(
            lambda: self.said.emit(self.tr("The invite link is in the clipboard."), "good")
        )

    def _ask(self, coroutine: Coroutine[Any, Any, None], on_done: Callable[[None], object]) -> None:
        self._door.deliver(self._loop.submit(coroutine), on_done, self._on_failed)

    def _on_logged_in(self, _none: None) -> None:
        self.account.clear_passwords()
        self.said.emit(self.tr("You are logged in."), "good")

    def _on_password_changed(self, _none: None) -> None:
        self.account.clear_passwords()
        self.said.emit(self.tr("The password is changed."), "good")

    def _on_failed(self, error: LivehouseError) -> None:
        self.said.emit(explain(error), "bad")
