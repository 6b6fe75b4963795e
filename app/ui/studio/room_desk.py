"""What is asked of one's own room from Studio: its settings, its link, its chat and its rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.errors_in_words import explain
from app.ui.keeping.words import describe_done
from app.ui.share_panel import SharePanel
from app.ui.studio.round_dialog import DrawDialog, PollDialog
from app.ui.toast import tell
from wire import coin_commands, coin_events

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.errors import LivehouseError
    from app.state.studio import StudioState
    from app.state.studio_events import Privacy
    from app.ui.studio.room_panel import RoomPanel
    from app.ui.studio.studio_chat import StudioChat
    from app.ui.studio.studio_desk import StudioDesk
    from app.ui.studio.studio_head import StudioHead
    from app.ui.studio.thanks_panel import ThanksPanel
    from wire.command_base import Command


class RoomDesk(QObject):
    """Between the panels of the page and the session's room."""

    def __init__(
        self,
        page: QWidget,
        desk: StudioDesk,
        *,
        head: StudioHead,
        room: RoomPanel,
        chat: StudioChat,
        thanks: ThanksPanel,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._desk = desk
        self._head = head
        self._room = room
        self._chat = chat
        self._thanks = thanks
        self._share = SharePanel(page)
        self._may_renew = False
        room.saved.connect(self._on_saved)
        room.cover.wanted.connect(self._on_cover)
        room.cover.removed.connect(lambda: self._on_cover(None))
        head.share_button.clicked.connect(lambda: self._make_link(is_new=False))
        self._share.renew_wanted.connect(lambda: self._make_link(is_new=True))
        chat.said.connect(self._on_said)
        chat.poll_wanted.connect(self._on_poll)
        chat.draw_wanted.connect(self._on_draw)
        chat.wanted.connect(self._on_keep_wanted)
        thanks.wanted.connect(self._on_thanks_wanted)

    def render_state(self, state: StudioState) -> None:
        self._may_renew = state.privacy == "invite"

    def _on_saved(
        self, title: str, category: str, privacy: Privacy, passphrase: str, away_s: int
    ) -> None:
        def on_saved() -> None:
            self._room.end_saving(title, category, passphrase)
            tell(self._page, self.tr("The room is saved."), "good")

        self._desk.run(
            lambda session: session.room.edit(title, category, privacy, passphrase, away_s=away_s),
            lambda _: on_saved(),
        )

    def _on_cover(self, picture: bytes | None) -> None:
        words = self.tr("The cover is set.") if picture else self.tr("The cover is gone.")
        self._desk.run(
            lambda session: session.room.set_cover(picture),
            lambda _: tell(self._page, words, "good"),
        )

    def _make_link(self, *, is_new: bool) -> None:
        may_renew = self._may_renew

        def show(link: object) -> None:
            self._share.pop_up_below(self._head.share_button, str(link), may_renew=may_renew)

        self._desk.run(lambda session: session.room.make_invite_link(is_new=is_new), show)

    def _on_said(self, text: str) -> None:
        reply_to = self._chat.reply_to
        if self._desk.session is None:
            self._chat.end_saying(text, is_taken=False)
            return

        def on_refused(error: LivehouseError) -> None:
            self._chat.end_saying(text, is_taken=False)
            tell(self._page, explain(error), "bad")

        self._desk.run(
            lambda session: session.room.say(text, reply_to),
            lambda _: self._chat.end_saying(text, is_taken=True),
            on_refused,
        )

    def _on_thanks_wanted(self) -> None:
        house, thanks = self._desk.house, self._thanks
        if house.own_user_id():
            listed = house.request(coin_commands.ListGifts(id=0), coin_events.GiftCatalogue)
            read = house.request(coin_commands.GetWallet(id=0), coin_events.Wallet)
            deliver, submit = self._desk.door.deliver, self._desk.loop.submit
            deliver(submit(listed), thanks.show_catalogue, lambda _error: None)
            deliver(submit(read), thanks.show_wallet, lambda _error: None)

    def _on_poll(self) -> None:
        dialog = PollDialog(self._page)
        dialog.chosen.connect(
            lambda question, choices, seconds: self._desk.run(
                lambda session: session.room.open_poll(question, choices, seconds)
            )
        )
        dialog.open()

    def _on_draw(self) -> None:
        dialog = DrawDialog(self._page)
        dialog.chosen.connect(
            lambda prize, winners, seconds: self._desk.run(
                lambda session: session.room.open_draw(prize, winners, seconds)
            )
        )
        dialog.open()

    def _on_keep_wanted(self, command: Command) -> None:
        self._desk.run(
            lambda session: session.room.keep(command),
            lambda _: self._tell_done(command),
            self._on_keep_refused,
        )

    def _tell_done(self, command: Command) -> None:
        words = describe_done(command)
        if words:
            tell(self._page, words, "good")

    def _on_keep_refused(self, error: LivehouseError) -> None:
        self._chat.keep.on_refused()
        tell(self._page, explain(error), "bad")
