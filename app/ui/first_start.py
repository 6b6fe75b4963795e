"""The first thing that is seen: go live on this computer, or join with a link."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import BadInput, LivehouseError
from app.live.invite_link import TEXT_CHARACTERS_MAX, InviteLink, parse_invite_link
from app.net.address import parse_relay_address
from app.state.own_name import is_name
from app.ui.errors_in_words import explain, explain_hosting
from app.ui.page import Page
from app.ui.plain_text import PlainLabel
from app.ui.relay_list import RelayList
from app.ui.theme import current
from app.ui.theme.icons import pixmap
from wire import limits

if TYPE_CHECKING:
    import concurrent.futures
    from collections.abc import Callable, Coroutine

    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.ui.door import Door

_Result = TypeVar("_Result")

CHOICE_WIDTH: Final = 376
"""The height is the style sheet's, which says the least height of all buttons."""
BELOW_HEIGHT: Final = 216
"""What stands under the two choices: link, progress, words, or where one has been."""
BELOW_HEIGHT_BARE: Final = 104
"""Where one has been nowhere yet."""


class Choice(QPushButton):
    """A card that is one big button."""

    def __init__(self, icon_name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("choice")
        self.setFixedWidth(CHOICE_WIDTH)
        self._icon_name = icon_name
        self._picture, self._title, self._words = (
            PlainLabel(self),
            PlainLabel(self),
            PlainLabel(self),
        )
        self._title.setObjectName("h2")
        self._words.setObjectName("soft")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        for label in (self._picture, self._title, self._words):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            layout.addWidget(label)
        layout.setStretch(2, 1)
        current.changed.connect(self._draw)
        self._draw()

    def say(self, title: str, words: str) -> None:
        self._title.setText(title)
        self._words.setText(words)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)

    def _draw(self) -> None:
        picture = pixmap(self._icon_name, 56, "accent_text", self.devicePixelRatioF())
        self._picture.setPixmap(picture)


class FirstStartPage(Page):
    """Emits `arrived` with a page's key and a room's id (or nothing) once a relay is joined."""

    arrived = Signal(str, str)

    def __init__(self, house: House, loop: LoopThread, door: Door) -> None:
        super().__init__()
        self._house = house
        self._loop = loop
        self._door = door
        self._work: concurrent.futures.Future[Any] | None = None
        self._is_hosting = self._is_joining = self._is_busy = False
        self._title, self._words = PlainLabel(self), PlainLabel(self)
        self._title.setObjectName("h1")
        self._words.setObjectName("soft")
        self.host_choice = Choice("broadcast", self)
        self.join_choice = Choice("link", self)
        self.host_choice.clicked.connect(self._on_host)
        self.join_choice.clicked.connect(self._on_join_choice)
        self.link_edit = QLineEdit(self)
        self.link_edit.setMaxLength(TEXT_CHARACTERS_MAX)
        self.link_edit.returnPressed.connect(self._on_join)
        self.join_button = QPushButton(self)
        self.join_button.setProperty("kind", "primary")
        self.join_button.clicked.connect(self._on_join)
        self._name_label = PlainLabel(self)
        self._name_label.setObjectName("soft")
        self.name_edit = QLineEdit(self)
        self.name_edit.setMaxLength(limits.USER_NAME_CHARACTERS_MAX)
        self.name_edit.returnPressed.connect(self._on_host)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setFixedSize(320, 8)
        self.cancel_button = QPushButton(self)
        self.cancel_button.clicked.connect(self._on_cancel)
        self.status = PlainLabel(self)
        self.status.setWordWrap(True)
        self.status.setMinimumHeight(40)
        self.status.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.relays = RelayList(self)
        self.relays.chosen.connect(self._on_relay_chosen)
        self.relays.removed.connect(lambda url: loop.call(house.forget_relay, url))
        self._lay_out()
        self._set_joining(is_joining=False)
        self._set_busy(is_busy=False)
        self.retranslate()

    def title(self) -> str:
        return "Livehouse"

    def on_shown(self) -> None:
        self._offer_relays()
        self._set_joining(is_joining=not self.link_edit.isHidden())
        if not self.name_edit.isHidden() and not self.name_edit.text():
            suggestion = self._loop.submit(self._house.suggest_owner())
            self._door.deliver(suggestion, self._on_suggested, lambda _error: None)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Welcome to Livehouse"))
        self._words.setText(
            self.tr(
                "A live venue of your own: what happens in your house stays on this computer, "
                "and you alone keep it."
            )
        )
        self.host_choice.say(
            self.tr("Go live on this computer"),
            self.tr("Opens your own house here and shows you in the preview. You go live later."),
        )
        self.join_choice.say(
            self.tr("Join with a link"),
            self.tr("Somebody gave you an invite link. You can watch without an account."),
        )
        self.relays.retranslate()
        self._offer_relays()
        self._name_label.setText(self.tr("Your name when you go live"))
        self.name_edit.setAccessibleName(self._name_label.text())
        self.name_edit.setPlaceholderText(self.tr("host"))
        self.link_edit.setPlaceholderText("livehouse://...")
        self.link_edit.setAccessibleName(self.tr("Invite link"))
        self.join_button.setText(self.tr("Join"))
        self.cancel_button.setText(self.tr("Cancel"))
        self._progress.setAccessibleName(self.tr("Please wait"))
        if self.cancel_button.isHidden():
            self._say("")

    def start_host(self) -> None:
        """As if the first choice was clicked."""
        self._on_host()

    def start_join(self, link: str) -> None:
        """As if the link was typed; from the command line or the address bar."""
        self.link_edit.setText(link)
        self._set_joining(is_joining=True)
        self._on_join()

    def start_return(self) -> None:
        """Go where the user was when the program ended."""
        self._is_hosting = False
        self._set_busy(is_busy=True)
        self._say(self.tr("Going back to where you were…"))
        self._begin(self._house.return_to_last(), self._on_returned)

    def tell_closed(self, why: str) -> None:
        """The relay hosted here was given up; the words stay until something is chosen."""
        words = self.tr(
            "Your house closed and did not open again by itself. Nothing in it is lost: open it "
            "once more with the first choice. (%1)"
        )
        self._say(words.replace("%1", why), "bad")

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(24)
        choices.addStretch(1)
        choices.addWidget(self.host_choice)
        choices.addWidget(self.join_choice)
        choices.addStretch(1)
        name = QHBoxLayout()
        name.setSpacing(8)
        name.addWidget(self._name_label)
        name.addWidget(self.name_edit, 1)
        name.addSpacing(CHOICE_WIDTH + 24)
        link = QHBoxLayout()
        link.setSpacing(8)
        link.addWidget(self.link_edit, 1)
        link.addWidget(self.join_button)
        self._below = QWidget(self)
        self._below.setFixedWidth(2 * CHOICE_WIDTH + 24)
        area = QVBoxLayout(self._below)
        area.setContentsMargins(0, 0, 0, 0)
        area.setSpacing(8)
        center = Qt.AlignmentFlag.AlignHCenter
        area.addLayout(name)
        area.addLayout(link)
        area.addWidget(self._progress, 0, center)
        area.addWidget(self.status)
        area.addWidget(self.cancel_button, 0, center)
        area.addWidget(self.relays)
        area.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 16, 32, 16)
        layout.setSpacing(8)
        layout.addStretch(3)
        layout.addWidget(self._title, 0, center)
        layout.addWidget(self._words, 0, center)
        layout.addSpacing(16)
        layout.addLayout(choices)
        layout.addSpacing(16)
        layout.addWidget(self._below, 0, center)
        layout.addStretch(2)

    def _offer_relays(self) -> None:
        """Not while somebody is on the way: then there is a button to cancel instead."""
        is_free = self.cancel_button.isHidden()
        known = self._house.remembered()
        self.relays.show_relays(known if is_free else ())
        # Whatever else stands there, the choices above stay where they are.
        self._below.setMinimumHeight(BELOW_HEIGHT if known else BELOW_HEIGHT_BARE)

    def _on_relay_chosen(self, url: str) -> None:
        relay = next((one for one in self._house.remembered() if one.url == url), None)
        if relay is not None:
            self._go(InviteLink(parse_relay_address(relay.url, pin=relay.pin)), relay.name)

    def _on_host(self) -> None:
        self._is_hosting = True
        self._set_joining(is_joining=False)
        name = " ".join(self.name_edit.text().split())
        if self._house.has_hosted():
            name = ""
        if name and not is_name(name):
            words = self.tr("A name has 2 to 32 letters or digits; spaces and - _ . may be in it.")
            self._say(words, "bad")
            self.name_edit.setFocus()
            return
        self._set_busy(is_busy=True)
        self._say(self.tr("Opening your house. The first time takes a few seconds…"))
        self._begin(self._house.host(name), lambda _state: self._arrive("studio", ""))

    def _on_suggested(self, name: str) -> None:
        """Whoever was faster than the answer knows better."""
        if not self.name_edit.text():
            self.name_edit.setText(name or self.tr("host"))

    def _on_join_choice(self) -> None:
        self._set_joining(is_joining=True)
        self.link_edit.setFocus()

    def _on_join(self) -> None:
        self._is_hosting = False
        try:
            link = parse_invite_link(self.link_edit.text())
        except BadInput:
            self._say(
                self.tr(
                    "This is not an invite link. It starts with livehouse:// and is best "
                    "copied whole."
                ),
                "bad",
            )
            return
        self._go(link, link.address.host)

    def _go(self, link: InviteLink, name: str) -> None:
        self._is_hosting = False
        self._set_busy(is_busy=True)
        self._say(self.tr("Knocking at %1…").replace("%1", name or link.address.host))
        page = "room" if link.room else "discover"
        self._begin(self._house.enter(link), lambda room_id: self._arrive(page, room_id))

    def _begin(
        self, way: Coroutine[Any, Any, _Result], on_result: Callable[[_Result], object]
    ) -> None:
        """One way at a time: what comes of an earlier one is no news any more."""
        if self._work is not None:
            self._work.cancel()
        work = self._work = self._loop.submit(way)

        def tell(told: Callable[[Any], object], news: object) -> None:
            if self._work is work:
                told(news)

        self._door.deliver(work, partial(tell, on_result), partial(tell, self._on_failed))

    def _on_cancel(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._work = None
        self._loop.submit(self._house.leave())
        self._set_busy(is_busy=False)
        self._say("")

    def _on_returned(self, *arguments: object) -> None:
        """Not into Studio: no camera opens by itself because the program was started."""
        del arguments
        self._arrive("discover", "")

    def _on_failed(self, error: LivehouseError) -> None:
        self._set_busy(is_busy=False)
        self._say(explain_hosting(error) if self._is_hosting else explain(error), "bad")

    def _arrive(self, page: str, room: str) -> None:
        self._set_busy(is_busy=False)
        self._say("")
        self.arrived.emit(page, room)

    def _set_joining(self, *, is_joining: bool) -> None:
        self.link_edit.setVisible(is_joining)
        self.join_button.setVisible(is_joining)
        self._is_joining = is_joining
        self._show_name()

    def _show_name(self) -> None:
        """Asked for once: later the house knows its owner."""
        is_asked = not (self._is_joining or self._is_busy or self._house.has_hosted())
        for widget in (self._name_label, self.name_edit):
            widget.setVisible(is_asked)

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self._show_name()
        self._progress.setVisible(is_busy)
        self.cancel_button.setVisible(is_busy)
        for widget in (self.host_choice, self.join_choice, self.link_edit, self.join_button):
            widget.setEnabled(not is_busy)
        self._offer_relays()

    def _say(self, words: str, kind: str = "") -> None:
        self.status.setText(words)
        self.status.setVisible(bool(words))
        self.status.setAccessibleName(words)
        self.status.setProperty("kind", kind)
        self.status.style().unpolish(self.status)
        self.status.style().polish(self.status)
