"""The user's own purse: what is in it, its limits, and its statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from wire import coin_commands, coin_events, command_base, event_base

if TYPE_CHECKING:
    from app.state.wallet import Limits

_Answer = TypeVar("_Answer", bound=event_base.Answer)

PAGE: Final = 20
"""Lines of a statement that are asked for at once."""


class Control(Protocol):
    """What a purse needs of the house."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


async def load_wallet(control: Control) -> coin_events.Wallet:
    """This and what follows raise LivehouseError."""
    return await control.request(coin_commands.GetWallet(id=0), coin_events.Wallet)


async def claim_grant(control: Control) -> coin_events.Wallet:
    return await control.request(coin_commands.ClaimGrant(id=0), coin_events.Wallet)


async def set_limits(control: Control, limits: Limits) -> coin_events.Wallet:
    command = coin_commands.SetSpendingLimits(
        id=0,
        limit_gift_coins=limits.gift_coins,
        limit_day_coins=limits.day_coins,
        limit_month_coins=limits.month_coins,
    )
    return await control.request(command, coin_events.Wallet)


async def list_movements(control: Control, cursor: str = "") -> coin_events.Movements:
    """One page; `cursor` is the page before's, empty for the newest."""
    command = coin_commands.ListMovements(id=0, cursor=cursor, limit=PAGE)
    return await control.request(command, coin_events.Movements)
