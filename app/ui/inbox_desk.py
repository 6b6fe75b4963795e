"""Between the window and the user's own inbox: dialogs, toasts, the mark on the rail."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.live.diagnostics import RecentErrors, collect_diagnostics
from app.live.inbox import OwnInbox
from app.ui.errors_in_words import explain
from app.ui.me.feedback_dialog import FeedbackDialog
from wire.inbox_events import OwnFeedback

if TYPE_CHECKING:
    import concurrent.futures

    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.state.inbox import FeedbackDraft, InboxState, Item
    from app.ui.door import Door
    from app.ui.main_window import MainWindow
    from app.ui.me.feedback_card import FeedbackCard
    from wire.ids import SanctionId
    from wire.inbox_commands import SendReport
    from wire.inbox_events import ReportTaken


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

    def render_state(self, state: InboxState) -> None:
        self._card.render_state(state)
        if self._window.current_key == "me" and state.unread:
            self._mark_read()
            return
        self._window.set_news("me", state.unread)

    def write(self) -> None:
        self._open()

    def appeal(self, sanction_id: SanctionId, about: str) -> None:
        """Against a sanction; `about` says in words what it is."""
        self._open(sanction_id=sanction_id, about=about)

    def _open(self, *, sanction_id: SanctionId | None = None, about: str = "") -> None:
        picture = self._window.grab().toImage()
        dialog = FeedbackDialog(self._window, picture, sanction_id=sanction_id, about=about)
        key = secrets.token_urlsafe(24)
        dialog.wanted.connect(lambda draft: self._send(dialog, draft, key))
        dialog.finished.connect(self._on_dialog_gone)
        self.dialog = dialog
        found = self._loop.submit(collect_diagnostics(self._errors))
        self._door.deliver(found, self._on_diagnostics, lambda _error: None)
        dialog.open()

    def _on_diagnostics(self, text: str) -> None:
        if self.dialog is not None:
            self.dialog.show_diagnostics(text)

    def _send(self, dialog: FeedbackDialog, draft: FeedbackDraft, key: str) -> None:
        """One key for a dialog: pressed again after a lost answer, it is still sent once."""

        def on_sent(_sent: OwnFeedback) -> None:
            if self.dialog is dialog:
                dialog.accept()
            self._window.toast(self.tr("Sent. You are told here when there is an answer."), "good")

        def on_failed(error: LivehouseError) -> None:
            if self.dialog is dialog:
                dialog.set_sending(is_sending=False)
            self._on_failed(error)

        self._door.deliver(self._loop.submit(self._inbox.send(draft, key)), on_sent, on_failed)

    def _on_dialog_gone(self) -> None:
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
