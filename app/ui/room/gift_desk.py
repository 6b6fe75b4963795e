"""All of a room's giving in one: bar, popups, red packets and effects, joined to the loop."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.live.gifting import Gifting
from app.state import preferences
from app.state.gift_show import ShownGift
from app.state.gifts import GiftsState, Place, halves_passed
from app.ui.errors_in_words import explain
from app.ui.gift_art import gift_name
from app.ui.room.gift_bar import GiftBar
from app.ui.room.gift_popup import GiftPopup
from app.ui.room.gift_words import gift_line, half_words, packet_line, share_words
from app.ui.room.givers_popup import GiversPopup
from app.ui.room.packet_chips import PacketChips
from app.ui.toast import tell
from wire import coin_events, events
from wire.ids import GiftId, PacketId

if TYPE_CHECKING:
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.state.room import RoomState
    from app.ui.door import Door
    from app.ui.room.chat_panel import ChatPanel
    from app.ui.room.stage import Stage
    from app.ui.room.viewer_choices import ViewerChoices
    from wire.command_base import GiverSpan


class GiftDesk(QObject):
    """Made on the GUI thread; `bar` is for the page to place."""

    wallet_wanted = Signal()

    def __init__(
        self,
        house: House,
        loop: LoopThread,
        door: Door,
        *,
        stage: Stage,
        chat: ChatPanel,
        choices: ViewerChoices,
    ) -> None:
        super().__init__(stage)
        self._house = house
        self._loop = loop
        self._door = door
        self._stage = stage
        self._chat = chat
        self._choices = choices
        self._state = GiftsState()
        self._place: Place | None = None
        self.bar = GiftBar()
        self.popup = GiftPopup(self.bar)
        self.givers = GiversPopup(self.bar)
        self.chips = PacketChips(stage)
        self._gifting = Gifting(
            house,
            on_state=lambda state: door.post(self.render_state, state),
            on_event=lambda event: door.post(self.on_event, event),
        )
        self._connect()

    def begin_with(self, chosen: preferences.Preferences) -> None:
        """As it was left."""
        self._set_effects(is_on=bool(chosen.get(preferences.GIFT_EFFECTS_ON)))

    def render_room(self, room: RoomState) -> None:
        """From the page, at every state of the room."""
        place = _place_of(room, self._house)
        if place == self._place:
            return
        self._place = place
        if place is None:
            self._loop.call(self._gifting.leave)
        else:
            self._loop.call(self._gifting.enter, place)

    def render_state(self, state: GiftsState) -> None:
        before, self._state = self._state, state
        self.bar.render_state(state)
        self.popup.render_state(state)
        self.chips.render_state(state)
        if before.place is not None and state.place is not None:
            for span in halves_passed(before.wallet, state.wallet):
                tell(self.bar, half_words(span), "info")

    def on_event(self, event: events.RoomEvent) -> None:
        """Something was given."""
        match event:
            case coin_events.GiftSent():
                key, goes_on = f"{event.user_id} {event.gift_id}", event.combo > event.count
                self._chat.note(gift_line(event, self._state), key, goes_on=goes_on)
                self._stage.gifts.offer(self._shown(event))
                self._stage.wake()
            case coin_events.RedPacketOpened():
                self._chat.note(packet_line(event.name, event.coins))
            case _:
                pass

    def retranslate(self) -> None:
        for part in (self.bar, self.popup, self.givers):
            part.retranslate()
        self.chips.render_state(self._state)

    def _connect(self) -> None:
        gifting, popup = self._gifting, self.popup
        self.bar.gifts_wanted.connect(lambda: popup.pop_up_above(self.bar))
        self.bar.givers_wanted.connect(lambda: self.givers.pop_up_above(self.bar.givers))
        popup.shown.connect(self._on_popup_shown)
        popup.gift_wanted.connect(
            lambda gift_id, count: self._loop.call(gifting.send_gift, GiftId(gift_id), count)
        )
        popup.packet_wanted.connect(
            lambda coins, shares: self._loop.call(gifting.send_red_packet, coins, shares)
        )
        popup.again_wanted.connect(lambda: self._loop.call(gifting.try_again))
        popup.grant_wanted.connect(lambda: self._loop.call(gifting.claim_grant))
        popup.wallet_wanted.connect(self.wallet_wanted)
        popup.effects_toggled.connect(self._on_effects)
        self.givers.wanted.connect(self._on_givers_wanted)
        self.chips.grabbed.connect(self._on_grab)

    def _on_popup_shown(self) -> None:
        """Old words are gone, and the purse may have changed elsewhere."""
        self._loop.call(self._gifting.forgive)
        self._loop.call(self._gifting.refresh)

    def _on_effects(self, is_on: bool) -> None:  # noqa: FBT001 # a slot
        self._set_effects(is_on=is_on)
        self._choices.put(preferences.GIFT_EFFECTS_ON, is_on)

    def _set_effects(self, *, is_on: bool) -> None:
        self.popup.show_effects(is_on=is_on)
        self._stage.gifts.set_on(is_on=is_on)
        self._stage.update()

    def _on_givers_wanted(self, span: GiverSpan) -> None:
        self._door.deliver(
            self._loop.submit(self._gifting.list_givers(span)),
            partial(self.givers.show_givers, span),
            lambda error: self.givers.show_failure(explain(error)),
        )

    def _on_grab(self, packet_id: str) -> None:
        names = (one.giver for one in self._state.packets if one.packet_id == packet_id)
        giver = next(names, "")
        self._door.deliver(
            self._loop.submit(self._gifting.grab(PacketId(packet_id))),
            lambda coins: tell(self.bar, share_words(giver, coins), "good"),
            lambda error: tell(self.bar, explain(error), "bad"),
        )

    def _shown(self, sent: coin_events.GiftSent) -> ShownGift:
        gift = self._state.find_gift(sent.gift_id)
        place = self._state.place
        return ShownGift(
            combo_key=f"{sent.user_id} {sent.gift_id}",
            sender=sent.name,
            gift_id=sent.gift_id,
            name=gift_name(gift, sent.gift_id),
            count=sent.combo,
            value_coins=sent.coins,
            is_stage=gift is not None and gift.effect == "stage",
            is_own=place is not None and place.user_id == sent.user_id,
        )


def _place_of(room: RoomState, house: House) -> Place | None:
    if room.phase != "joined" or room.room is None:
        return None
    return Place(
        room_id=room.room.room_id,
        owner_id=room.room.owner.user_id,
        user_id=house.own_user_id() if room.role != "guest" else "",
        is_live=room.broadcast is not None,
        red_packets=room.red_packets,
    )
