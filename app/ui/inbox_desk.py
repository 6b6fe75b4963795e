"""Between the window and the user's own inbox: dialogs, toasts, the mark on the rail."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.live.diagnostics import RecentErrors, collect_diagnostics
from app.live.inbox import OwnInbox, appeal_ban
from app.ui.errors_in_words import explain
from app.ui.me.feedback_dialog import FeedbackDialog
from app.ui.me.feedback_texts import describe_sanction
from wire.inbox_events import OwnFeedback

if TYPE_CHECKING:
    import concurrent.futures
    from collections.abc import Coroutine

    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.state.inbox import InboxState, Item
    from app.ui.door import Door
    from app.ui.main_window import MainWindow
    from app.ui.me.feedback_card import FeedbackCard
    from wire.inbox_commands import SendReport
    from wire.inbox_events import Appeals, ReportTaken
    from wire.order_events import SanctionInfo


class InboxDesk(QObject):
    """On the GUI thread; made before the house does anything."""

    def __init__(
        self,
        house: House,
        loop: LoopThread,
        door: Door,
        *,
        window: MainWindow,
        card: FeedbackCard,
    ) -> None:
        super().__init__(window)
        self._house = house
        self._loop = loop
        self._door = door
        self._window = window
        self._card = card
        self._errors = RecentErrors()
        logging.getLogger().addHandler(self._errors)
        self.dialog: FeedbackDialog | None = None
        self._inbox = OwnInbox(
            house,
            on_state=lambda state: door.post(self.render_state, state),
            on_news=lambda item: door.post(self._on_news, item),
        )
        window.report_wanted.connect(self._on_report)
        window.page_shown.connect(self._on_page)
        window.closed.connect(self._on_closed)
        card.write_wanted.connect(self.write)
        card.more_wanted.connect(self._on_more)
        card.appeal_wanted.connect(self.appeal)

    def render_state(self, state: InboxState) -> None:
        self._card.render_state(state)
        if self._window.current_key == "me" and state.unread:
            self._mark_read()
            return
        self._window.set_news("me", state.unread)

    def write(self) -> None:
        self._open()

    def appeal(self, sanction: SanctionInfo) -> None:
        self._open(sanction)

    def appeal_ban(self, name: str, password: str) -> None:
        """The relay let nobody in under this name: say why, and offer an appeal."""

        def on_read(read: Appeals) -> None:
            house = [one for one in read.sanctions if one.room_id is None]
            waits = {one.sanction_id for one in read.feedback if one.status in {"new", "read"}}
            if not house:
                return
            if house[0].sanction_id in waits:
                self._window.toast(self.tr("Your appeal waits for an answer."), "info")
                return
            newest = read.feedback[0] if read.feedback else None
            answer = newest.answer if newest and newest.sanction_id == house[0].sanction_id else ""
            self._open(house[0], (name, password), answer)

        work = appeal_ban(self._house, name, password, key=_make_key())
        self._door.deliver(self._loop.submit(work), on_read, lambda _error: None)

    def _open(
        self,
        sanction: SanctionInfo | None = None,
        account: tuple[str, str] | None = None,
        answer: str = "",
    ) -> None:
        picture = QImage() if account else self._window.grab().toImage()
        about = describe_sanction(sanction) if sanction is not None else ""
        if answer:
            about += " " + self.tr("You were answered: {words}").replace("{words}", answer)
        dialog = FeedbackDialog(
            self._window,
            picture,
            sanction_id=sanction.sanction_id if sanction is not None else None,
            about=about,
            has_extras=account is None,
        )
        key = _make_key()
        if account is None:
            dialog.wanted.connect(lambda draft: self._send(dialog, self._inbox.send(draft, key)))
        else:
            name, password = account
            dialog.wanted.connect(
                lambda draft: self._send(
                    dialog,
                    appeal_ban(
                        self._house,
                        name,
                        password,
                        key=key,
                        sanction_id=draft.sanction_id,
                        text=draft.text,
                    ),
                )
            )
        dialog.finished.connect(lambda _answer: self._on_dialog_gone(dialog))
        self.dialog = dialog
        if account is None:
            found = self._loop.submit(collect_diagnostics(self._errors))
            self._door.deliver(found, self._on_diagnostics, lambda _error: None)
        dialog.open()

    def _on_diagnostics(self, text: str) -> None:
        if self.dialog is not None:
            self.dialog.show_diagnostics(text)

    def _send(self, dialog: FeedbackDialog, work: Coroutine[Any, Any, object]) -> None:
        """One key for a dialog: pressed again after a lost answer, it is still sent once."""

        def on_sent(_sent: object) -> None:
            if self.dialog is dialog:
                dialog.accept()
            self._window.toast(self.tr("Sent. You are told here when there is an answer."), "good")

        def on_failed(error: LivehouseError) -> None:
            if self.dialog is dialog:
                dialog.set_sending(is_sending=False)
            self._on_failed(error)

        self._door.deliver(self._loop.submit(work), on_sent, on_failed)

    def _on_dialog_gone(self, dialog: FeedbackDialog) -> None:
        """Another may have come over it meanwhile: an answer about a ban takes a moment."""
        if self.dialog is dialog:
            self.dialog = None

    def _on_report(self, command: SendReport) -> None:
        self._door.deliver(
            self._loop.submit(self._inbox.report(command)), self._on_reported, self._on_failed
        )

    def _on_reported(self, taken: ReportTaken) -> None:
        words = self.tr("Reported. You are told here what becomes of it.")
        if taken.state != "open":
            words = self.tr("This was judged already. See the page Me.")
        elif taken.is_repeat:
            words = self.tr("You have reported this before; it is not forgotten.")
        self._window.toast(words, "good")

    def _on_news(self, item: Item) -> None:
        if isinstance(item, OwnFeedback):
            words = (
                self.tr("Your feedback was answered: see the page Me.")
                if item.answer
                else self.tr("Your feedback was closed: see the page Me.")
            )
        else:
            words = self.tr("Something that you reported was judged: see the page Me.")
        self._window.toast(words, "info")

    def _on_page(self, key: str) -> None:
        if key == "me":
            self._mark_read()

    def _mark_read(self) -> None:
        self._window.set_news("me", 0)
        self._quietly(self._loop.submit(self._inbox.mark_read()))

    def _on_more(self) -> None:
        self._door.deliver(
            self._loop.submit(self._inbox.load_more()), lambda _none: None, self._on_failed
        )

    def _quietly(self, done: concurrent.futures.Future[None]) -> None:
        self._door.deliver(done, lambda _none: None, lambda _error: None)

    def _on_failed(self, error: LivehouseError) -> None:
        self._window.toast(explain(error), "bad")

    def _on_closed(self) -> None:
        logging.getLogger().removeHandler(self._errors)


def _make_key() -> str:
    return secrets.token_urlsafe(24)
