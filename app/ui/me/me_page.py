"""Account, house and settings on one page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import RelayRefused
from app.live import wallet
from app.media.sound_devices import list_devices
from app.ui.errors_in_words import explain
from app.ui.me.account_card import AccountCard
from app.ui.me.data_card import DataCard
from app.ui.me.devices_card import DevicesCard
from app.ui.me.feedback_card import FeedbackCard
from app.ui.me.house_card import HouseCard
from app.ui.me.my_data import MyData
from app.ui.me.my_taste import MyTaste
from app.ui.me.people_card import PeopleCard
from app.ui.me.profile_card import ProfileCard
from app.ui.me.settings_card import SettingsCard
from app.ui.me.taste_card import TasteCard
from app.ui.me.wallet_card import WalletCard
from app.ui.page import Page
from app.ui.rail import page_name
from app.ui.scrolling import scroll_over
from wire.errors import ErrorCode
from wire.ids import SessionId

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.state.house import HouseState
    from app.state.preferences import Preferences
    from app.ui.door import Door
    from wire import account_events, coin_events, event_base

_Result = TypeVar("_Result")


COLUMN_WIDTH: Final = 960
"""Lines that are longer are hard to read."""


class MePage(Page):
    """Emits `said` (words, kind) for the window's toast."""

    said = Signal(str, str)
    left = Signal()
    interests_chosen = Signal()
    kept_out = Signal(str, str)
    """The relay let nobody in under this name and password."""

    def __init__(
        self, house: House, loop: LoopThread, door: Door, preferences: Preferences
    ) -> None:
        super().__init__()
        self._house = house
        self._loop = loop
        self._door = door
        # In the order in which they stand, which is the order of Tab.
        self.house_card = HouseCard(self)
        self.profile = ProfileCard(self)
        self.wallet = WalletCard(self)
        self.taste = TasteCard(self)
        self.people = PeopleCard(self)
        self.feedback = FeedbackCard(self)
        self.account = AccountCard(self)
        self.devices = DevicesCard(self)
        self.data = DataCard(self)
        self.settings = SettingsCard(preferences, self)
        self._user_id = ""
        self._is_account_asked = False
        self._asked = ("", "")
        """Of which relay and user the page shows what the relay said."""
        self._my_data = MyData(self, self.data, self.account, house=house, loop=loop, door=door)
        self._my_data.said.connect(self.said)
        self._my_data.left.connect(self.left)
        self._my_taste = MyTaste(self, self.taste, self.people, house=house, loop=loop, door=door)
        self._my_taste.said.connect(self.said)
        self._my_taste.interests_chosen.connect(self.interests_chosen)
        self._my_taste.data_changed.connect(self.data.show_data)
        self._my_data.recording_changed.connect(lambda: self._my_taste.refresh(has_people=False))
        content = QWidget(self)
        # The width ends at the column: a card of its own least width would be laid out as high
        # as its words need in the whole page, which is too low for them.
        middle = QWidget(content)
        middle.setMaximumWidth(COLUMN_WIDTH)
        across = QHBoxLayout(content)
        across.setContentsMargins(32, 24, 32, 24)
        across.addStretch()
        across.addWidget(middle, 1)
        across.addStretch()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for card in (
            self.house_card,
            self.profile,
            self.wallet,
            self.taste,
            self.people,
            self.feedback,
            self.account,
            self.devices,
            self.data,
            self.settings,
        ):
            column.addWidget(card)
        column.addStretch(1)
        self._scroll = scroll_over(content, keeps_width=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        self._connect()
        self.render_state(house.state)

    def title(self) -> str:
        return page_name("me")

    def begin_sign_in(self) -> None:
        """Where a guest says who they are."""
        self._scroll.ensureWidgetVisible(self.account)
        self.account.name_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_shown(self) -> None:
        self._refresh()

    def render_state(self, state: HouseState) -> None:
        self.account.render_state(state)
        self.house_card.render_state(state)
        user_id = state.user.user_id if state.user is not None else ""
        for card in (
            self.profile,
            self.wallet,
            self.taste,
            self.people,
            self.feedback,
            self.devices,
            self.data,
        ):
            card.setVisible(bool(user_id))
            card.setEnabled(state.is_connected)
        if user_id != self._user_id:
            self._user_id = user_id
            self.profile.forget()
            self.wallet.forget()
            self.devices.show_sessions((), 0)
            self._my_data.forget()
            self._my_taste.forget()
        if (state.url, user_id) != self._asked:
            self._asked = (state.url, user_id)
            self._refresh()

    def show_taste(self) -> None:
        """What is believed of the user comes into sight."""
        self.taste.focus_first()
        self._scroll.verticalScrollBar().setValue(self.taste.y() - 24)

    def retranslate(self) -> None:
        self.account.retranslate()
        self.house_card.retranslate()
        self.profile.retranslate()
        self.wallet.retranslate()
        self.taste.retranslate()
        self.people.retranslate()
        self.feedback.retranslate()
        self.devices.retranslate()
        self.data.retranslate()
        self.settings.retranslate()

    def _connect(self) -> None:
        house = self._house
        self.account.login_wanted.connect(
            lambda name, password: self._ask_once(
                house.login(name, password),
                self._on_logged_in,
                lambda error: self._on_login_failed(error, name, password),
            )
        )
        self.account.register_wanted.connect(self._register)
        self.account.reset_wanted.connect(
            lambda name, secret, fresh: self._ask_once(
                house.redeem_reset(name, secret, fresh), self._on_logged_in, self._on_failed
            )
        )
        self.account.password_wanted.connect(
            lambda old, new: self._ask_once(
                house.change_password(old, new), self._on_password_changed, self._on_failed
            )
        )
        self.account.logout_wanted.connect(
            lambda: self._ask_once(house.logout(), lambda _none: None, self._on_failed)
        )
        self.profile.save_wanted.connect(
            lambda name, about: self._ask(
                house.edit_profile(name=name, about=about), self._on_profile_saved
            )
        )
        self.wallet.grant_wanted.connect(
            lambda: self._ask(wallet.claim_grant(house), self._on_wallet)
        )
        self.wallet.limits_wanted.connect(
            lambda limits: self._ask(wallet.set_limits(house, limits), self._on_limits_saved)
        )
        self.wallet.more_wanted.connect(
            lambda cursor: self._ask(
                wallet.list_movements(house, cursor),
                lambda page: self.wallet.show_page(page, cursor=cursor),
            )
        )
        self.devices.end_wanted.connect(self._on_end_wanted)
        self.devices.everywhere_wanted.connect(
            lambda: self._ask(house.logout(everywhere=True), lambda _none: None)
        )
        self.house_card.leave_wanted.connect(
            lambda: self._ask(house.leave(), lambda _none: self.left.emit())
        )
        self.house_card.reconnect_wanted.connect(lambda: self._loop.call(house.reconnect_now))
        self.settings.devices_wanted.connect(self._look_for_outputs)
        self.house_card.copied.connect(
            lambda: self.said.emit(self.tr("The invite link is in the clipboard."), "good")
        )

    def _register(self, name: str, password: str) -> None:
        code = self.account.code_edit.text().strip()

        def failed(error: LivehouseError) -> None:
            if isinstance(error, RelayRefused) and error.field == "code":
                self.account.ask_for_code()
            self._on_failed(error)

        self._ask_once(self._house.register(name, password, code), self._on_logged_in, failed)

    def _look_for_outputs(self) -> None:
        async def find() -> tuple[str, ...]:
            devices = await asyncio.to_thread(list_devices, "output")
            return tuple(device.name for device in devices)

        self._door.deliver(self._loop.submit(find()), self.settings.show_outputs, self._on_failed)

    def _ask(
        self, coroutine: Coroutine[Any, Any, _Result], on_done: Callable[[_Result], object]
    ) -> None:
        self._door.deliver(self._loop.submit(coroutine), on_done, self._on_failed)

    def _ask_once(
        self,
        coroutine: Coroutine[Any, Any, None],
        on_done: Callable[[None], object],
        on_failed: Callable[[LivehouseError], object],
    ) -> None:
        """About the account, and nothing while the one before is not answered: pressed twice, the
        second would fail for what the first has done."""
        if self._is_account_asked:
            coroutine.close()
            return
        self._is_account_asked = True

        def end(told: Callable[[Any], object], news: object) -> None:
            self._is_account_asked = False
            told(news)

        self._door.deliver(
            self._loop.submit(coroutine), partial(end, on_done), partial(end, on_failed)
        )

    def _refresh(self) -> None:
        """Ask for what only the relay knows, while somebody looks."""
        if not self.isVisible():
            return
        self._my_data.refresh(is_user=bool(self._user_id))
        if not self._user_id:
            return
        self._my_taste.refresh()
        self._ask_quietly(self._house.load_profile(), self.profile.show_profile)
        self._ask_quietly(self._house.list_sessions(), self._on_sessions)
        self._ask_quietly(wallet.load_wallet(self._house), self._on_wallet)

    def _ask_quietly(
        self, coroutine: Coroutine[Any, Any, _Result], on_done: Callable[[_Result], object]
    ) -> None:
        """Nobody pressed anything: the link's own words say why there is no answer."""
        self._door.deliver(self._loop.submit(coroutine), on_done, lambda _error: None)

    def _on_wallet(self, read: coin_events.Wallet) -> None:
        self.wallet.show_wallet(read)
        self._ask_quietly(wallet.list_movements(self._house), self.wallet.show_page)

    def _on_limits_saved(self, read: coin_events.Wallet) -> None:
        self.wallet.show_saved(read)
        self.said.emit(self.tr("Your limits are saved."), "good")

    def _on_sessions(self, sessions: tuple[event_base.SessionInfo, ...]) -> None:
        self.devices.show_sessions(sessions, time.time_ns() // 1_000_000)

    def _on_end_wanted(self, session_id: str) -> None:
        def on_ended(_none: None) -> None:
            self.said.emit(self.tr("That device is logged out."), "good")
            self._refresh()

        self._ask(self._house.end_session(SessionId(session_id)), on_ended)

    def _on_profile_saved(self, profile: account_events.Profile) -> None:
        self.profile.show_saved(profile)
        self.said.emit(self.tr("Your profile is saved."), "good")

    def _on_logged_in(self, _none: None) -> None:
        self.account.clear_passwords()
        self.said.emit(self.tr("You are logged in."), "good")

    def _on_login_failed(self, error: LivehouseError, name: str, password: str) -> None:
        self._on_failed(error)
        if isinstance(error, RelayRefused) and error.code in {ErrorCode.BANNED, ErrorCode.KICKED}:
            self.kept_out.emit(name, password)

    def _on_password_changed(self, _none: None) -> None:
        self.account.clear_passwords()
        self._refresh()
        self.said.emit(self.tr("The password is changed."), "good")

    def _on_failed(self, error: LivehouseError) -> None:
        self.said.emit(explain(error), "bad")
