"""The use cases of coins, gifts and red packets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from server.ledger.rules import SpendingLimits
from wire import coin_commands, command_base, events
from wire.errors import ErrorCode, WireError
from wire.permissions import Action, require

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.accounts.actor import Login
    from server.gateway.control_state import ControlState
    from wire.event_base import Answer
    from wire.ids import RoomId


async def _list_gifts(state: ControlState, _command: coin_commands.ListGifts) -> Answer:
    return state.services.gifts.catalogue()


async def _send_gift(state: ControlState, command: coin_commands.SendGift) -> Answer:
    login = await _require_member(state, command.room_id, Action.GIVE)
    owner_id = await state.services.rooms.owner_of(command.room_id)
    accepted = await state.services.gifts.send(login, command, owner_id=owner_id)
    coins = state.services.gifts.price_of(command.gift_id) * command.count
    await state.services.discovery.acts.note("gave", login.user.user_id, command.room_id, coins)
    return accepted


async def _get_wallet(state: ControlState, _command: coin_commands.GetWallet) -> Answer:
    return await state.services.ledger.wallet(state.actor.require_login().user.user_id)


async def _claim_grant(state: ControlState, _command: coin_commands.ClaimGrant) -> Answer:
    return await state.services.ledger.claim_grant(state.actor.require_login().user.user_id)


async def _set_spending_limits(
    state: ControlState, command: coin_commands.SetSpendingLimits
) -> Answer:
    return await state.services.ledger.set_limits(
        state.actor.require_login().user.user_id,
        SpendingLimits(
            gift_coins=command.limit_gift_coins,
            day_coins=command.limit_day_coins,
            month_coins=command.limit_month_coins,
        ),
    )


async def _list_movements(state: ControlState, command: coin_commands.ListMovements) -> Answer:
    user_id = state.actor.require_login().user.user_id
    return await state.services.ledger.movements(
        user_id, cursor=command.cursor, limit=command.limit
    )


async def _list_givers(state: ControlState, command: coin_commands.ListGivers) -> Answer:
    await _require_inside(state, command.room_id)
    live = state.services.live.broadcast(command.room_id)
    return await state.services.ledger.givers(
        command.room_id, command.span, live=live.broadcast_id if live else None
    )


async def _send_red_packet(state: ControlState, command: coin_commands.SendRedPacket) -> Answer:
    login = await _require_member(state, command.room_id, Action.GIVE)
    return await state.services.packets.send(login, command)


async def _grab_red_packet(state: ControlState, command: coin_commands.GrabRedPacket) -> Answer:
    login = await _require_member(state, command.room_id, Action.GIVE)
    return await state.services.packets.grab(login, command)


async def _grant_coins(state: ControlState, command: coin_commands.GrantCoins) -> Answer:
    admin = _require_admin(state, Action.GRANT_COINS)
    await state.services.ledger.grant(
        admin.user.user_id,
        command.user_id,
        coins=command.coins,
        note=command.note,
        key=command.idempotency_key,
    )
    acts = state.services.admin.acts
    await acts.write(
        acts.line(
            admin.user,
            "grant_coins",
            user_id=command.user_id,
            count=command.coins,
            text=command.note,
        )
    )
    return events.Ok()


async def _refund_transfer(state: ControlState, command: coin_commands.RefundTransfer) -> Answer:
    admin = _require_admin(state, Action.REFUND)
    await state.services.ledger.refund(admin.user.user_id, command.transfer_id, note=command.note)
    acts = state.services.admin.acts
    await acts.write(
        acts.line(admin.user, "refund", target=("transfer", command.transfer_id), text=command.note)
    )
    return events.Ok()


async def _require_member(state: ControlState, room_id: RoomId, action: Action) -> Login:
    login = state.actor.require_login()
    await state.services.rooms.role_in(state.actor, room_id, action)
    if not state.hub.is_member(room_id, state.channel):
        raise WireError(ErrorCode.WRONG_STATE, "join the room first")
    return login


async def _require_inside(state: ControlState, room_id: RoomId) -> None:
    """Members, and whoever may enter a room of this kind without its secret."""
    state.actor.require_login()
    if not state.hub.is_member(room_id, state.channel):
        is_public = await state.services.rooms.is_public(room_id)
        action = Action.JOIN_PUBLIC_ROOM if is_public else Action.ENTER_FREELY
        await state.services.rooms.role_in(state.actor, room_id, action)


def _require_admin(state: ControlState, action: Action) -> Login:
    login = state.actor.require_login()
    require({"admin"} if state.actor.is_admin else {"viewer"}, action)
    return login


COIN_USE_CASES: Final[
    dict[type[command_base.Command], Callable[[Any, Any], Awaitable[Answer | None]]]
] = {
    coin_commands.ListGifts: _list_gifts,
    coin_commands.SendGift: _send_gift,
    coin_commands.GetWallet: _get_wallet,
    coin_commands.ClaimGrant: _claim_grant,
    coin_commands.SetSpendingLimits: _set_spending_limits,
    coin_commands.ListMovements: _list_movements,
    coin_commands.ListGivers: _list_givers,
    coin_commands.SendRedPacket: _send_red_packet,
    coin_commands.GrabRedPacket: _grab_red_packet,
    coin_commands.GrantCoins: _grant_coins,
    coin_commands.RefundTransfer: _refund_transfer,
}
