"""Giving in a room: gifts, red packets and the purse they come from.

Each press has one key. It is asked again with that key until the relay has answered, however often
the answer is lost, so that nothing is paid twice; where the relay stays silent the press is kept,
and only `try_again` may ask for it once more.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from app.errors import LivehouseError, RelayRefused
from app.state import gifts as state
from wire import coin_commands, coin_events, command_base, event_base, events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from wire.ids import GiftId, PacketId

_Answer = TypeVar("_Answer", bound=event_base.Answer)

RETRY_WAITS_S: Final = (0.3, 1.0, 2.0, 4.0, 8.0)
"""Between the askings of one press; then the user is asked."""
STATE_INTERVAL_S: Final = 0.05
_PASSING: Final = frozenset({ErrorCode.BUSY, ErrorCode.TIMED_OUT, ErrorCode.SHUTTING_DOWN})
_AFTER_A_CUT: Final = frozenset({ErrorCode.LOGIN_REQUIRED, ErrorCode.WRONG_STATE})
"""The link is back, but not signed in or not in the room again yet."""


class Control(Protocol):
    """What giving needs of the house."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...

    def add_room_listener(
        self, room_id: str, listener: Callable[[events.RoomEvent], None]
    ) -> Callable[[], None]: ...


def make_key() -> str:
    return uuid.uuid4().hex


def monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


async def ask_until_answered(
    control: Control,
    command: command_base.Command,
    answer: type[_Answer],
    sleep: Callable[[float], Awaitable[None]],
) -> _Answer:
    """Only for commands with an idempotency key. Raises RelayRefused, or what the last one did."""
    is_cut = False
    for wait_s in RETRY_WAITS_S:
        try:
            return await control.request(command, answer)
        except RelayRefused as error:
            if error.code not in _PASSING and not (is_cut and error.code in _AFTER_A_CUT):
                raise
            wait_s = max(wait_s, (error.retry_after_ms or 0) / 1000)  # noqa: PLW2901 # the relay's wish
        except LivehouseError:
            is_cut = True
        await sleep(wait_s)
    return await control.request(command, answer)


def is_open(error: LivehouseError) -> bool:
    """Whether nobody knows what became of it."""
    return not isinstance(error, RelayRefused) or error.code in _PASSING


class Gifting:
    """Made on any thread; every method is called on the loop, and so are the sinks."""

    def __init__(
        self,
        control: Control,
        *,
        on_state: Callable[[state.GiftsState], None],
        on_event: Callable[[events.RoomEvent], None],
        new_key: Callable[[], str] = make_key,
        now_ms: Callable[[], int] = monotonic_ms,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._control = control
        self._on_state = on_state
        self._on_event = on_event
        self._new_key = new_key
        self._now_ms = now_ms
        self._sleep = sleep
        self._end_listening: Callable[[], None] = lambda: None
        self._tasks: set[asyncio.Task[None]] = set()
        self._post_due: asyncio.TimerHandle | None = None
        self._asked_again: set[str] = set()
        """Presses and packets. Their answers tell of the purse as it was when it was done, which
        may be before what is known of it by now."""
        self.state = state.GiftsState()

    def enter(self, place: state.Place) -> None:
        """Be in this room, or hear that something about it changed."""
        before = self.state.place
        self._apply(state.Entered(place, self._now_ms()))
        if before is None or before.room_id != place.room_id:
            self._end_listening()
            self._end_listening = self._control.add_room_listener(place.room_id, self._hear)
        if before is None or (before.room_id, before.user_id) != (place.room_id, place.user_id):
            self.refresh()

    def leave(self) -> None:
        """What is under way is still asked to its end: it may be paid already."""
        self._end_listening()
        self._end_listening = lambda: None
        self._asked_again.clear()
        self._apply(state.Left())

    def refresh(self) -> None:
        """Ask for the catalogue, which its keepers change and each house has its own of, and for
        the purse."""
        self._start(self._refresh())

    def send_gift(self, gift_id: GiftId, count: int) -> None:
        gift = self.state.find_gift(gift_id)
        if gift is None or self.state.find_gift_refusal(gift.price_coins * count) is not None:
            return
        self._begin(
            state.Press(
                key=self._new_key(),
                gift_id=gift_id,
                count=count,
                coins=gift.price_coins * count,
            )
        )

    def send_red_packet(self, coins: int, shares: int) -> None:
        if self.state.find_refusal(coins) is None:
            self._begin(state.Press(key=self._new_key(), count=shares, coins=coins))

    def try_again(self) -> None:
        """The same press with the same key."""
        if self.state.unanswered is not None:
            self._begin(self.state.unanswered)

    def forgive(self) -> None:
        self._apply(state.Forgiven())

    def claim_grant(self) -> None:
        self._start(self._read_wallet(coin_commands.ClaimGrant(id=0)))

    async def grab(self, packet_id: PacketId) -> int:
        """The coins of one's share. Raises LivehouseError."""
        place = self.state.place
        if place is None:
            raise RelayRefused(ErrorCode.WRONG_STATE, "not in a room")
        command = coin_commands.GrabRedPacket(id=0, room_id=place.room_id, packet_id=packet_id)
        self._apply(state.GrabBegun(packet_id))
        ended = state.GrabEnded(packet_id)
        try:
            share = await ask_until_answered(
                self._control, command, coin_events.RedPacketShare, partial(self._rest, packet_id)
            )
            ended = state.GrabEnded(packet_id, share.coins, share.balance_coins)
        except RelayRefused as error:
            if error.code is ErrorCode.GONE:
                self._apply(state.PacketGone(packet_id))
            raise
        finally:
            self._apply(ended)
            self._look_again(packet_id)
        return share.coins

    async def list_givers(self, span: command_base.GiverSpan) -> tuple[coin_events.Giver, ...]:
        """Raises LivehouseError."""
        place = self.state.place
        if place is None:
            return ()
        command = coin_commands.ListGivers(id=0, room_id=place.room_id, span=span)
        return (await self._control.request(command, coin_events.Givers)).givers

    # --- within -----------------------------------------------------------------------------------

    def _hear(self, event: events.RoomEvent) -> None:
        change: state.Change | None = None
        match event:
            case coin_events.RedPacketOpened():
                change = state.PacketCame(event, self._now_ms())
            case coin_events.RedPacketGrabbed():
                change = state.PacketShrank(event.packet_id, event.shares_left)
            case coin_events.RedPacketEnded():
                change = state.PacketGone(event.packet_id)
            case coin_events.GiftSent():
                pass
            case _:
                return
        if change is not None:
            self._apply(change)
        self._on_event(event)

    def _begin(self, press: state.Press) -> None:
        place = self.state.place
        if place is not None:
            self._apply(state.Pressed(press))
            self._start(self._give(press, place))

    async def _give(self, press: state.Press, place: state.Place) -> None:
        try:
            taken = await self._ask(press, place)
        except LivehouseError as error:
            is_unknown = is_open(error)
            change: state.Change = (
                state.Unanswered(press, error) if is_unknown else state.Refused(press, error)
            )
            if self._is_at(place):
                self._apply(change)
                if not is_unknown:
                    self.refresh()  # what was known of the purse was not right
            return
        if self._is_at(place):
            self._apply(taken)
            self._look_again(press.key)

    async def _rest(self, key: str, wait_s: float) -> None:
        self._asked_again.add(key)
        await self._sleep(wait_s)

    def _look_again(self, key: str) -> None:
        """Into the purse, where what was answered may be old."""
        if key in self._asked_again:
            self._asked_again.discard(key)
            self.refresh()

    async def _ask(self, press: state.Press, place: state.Place) -> state.Taken:
        rest = partial(self._rest, press.key)
        if press.gift_id is None:
            packet = await ask_until_answered(
                self._control,
                coin_commands.SendRedPacket(
                    id=0,
                    room_id=place.room_id,
                    coins=press.coins,
                    shares=press.count,
                    idempotency_key=press.key,
                ),
                coin_events.RedPacketAccepted,
                rest,
            )
            return state.Taken(press, packet.balance_coins, 0, self._now_ms())
        gift = await ask_until_answered(
            self._control,
            coin_commands.SendGift(
                id=0,
                room_id=place.room_id,
                gift_id=press.gift_id,
                count=press.count,
                idempotency_key=press.key,
            ),
            coin_events.GiftAccepted,
            rest,
        )
        return state.Taken(press, gift.balance_coins, gift.combo, self._now_ms())

    def _is_at(self, place: state.Place) -> bool:
        """Whether an answer still concerns what is shown."""
        now = self.state.place
        return now is not None and (now.room_id, now.user_id) == (place.room_id, place.user_id)

    async def _refresh(self) -> None:
        with contextlib.suppress(LivehouseError):  # the link's own words say why
            answer = await self._control.request(
                coin_commands.ListGifts(id=0), coin_events.GiftCatalogue
            )
            self._apply(state.Catalogued(answer.gifts))
        await self._read_wallet(coin_commands.GetWallet(id=0))

    async def _read_wallet(
        self, command: coin_commands.GetWallet | coin_commands.ClaimGrant
    ) -> None:
        place = self.state.place
        if place is None or not place.user_id:
            return
        with contextlib.suppress(LivehouseError):
            wallet = await self._control.request(command, coin_events.Wallet)
            if self._is_at(place):
                self._apply(state.WalletRead(wallet))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _apply(self, change: state.Change) -> None:
        before, self.state = self.state, self.state.apply(change)
        if self._post_due is None and self.state != before:
            loop = asyncio.get_running_loop()
            self._post_due = loop.call_later(STATE_INTERVAL_S, self._post)

    def _post(self) -> None:
        self._post_due = None
        self._on_state(self.state)
