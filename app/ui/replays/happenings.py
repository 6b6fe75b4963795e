"""What happened beside the talk, when it happened: gifts, hearts, polls, draws, announcements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.state.gift_show import ShownGift
from app.state.hearts import OthersTaps
from app.ui.gift_art import gift_name
from app.ui.plain_text import one_line
from wire import chat_events, coin_events, events, round_events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.chat.chat_list import ChatList
    from app.ui.room.stage import Stage

NAMES_MAX = 3


class Happenings(QObject):
    """Shown as they pass; what lies before a jump is not shown again."""

    def __init__(self, stage: Stage, chat: ChatList) -> None:
        super().__init__(stage)
        self._stage = stage
        self._chat = chat
        self._gifts: dict[str, coin_events.GiftInfo] = {}
        self._taps = OthersTaps()
        self._knows_likes = False

    def know_gifts(self, gifts: Sequence[coin_events.GiftInfo]) -> None:
        self._gifts = {one.gift_id: one for one in gifts}

    @property
    def knows_gifts(self) -> bool:
        return bool(self._gifts)

    def begin(self, likes: int | None) -> None:
        """It stands somewhere else; so many hearts there were by then. None: nobody knows."""
        self._stage.gifts.clear()
        self._stage.hearts.clear()
        self._taps.begin(likes or 0)
        self._knows_likes = likes is not None

    def show(self, entries: Sequence[events.TimelineEntry]) -> None:
        """They happen now."""
        for entry in entries:
            event = entry.event
            if isinstance(event, chat_events.LikesCounted) and not self._knows_likes:
                self._taps.begin(event.total)
                self._knows_likes = True
            elif isinstance(event, chat_events.LikesCounted):
                self._stage.hearts.hear(self._taps.hear(event.total))
            elif isinstance(event, coin_events.GiftSent):
                self._show_gift(event)
            else:
                words = self._describe(event)
                if words:
                    self._chat.note(words)

    def _show_gift(self, sent: coin_events.GiftSent) -> None:
        gift = self._gifts.get(sent.gift_id)
        name = gift_name(gift, sent.gift_id)
        key = f"{sent.user_id} {sent.gift_id}"
        self._stage.gifts.offer(
            ShownGift(
                combo_key=key,
                sender=sent.name,
                gift_id=sent.gift_id,
                name=name,
                count=sent.combo,
                value_coins=sent.coins,
                is_stage=gift is not None and gift.effect == "stage",
            )
        )
        words = self.tr("{name} gave {gift}").replace("{gift}", name)
        words = words.replace("{name}", one_line(sent.name))
        if sent.combo > 1:
            words = f"{words} ×{sent.combo:,}"
        self._chat.note(words, key, goes_on=sent.combo > sent.count)

    def _describe(self, event: events.TimelineEvent) -> str:
        """A line for the chat; empty where there is nothing to say."""
        match event:
            case coin_events.RedPacketOpened():
                words = self.tr("{name} sent a red packet").replace("{name}", one_line(event.name))
            case round_events.PollOpened():
                words = self.tr("A poll began: {0}").replace("{0}", one_line(event.poll.question))
            case round_events.PollClosed():
                words = self._describe_poll(event.poll)
            case round_events.DrawOpened():
                words = self.tr("A draw began: {0}").replace("{0}", one_line(event.draw.prize))
            case round_events.DrawClosed():
                names = ", ".join(one_line(one.name) for one in event.winners[:NAMES_MAX])
                words = self.tr("The draw is over. Won: {0}").replace("{0}", names or "–")
            case chat_events.Announced() if event.announcement is not None:
                text = one_line(event.announcement.text)
                words = self.tr("Announcement: {0}").replace("{0}", text)
            case chat_events.MessagePinned() if event.message is not None:
                words = self.tr("Pinned: {0}").replace("{0}", one_line(event.message.text))
            case _:
                words = ""
        return words

    def _describe_poll(self, poll: round_events.PollInfo) -> str:
        votes = max(poll.votes, default=0)
        if not votes or votes not in poll.votes:
            return self.tr("The poll is over.")
        first = one_line(poll.choices[poll.votes.index(votes)])
        return self.tr("The poll is over. First: {0}").replace("{0}", first)
