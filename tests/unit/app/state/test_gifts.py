"""What a room's gifts allow, refuse and remember."""

from __future__ import annotations

import msgspec
import pytest

from app.errors import RelayRefused, RelayUnreachable
from app.state.gifts import (
    COMBO_MS,
    PACKETS_MAX,
    PRESSES_MAX,
    RED_PACKET_MS,
    Entered,
    Forgiven,
    GiftsState,
    GrabBegun,
    GrabEnded,
    Left,
    PacketCame,
    PacketGone,
    PacketShrank,
    Press,
    Pressed,
    Refused,
    Taken,
    Unanswered,
    WalletRead,
    find_limit,
    halves_passed,
)
from tests.unit.app.state.gift_parts import GIFTS, entered, opened, place, wallet
from wire.errors import ErrorCode
from wire.ids import GiftId, PacketId

PRESS = Press(key="k1", gift_id=GiftId("candy"), count=3, coins=30)
SILENCE = RelayUnreachable("no answer")


@pytest.mark.parametrize(
    ("state", "coins", "refusal"),
    [
        (entered(), 100, None),
        (entered(), 101, "too_few_coins"),
        (entered(user_id="u1"), 1, "own_room"),
        (entered(user_id=""), 1, "guest"),
        (entered(is_live=False), 1, "not_live"),
        (GiftsState(), 1, "not_live"),
        (entered().apply(WalletRead(wallet(limits=(20, None, None)))), 21, "limit"),
        (entered().apply(WalletRead(wallet(limits=(20, None, None)))), 20, None),
    ],
)
def test_gift_when_it_cannot_be_given_then_says_why_without_asking(
    state: GiftsState, coins: int, refusal: str | None
) -> None:
    assert state.find_gift_refusal(coins) == refusal


def test_red_packet_when_in_ones_own_room_then_is_allowed() -> None:
    assert entered(user_id="u1").find_refusal(10) is None


def test_presses_when_under_way_then_their_coins_are_spoken_for() -> None:
    state = entered(coins=100).apply(Pressed(PRESS))
    assert state.find_gift_refusal(70) is None
    assert state.find_gift_refusal(71) == "too_few_coins"


def test_presses_when_too_many_are_under_way_then_the_next_waits() -> None:
    state = entered()
    for number in range(PRESSES_MAX):
        state = state.apply(Pressed(Press(key=str(number), gift_id=GiftId("flower"), coins=1)))
    assert state.find_gift_refusal(1) == "too_fast"


def test_gift_when_taken_then_wallet_and_combo_follow_the_relay() -> None:
    state = entered().apply(Pressed(PRESS)).apply(Taken(PRESS, 70, 6, now_mono_ms=1000))
    assert state.pressed == ()
    assert state.balance_coins == 70
    assert state.wallet is not None
    assert state.wallet.spent_day_coins == 30
    assert state.combo is not None
    assert state.combo.count == 6
    assert state.combo.share_left(1000) == 1.0
    assert state.combo.share_left(1000 + COMBO_MS // 2) == 0.5
    assert state.combo.share_left(1000 + 2 * COMBO_MS) == 0.0


def test_gift_when_refused_then_nothing_is_spent_and_the_reason_is_kept_until_read() -> None:
    error = RelayRefused(ErrorCode.NOT_LIVE, "over")
    state = entered().apply(Pressed(PRESS)).apply(Refused(PRESS, error))
    assert (state.pressed, state.balance_coins, state.error) == ((), 100, error)
    assert state.apply(Forgiven()).error is None


def test_gift_when_nobody_answered_then_the_press_is_kept_with_its_key() -> None:
    state = entered().apply(Pressed(PRESS)).apply(Unanswered(PRESS, SILENCE))
    assert state.unanswered == PRESS
    assert state.apply(Forgiven()).error is SILENCE
    other = Press(key="k2", gift_id=GiftId("flower"), coins=1)
    assert state.apply(Pressed(other)).unanswered == PRESS
    again = state.apply(Pressed(PRESS))
    assert (again.unanswered, again.error, again.pressed) == (None, None, (PRESS,))


def test_room_when_another_is_entered_then_only_the_catalogue_stays() -> None:
    state = entered().apply(Taken(PRESS, 70, 6, 0)).apply(PacketCame(opened(), 0))
    left = state.apply(Left())
    assert left == GiftsState(gifts=GIFTS)
    other = state.apply(Entered(place(user_id="u9")))
    assert (other.combo, other.packets, other.wallet) == (None, (), None)
    same = state.apply(Entered(place(is_live=False)))
    assert same.wallet == state.wallet
    assert same.packets == state.packets


def test_red_packet_when_it_lives_then_shares_fall_and_it_goes() -> None:
    state = entered().apply(PacketCame(opened(), 500))
    (packet,) = state.packets
    assert packet.ends_at_mono_ms == 500 + RED_PACKET_MS
    state = state.apply(PacketShrank(PacketId("p1"), 4)).apply(GrabBegun(PacketId("p1")))
    assert (state.packets[0].shares_left, state.packets[0].is_asked) == (4, True)
    state = state.apply(GrabEnded(PacketId("p1"), 17, 117))
    assert (state.packets[0].own_share, state.packets[0].is_asked) == (17, False)
    assert state.balance_coins == 117
    assert state.apply(PacketGone(PacketId("p1"))).packets == ()


def test_red_packets_when_joined_again_then_list_is_the_relays_and_own_share_stays() -> None:
    state = entered().apply(PacketCame(opened(), 500)).apply(PacketCame(opened("p2"), 500))
    state = state.apply(GrabEnded(PacketId("p1"), 17))
    late = msgspec.structs.replace(opened("p3"), left_ms=12_000)
    listed = (opened("p1", shares=3), late)
    state = state.apply(Entered(place(packets=listed), 1_000))
    assert [one.packet_id for one in state.packets] == ["p1", "p3"]
    assert (state.packets[0].own_share, state.packets[0].shares_left) == (17, 3)
    assert state.packets[0].ends_at_mono_ms == 500 + RED_PACKET_MS
    assert state.packets[1].ends_at_mono_ms == 13_000, "as much as is left of it"


def test_red_packets_when_many_come_then_the_newest_are_kept() -> None:
    state = entered()
    for number in range(PACKETS_MAX + 3):
        state = state.apply(PacketCame(opened(f"p{number}"), 0))
    assert len(state.packets) == PACKETS_MAX
    assert state.packets[-1].packet_id == f"p{PACKETS_MAX + 2}"


def test_limits_when_more_would_be_spent_then_the_first_one_broken_is_named() -> None:
    bounded = wallet(day=80, month=500, limits=(50, 100, 1000))
    assert find_limit(bounded, 20) is None
    assert find_limit(bounded, 51) == "gift"
    assert find_limit(bounded, 21) == "day"
    assert find_limit(bounded, 20, under_way=1) == "day"
    assert find_limit(wallet(month=1000, limits=(None, None, 1000)), 1) == "month"
    assert find_limit(wallet(limits=(None, 0, None)), 1) == "day"


@pytest.mark.parametrize(
    ("was", "now", "spans"),
    [
        ((0, 0), (49, 49), ()),
        ((49, 49), (50, 50), ("day",)),
        ((50, 50), (60, 60), ()),
        ((0, 400), (100, 500), ("day", "month")),
    ],
)
def test_half_of_a_limit_when_passed_then_reminds_once(
    was: tuple[int, int], now: tuple[int, int], spans: tuple[str, ...]
) -> None:
    limits = (None, 100, 1000)
    before = wallet(day=was[0], month=was[1], limits=limits)
    after = wallet(day=now[0], month=now[1], limits=limits)
    assert halves_passed(before, after) == spans
    assert halves_passed(None, after) == ()
