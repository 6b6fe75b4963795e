"""The user's own purse: what is in it, its limits, and its statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from wire import commands, events

if TYPE_CHECKING:
    from app.state.wallet import Limits

_Answer = TypeVar("_Answer", bound=events.Answer)

PAGE: Final = 20
"""Lines of a statement that are asked for at once."""


class Control(Protocol):
    """What a purse needs of the house."""

    async def request(self, command: commands.Command, answer: type[_Answer]) -> _Answer: ...


async def load_wallet(control: Control) -> events.Wallet:
    """This and what follows raise LivehouseError."""
    return await control.request(commands.GetWallet(id=0), events.Wallet)


async def claim_grant(control: Control) -> events.Wallet:
    return await control.request(commands.ClaimGrant(id=0), events.Wallet)


async def set_limits(control: Control, limits: Limits) -> events.Wallet:
    command = commands.SetSpendingLimits(
        id=0,
        limit_gift_coins=limits.gift_coins,
        limit_day_coins=limits.day_coins,
        limit_month_coins=limits.month_coins,
    )
    return await control.request(command, events.Wallet)


async def list_movements(control: Control, cursor: str = "") -> events.Movements:
    """One page; `cursor` is the page before's, empty for the newest."""
    command = commands.ListMovements(id=0, cursor=cursor, limit=PAGE)
    return await control.request(command, events.Movements)
