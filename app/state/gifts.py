"""Gifts, coins and red packets of the room one is in. Frozen; changed only by `apply(change)`.

The relay's word counts; what is refused here is only what needs no question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import msgspec

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from wire.coin_events import GiftInfo, RedPacketOpened, Wallet
    from wire.ids import GiftId, PacketId, RoomId

COMBO_MS: Final = 5000
"""The relay's combo window: pressing again within it counts up."""
RED_PACKET_MS: Final = 60_000
"""How long the relay keeps a red packet open."""
PRESSES_MAX: Final = 16
"""Gifts under way at once; a further press waits for an answer."""
PACKETS_MAX: Final = 5

Refusal = Literal["guest", "own_room", "not_live", "too_few_coins", "limit", "too_fast"]
Span = Literal["day", "month"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where gifts go."""

    room_id: RoomId
    owner_id: str
    user_id: str
    """One's own; empty for a guest."""
    is_live: bool
    red_packets: tuple[RedPacketOpened, ...] = ()
    """As they were when the room was joined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One thing to be done once, however often it is asked: a gift, or a red packet."""

    key: str
    gift_id: GiftId | None = None
    """None for a red packet."""
    count: int = 1
    """Of gifts, or of shares."""
    coins: int


@dataclass(frozen=True, slots=True)
class Combo:
    gift_id: GiftId
    count: int
    until_mono_ms: int

    def share_left(self, now_mono_ms: int) -> float:
        """Of the time to press again, from 1 to 0."""
        return min(1.0, max(0.0, (self.until_mono_ms - now_mono_ms) / COMBO_MS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A red packet that floats over the stage."""

    packet_id: PacketId
    giver: str
    coins: int
    shares_left: int
    ends_at_mono_ms: int
    is_asked: bool = False
    """A grab is under way."""
    own_share: int | None = None


# --- changes --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entered:
    """The room was joined, or something about it is other than before."""

    place: Place
    now_mono_ms: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    pass


@dataclass(frozen=True, slots=True)
class Catalogued:
    gifts: tuple[GiftInfo, ...]


@dataclass(frozen=True, slots=True)
class WalletRead:
    wallet: Wallet


@dataclass(frozen=True, slots=True)
class Pressed:
    press: Press


@dataclass(frozen=True, slots=True)
class Taken:
    """The relay has it on disk."""

    press: Press
    balance_coins: int
    combo: int
    now_mono_ms: int


@dataclass(frozen=True, slots=True)
class Refused:
    """By the relay; nothing was spent."""

    press: Press
    error: LivehouseError


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nobody knows whether it was done: only the same key may be used to ask again."""

    press: Press
    error: LivehouseError


@dataclass(frozen=True, slots=True)
class PacketCame:
    opened: RedPacketOpened
    now_mono_ms: int


@dataclass(frozen=True, slots=True)
class PacketShrank:
    packet_id: PacketId
    shares_left: int


@dataclass(frozen=True, slots=True)
class PacketGone:
    packet_id: PacketId


@dataclass(frozen=True, slots=True)
class GrabBegun:
    packet_id: PacketId


@dataclass(frozen=True, slots=True)
class GrabEnded:
    """With a share, or without where `coins` is None."""

    packet_id: PacketId
    coins: int | None = None
    balance_coins: int | None = None


@dataclass(frozen=True, slots=True)
class Forgiven:
    """The words about the last refusal were read."""


Change = (
    Entered
    | Left
    | Catalogued
    | WalletRead
    | Pressed
    | Taken
    | Refused
    | Unanswered
    | PacketCame
    | PacketShrank
    | PacketGone
    | GrabBegun
    | GrabEnded
    | Forgiven
)


@dataclass(frozen=True, slots=True)
class GiftsState:
    place: Place | None = None
    gifts: tuple[GiftInfo, ...] = ()
    wallet: Wallet | None = None
    combo: Combo | None = None
    pressed: tuple[Press, ...] = ()
    """Under way."""
    unanswered: Press | None = None
    error: LivehouseError | None = None
    """Why the last press was refused or not answered."""
    packets: tuple[Packet, ...] = ()

    @property
    def balance_coins(self) -> int:
        return self.wallet.balance_coins if self.wallet is not None else 0

    def find_gift(self, gift_id: str) -> GiftInfo | None:
        return next((gift for gift in self.gifts if gift.gift_id == gift_id), None)

    def find_refusal(self, coins: int) -> Refusal | None:
        """Why spending `coins` here would be refused, as far as it is known."""
        place, wallet = self.place, self.wallet
        if place is None or not place.is_live:
            return "not_live"
        if not place.user_id:
            return "guest"
        if len(self.pressed) >= PRESSES_MAX:
            return "too_fast"
        if wallet is None:
            return None
        under_way = sum(press.coins for press in self.pressed)
        if coins + under_way > wallet.balance_coins:
            return "too_few_coins"
        return "limit" if find_limit(wallet, coins, under_way) is not None else None

    def find_gift_refusal(self, coins: int) -> Refusal | None:
        """The same for a gift: it goes to the room's owner, who cannot be oneself."""
        refusal = self.find_refusal(coins)
        place = self.place
        is_own = place is not None and bool(place.user_id) and place.user_id == place.owner_id
        return "own_room" if is_own else refusal

    def apply(self, change: Change) -> GiftsState:
        match change:
            case Entered(place, now_mono_ms):
                return self._enter(place, now_mono_ms)
            case Left():
                return GiftsState(gifts=self.gifts)
            case Pressed() | Taken() | Refused() | Unanswered():
                return self._apply_press(change)
            case Catalogued() | WalletRead() | Forgiven():
                return self._apply_read(change)
            case _:
                return self._apply_packet(change)

    def _apply_read(self, change: Catalogued | WalletRead | Forgiven) -> GiftsState:
        match change:
            case Catalogued(gifts):
                return replace(self, gifts=gifts)
            case WalletRead(wallet):
                return replace(self, wallet=wallet)
            case Forgiven():
                return replace(self, error=None) if self.unanswered is None else self

    def _enter(self, place: Place, now_mono_ms: int) -> GiftsState:
        before = self.place
        if before is None or before.room_id != place.room_id or before.user_id != place.user_id:
            packets = _merge((), place.red_packets, now_mono_ms)
            return GiftsState(place=place, gifts=self.gifts, packets=packets)
        packets = self.packets
        if before.red_packets != place.red_packets:
            packets = _merge(packets, place.red_packets, now_mono_ms)
        return replace(self, place=place, packets=packets)

    def _apply_press(self, change: Pressed | Taken | Refused | Unanswered) -> GiftsState:
        press = change.press
        others = tuple(one for one in self.pressed if one.key != press.key)
        match change:
            case Pressed():
                is_again = self.unanswered is not None and self.unanswered.key == press.key
                left = None if is_again else self.unanswered
                error = self.error if left is not None else None
                return replace(self, pressed=(*others, press), unanswered=left, error=error)
            case Taken():
                combo = self.combo
                if press.gift_id is not None:
                    until = change.now_mono_ms + COMBO_MS
                    combo = Combo(press.gift_id, change.combo, until)
                wallet = self.wallet and _spend(self.wallet, press.coins, change.balance_coins)
                return replace(self, pressed=others, combo=combo, wallet=wallet)
            case Refused(error=error):
                return replace(self, pressed=others, error=error)
            case Unanswered(error=error):
                return replace(self, pressed=others, unanswered=press, error=error)

    def _apply_packet(self, change: Change) -> GiftsState:
        packets = self.packets
        match change:
            case PacketCame(opened, now):
                packet = _packet(opened, now)
                packets = (*_without(packets, opened.packet_id), packet)[-PACKETS_MAX:]
            case PacketShrank(packet_id, shares_left):
                packets = _change(packets, packet_id, lambda p: replace(p, shares_left=shares_left))
            case PacketGone(packet_id):
                packets = _without(packets, packet_id)
            case GrabBegun(packet_id):
                packets = _change(packets, packet_id, lambda p: replace(p, is_asked=True))
            case GrabEnded(packet_id, coins):
                packets = _change(
                    packets, packet_id, lambda p: replace(p, is_asked=False, own_share=coins)
                )
                return replace(self, packets=packets, wallet=self._wallet_after(change))
            case _:
                pass
        return replace(self, packets=packets)

    def _wallet_after(self, grab: GrabEnded) -> Wallet | None:
        if self.wallet is None or grab.balance_coins is None:
            return self.wallet
        return msgspec.structs.replace(self.wallet, balance_coins=grab.balance_coins)


def find_limit(wallet: Wallet, coins: int, under_way: int = 0) -> Literal["gift"] | Span | None:
    """Which of the user's own limits `coins` more would break."""
    limits: tuple[tuple[Literal["gift"] | Span, int | None, int], ...] = (
        ("gift", wallet.limit_gift_coins, coins),
        ("day", wallet.limit_day_coins, wallet.spent_day_coins + under_way + coins),
        ("month", wallet.limit_month_coins, wallet.spent_month_coins + under_way + coins),
    )
    return next(
        (name for name, limit, spent in limits if limit is not None and spent > limit), None
    )


def halves_passed(before: Wallet | None, after: Wallet | None) -> tuple[Span, ...]:
    """The limits whose half was reached between the two."""
    if before is None or after is None:
        return ()
    spans: tuple[tuple[Span, int | None, int, int], ...] = (
        ("day", after.limit_day_coins, before.spent_day_coins, after.spent_day_coins),
        ("month", after.limit_month_coins, before.spent_month_coins, after.spent_month_coins),
    )
    return tuple(
        span for span, limit, was, now in spans if limit is not None and 2 * was < limit <= 2 * now
    )


def _spend(wallet: Wallet, coins: int, balance_coins: int) -> Wallet:
    return msgspec.structs.replace(
        wallet,
        balance_coins=balance_coins,
        spent_day_coins=wallet.spent_day_coins + coins,
        spent_month_coins=wallet.spent_month_coins + coins,
    )


def _packet(opened: RedPacketOpened, now_mono_ms: int) -> Packet:
    return Packet(
        packet_id=opened.packet_id,
        giver=opened.name,
        coins=opened.coins,
        shares_left=opened.shares,
        ends_at_mono_ms=now_mono_ms + opened.left_ms,
    )


def _change(
    packets: tuple[Packet, ...], packet_id: PacketId, change: Callable[[Packet], Packet]
) -> tuple[Packet, ...]:
    return tuple(change(one) if one.packet_id == packet_id else one for one in packets)


def _without(packets: tuple[Packet, ...], packet_id: PacketId) -> tuple[Packet, ...]:
    return tuple(packet for packet in packets if packet.packet_id != packet_id)


def _merge(
    known: tuple[Packet, ...], listed: tuple[RedPacketOpened, ...], now_mono_ms: int
) -> tuple[Packet, ...]:
    """What the relay says after (another) join; what is known of each stays."""
    by_id = {packet.packet_id: packet for packet in known}

    def merge(opened: RedPacketOpened) -> Packet:
        before = by_id.get(opened.packet_id)
        if before is None:
            return _packet(opened, now_mono_ms)
        return replace(before, shares_left=opened.shares, is_asked=False)

    return tuple(merge(one) for one in listed)[-PACKETS_MAX:]
