"""The purse's questions to the relay."""

from __future__ import annotations

from typing import Any

from app.live.wallet import PAGE, claim_grant, list_movements, load_wallet, set_limits
from app.state.wallet import Limits
from tests.unit.app.state.gift_parts import wallet
from wire import coin_commands, coin_events, command_base


class FakeControl:
    def __init__(self) -> None:
        self.asked: list[command_base.Command] = []

    async def request(self, command: command_base.Command, answer: type[Any]) -> Any:
        self.asked.append(command)
        return wallet() if answer is coin_events.Wallet else answer(re=1, movements=())


async def test_wallet_when_asked_for_then_each_question_is_the_wires() -> None:
    control = FakeControl()
    assert await load_wallet(control) == wallet()
    assert await claim_grant(control) == wallet()
    await set_limits(control, Limits(gift_coins=0, day_coins=None, month_coins=9))
    assert (await list_movements(control, "older")).movements == ()
    assert control.asked == [
        coin_commands.GetWallet(id=0),
        coin_commands.ClaimGrant(id=0),
        coin_commands.SetSpendingLimits(id=0, limit_gift_coins=0, limit_month_coins=9),
        coin_commands.ListMovements(id=0, cursor="older", limit=PAGE),
    ]
