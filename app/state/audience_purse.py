"""What simulated viewers do with their coins, votes and lots. Pure; `chance` is from 0 up to 1."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wire.limits import RED_PACKET_SHARES_MAX

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wire.coin_events import GiftInfo
    from wire.ids import GiftId, PollId

TREAT_COINS_MIN: Final = 20
TREAT_PART: Final = 0.5
"""Of what one has: the most that goes into a red packet."""
TREAT_SHARES_MIN, TREAT_SHARES_MAX = 3, 12
ENTERING_SHARE: Final = 0.85
VOTING_SHARE: Final = 0.9
DELAY_S_MIN: Final = 0.8
DELAY_S_MAX: Final = 14.0
"""By when most have seen that a poll is open."""
GRAB_DELAY_S_MAX: Final = 4.0


@dataclass(frozen=True, slots=True)
class Present:
    gift_id: GiftId
    times: int


def choose_present(
    gifts: Iterable[GiftInfo], coins: int, generosity: float, times: int
) -> Present | None:
    """The dearest gift within what is spent gladly: mostly little, now and then nearly all.

    None where the purse is empty. What fills the stage is given once.
    """
    payable = sorted(
        (gift for gift in gifts if gift.price_coins <= coins), key=lambda gift: gift.price_coins
    )
    if not payable:
        return None
    glad = coins * generosity**2
    gift = next((one for one in reversed(payable) if one.price_coins <= glad), payable[0])
    most = 1 if gift.effect == "stage" else coins // gift.price_coins
    return Present(gift.gift_id, max(1, min(times, most)))


def choose_treat(coins: int, chance: float) -> tuple[int, int] | None:
    """Coins and shares of a red packet; None with too little in the purse."""
    most = int(coins * TREAT_PART)
    if most < TREAT_COINS_MIN:
        return None
    spent = TREAT_COINS_MIN + int(chance * (most - TREAT_COINS_MIN))
    shares = TREAT_SHARES_MIN + int(chance * (TREAT_SHARES_MAX - TREAT_SHARES_MIN + 1))
    return spent, min(shares, spent, RED_PACKET_SHARES_MAX)


def choose_vote(poll_id: PollId, choices: int, chance: float) -> int:
    """One choice is liked most, the next ones ever less; which, the poll itself decides."""
    weights = [1 / (place + 1) for place in range(choices)]
    left = chance * sum(weights)
    favourite = zlib.crc32(poll_id.encode()) % choices
    for place, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return (favourite + place) % choices
    return favourite


def delay_s(ends_in_ms: int, chance: float) -> float:
    """After which somebody votes or enters: early on, and before it is over."""
    last = min(DELAY_S_MAX, ends_in_ms / 1000 * 0.8)
    return max(0.0, min(DELAY_S_MIN, last) + chance**2 * max(0.0, last - DELAY_S_MIN))
