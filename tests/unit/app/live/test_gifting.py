"""Gifts against a relay whose answers get lost: one key a press, paid once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import LivehouseError, RelayRefused, RelayUnreachable
from app.live.gifting import RETRY_WAITS_S, Gifting
from tests.unit.app.state.gift_parts import GIFTS, ROOM, opened, place, sent, wallet
from wire import coin_commands, coin_events, command_base, room_events
from wire.errors import ErrorCode
from wire.ids import GiftId, PacketId, TransferId

if TYPE_CHECKING:
    from app.state.gifts import GiftsState
    from wire.events import RoomEvent


class FakeRelay:
    """Pays each key once, and loses as many answers as it is told."""

    def __init__(self, coins: int = 100) -> None:
        self.coins = coins
        self.gifts = GIFTS
        self.asked: list[command_base.Command] = []
        self.paid: dict[str, coin_events.GiftAccepted] = {}
        self.lose = 0
        self.refuse: LivehouseError | None = None
        self.listeners: list[Callable[[RoomEvent], None]] = []

    async def request(
        self, command: command_base.Command, _answer: type[Any]
    ) -> Any:  # as the house's
        self.asked.append(command)
        if isinstance(command, coin_commands.ListGifts):
            return coin_events.GiftCatalogue(re=1, gifts=self.gifts)
        if isinstance(command, coin_commands.GetWallet):
            return wallet(self.coins)
        if self.refuse is not None:
            raise self.refuse
        answer = self._answer(command)
        if self.lose:
            self.lose -= 1
            raise RelayUnreachable("the answer was lost")
        return answer

    def _answer(self, command: command_base.Command) -> object:
        if isinstance(command, coin_commands.GrabRedPacket):
            return coin_events.RedPacketShare(re=1, coins=7, balance_coins=self.coins + 7)
        assert isinstance(command, coin_commands.SendGift)
        price = next(gift.price_coins for gift in GIFTS if gift.gift_id == command.gift_id)
        if command.idempotency_key not in self.paid:
            self.coins -= price * command.count
            self.paid[command.idempotency_key] = coin_events.GiftAccepted(
                re=1,
                transfer_id=TransferId(f"t{len(self.paid)}"),
                balance_coins=self.coins,
                combo=len(self.paid) + 1,
            )
        return self.paid[command.idempotency_key]

    def add_room_listener(
        self, _room_id: str, listener: Callable[[RoomEvent], None]
    ) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def keys(self) -> list[str]:
        return [
            one.idempotency_key for one in self.asked if isinstance(one, coin_commands.SendGift)
        ]


class Parts:
    """Gifting with a clock that only the test moves."""

    def __init__(self, relay: FakeRelay) -> None:
        self.slept: list[float] = []
        self.heard: list[RoomEvent] = []
        self.states: list[GiftsState] = []
        numbers = iter(range(1, 1000))
        self.gifting = Gifting(
            relay,
            on_state=self.states.append,
            on_event=self.heard.append,
            new_key=lambda: f"key {next(numbers)}",
            now_ms=lambda: 1000,
            sleep=self._sleep,
        )

    async def _sleep(self, wait_s: float) -> None:
        self.slept.append(wait_s)

    async def settle(self) -> None:
        while self.gifting._tasks:
            await asyncio.gather(*self.gifting._tasks)


@pytest.fixture
def relay() -> FakeRelay:
    return FakeRelay()


async def enter(relay: FakeRelay, user_id: str = "u2") -> Parts:
    parts = Parts(relay)
    parts.gifting.enter(place(user_id))
    await parts.settle()
    return parts


async def test_catalogue_when_the_next_room_is_of_another_house_then_is_that_houses(
    relay: FakeRelay,
) -> None:
    parts = await enter(relay)
    assert parts.gifting.state.gifts == GIFTS
    parts.gifting.leave()
    relay.gifts = GIFTS[:1]
    parts.gifting.enter(place("u2"))
    await parts.settle()
    assert parts.gifting.state.gifts == GIFTS[:1]


async def test_purse_when_a_later_gift_is_answered_first_then_shows_what_is_left(
    relay: FakeRelay,
) -> None:
    parts = await enter(relay)

    async def give_another(_wait_s: float) -> None:
        parts.gifting.send_gift(GiftId("candy"), 3)
        await asyncio.sleep(0)  # asked and answered

    parts.gifting._sleep = give_another
    relay.lose = 1
    parts.gifting.send_gift(GiftId("candy"), 2)
    await parts.settle()
    assert len(relay.paid) == 2
    assert parts.gifting.state.balance_coins == relay.coins < 100


async def test_gift_when_answers_are_lost_then_is_asked_again_with_its_key_and_paid_once(
    relay: FakeRelay,
) -> None:
    parts = await enter(relay)
    relay.lose = 3
    parts.gifting.send_gift(GiftId("candy"), 2)
    await parts.settle()
    assert relay.keys() == ["key 1"] * 4
    assert parts.slept == list(RETRY_WAITS_S[:3])
    assert relay.coins == 80
    assert parts.gifting.state.balance_coins == 80
    assert parts.gifting.state.pressed == ()


async def test_gift_when_nobody_ever_answers_then_only_the_same_key_tries_again(
    relay: FakeRelay,
) -> None:
    parts = await enter(relay)
    relay.lose = len(RETRY_WAITS_S) + 1
    parts.gifting.send_gift(GiftId("candy"), 1)
    await parts.settle()
    state = parts.gifting.state
    assert state.unanswered is not None
    assert isinstance(state.error, RelayUnreachable)
    parts.gifting.try_again()
    await parts.settle()
    assert set(relay.keys()) == {"key 1"}
    assert relay.coins == 90
    assert parts.gifting.state.unanswered is None
    assert parts.gifting.state.error is None


async def test_gifts_when_pressed_twice_then_have_a_key_each_and_count_as_a_combo(
    relay: FakeRelay,
) -> None:
    parts = await enter(relay)
    parts.gifting.send_gift(GiftId("flower"), 1)
    parts.gifting.send_gift(GiftId("flower"), 1)
    await parts.settle()
    assert relay.keys() == ["key 1", "key 2"]
    assert parts.gifting.state.combo is not None
    assert parts.gifting.state.combo.count == 2


async def test_gift_when_refused_then_is_not_asked_again_and_the_purse_is_read_anew(
    relay: FakeRelay,
) -> None:
    parts = await enter(relay)
    relay.refuse = RelayRefused(ErrorCode.NOT_ENOUGH_COINS, "too few")
    relay.coins = 5
    parts.gifting.send_gift(GiftId("candy"), 1)
    await parts.settle()
    assert len(relay.keys()) == 1
    assert parts.gifting.state.error is relay.refuse
    assert parts.gifting.state.balance_coins == 5


@pytest.mark.parametrize("code", [ErrorCode.LOGIN_REQUIRED, ErrorCode.WRONG_STATE])
async def test_gift_when_the_link_is_back_but_not_signed_in_then_waits_for_it(
    relay: FakeRelay, code: ErrorCode
) -> None:
    parts = await enter(relay)
    answers: list[LivehouseError] = [RelayUnreachable("cut"), RelayRefused(code, "soon")]
    ask = relay.request

    async def request(command: command_base.Command, answer: type[Any]) -> Any:  # as the house's
        if isinstance(command, coin_commands.SendGift) and answers:
            relay.asked.append(command)
            raise answers.pop(0)
        return await ask(command, answer)

    relay.request = request  # type: ignore[method-assign] # only in this test
    parts.gifting.send_gift(GiftId("flower"), 1)
    await parts.settle()
    assert relay.keys() == ["key 1"] * 3
    assert parts.gifting.state.error is None


async def test_gift_when_it_needs_no_question_then_nothing_is_asked(relay: FakeRelay) -> None:
    for user_id in ("u1", ""):
        parts = await enter(relay, user_id)
        parts.gifting.send_gift(GiftId("flower"), 1)
    parts = await enter(relay)
    parts.gifting.send_gift(GiftId("castle"), 1)
    parts.gifting.send_gift(GiftId("unknown"), 1)
    assert relay.keys() == []


async def test_answer_when_the_room_was_left_meanwhile_then_changes_nothing_there(
    relay: FakeRelay,
) -> None:
    parts = await enter(relay)
    parts.gifting.send_gift(GiftId("flower"), 1)
    parts.gifting.leave()
    await parts.settle()
    assert relay.coins == 99
    assert parts.gifting.state.wallet is None
    assert relay.listeners == []


async def test_red_packet_when_grabbed_then_share_and_purse_are_known(relay: FakeRelay) -> None:
    parts = await enter(relay)
    relay.listeners[0](opened())
    assert await parts.gifting.grab(PacketId("p1")) == 7
    (packet,) = parts.gifting.state.packets
    assert (packet.own_share, packet.is_asked) == (7, False)
    assert parts.gifting.state.balance_coins == 107
    relay.listeners[0](
        coin_events.RedPacketEnded(room_id=ROOM, packet_id=PacketId("p1"), returned_coins=0)
    )
    assert parts.gifting.state.packets == ()
    assert len(parts.heard) == 2


async def test_red_packet_when_nothing_is_left_then_it_goes_and_says_so(relay: FakeRelay) -> None:
    parts = await enter(relay)
    relay.listeners[0](opened())
    relay.refuse = RelayRefused(ErrorCode.GONE, "over")
    with pytest.raises(RelayRefused):
        await parts.gifting.grab(PacketId("p1"))
    assert parts.gifting.state.packets == ()


async def test_events_when_they_are_no_gifts_then_are_not_handed_on(relay: FakeRelay) -> None:
    parts = await enter(relay)
    relay.listeners[0](room_events.ViewersChanged(room_id=ROOM, viewers=3))
    relay.listeners[0](sent())
    assert parts.heard == [sent()]
