"""The use cases of the house's admins. Each asks the permission table first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from server.accounts.actor import Login
from server.rooms.keeping import parse_offset
from wire import admin_commands as wire
from wire import commands, events
from wire.admin_events import HouseAnnounced, HouseUser, HouseUsers, UserPage
from wire.errors import ErrorCode, WireError
from wire.ids import SessionId, UserId
from wire.permissions import Action, require

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from server.accounts.keeping import KeptUser
    from server.gateway.control_state import ControlState
    from wire.event_base import Answer, RoomInfo


# --- figures ----------------------------------------------------------------------------------


async def _get_overview(state: ControlState, command: wire.GetOverview) -> Answer:
    _require(state, Action.SEE_HOUSE)
    return await state.services.admin.sampling.overview(command)


# --- rooms ------------------------------------------------------------------------------------


async def _list_house_rooms(state: ControlState, command: wire.ListHouseRooms) -> Answer:
    _require(state, Action.SEE_HOUSE)
    return await state.services.admin.rooms.list_all(command)


async def _create_room_for(state: ControlState, command: wire.CreateRoomFor) -> Answer:
    _require(state, Action.KEEP_ROOMS)
    admin = state.services.admin
    owner = (await admin.users.get(command.user_id)).user
    made = await admin.rooms.create_for(owner, command)
    return await state.services.rooms.get(state.actor, made.room.room_id)


async def _feature_room(state: ControlState, command: wire.FeatureRoom) -> Answer:
    _require(state, Action.KEEP_ROOMS)
    rooms = state.services.admin.rooms
    room = await rooms.feature(command.room_id, is_featured=command.is_featured)
    return _tell_changed(state, room)


async def _mute_room(state: ControlState, command: wire.MuteRoom) -> Answer:
    _require(state, Action.KEEP_ROOMS)
    room = await state.services.admin.rooms.mute(command.room_id, is_muted=command.is_muted)
    return _tell_changed(state, room)


async def _plan_broadcast(state: ControlState, command: wire.PlanBroadcast) -> Answer:
    """The owner's too."""
    state.actor.require_login()
    await state.services.rooms.role_in(state.actor, command.room_id, Action.PLAN_BROADCAST)
    return _tell_changed(state, await state.services.admin.rooms.plan(command))


async def _announce_to_house(state: ControlState, command: wire.AnnounceToHouse) -> Answer:
    login = _require(state, Action.KEEP_ROOMS)
    rooms = set(state.services.admin.rooms.live_ids()) | set(state.hub.room_ids())
    for room_id in sorted(rooms):
        await state.services.chat.announce(room_id, command.text, name=login.user.name)
    return HouseAnnounced(rooms=len(rooms))


# --- users ------------------------------------------------------------------------------------


async def _list_users(state: ControlState, command: wire.ListUsers) -> Answer:
    _require(state, Action.SEE_HOUSE)
    offset = parse_offset(command.cursor)
    page = await state.services.admin.users.list_page(
        search=command.search,
        kind=command.kind,
        online=state.cutter.users_online(),
        offset=offset,
        limit=command.limit,
    )
    shown = offset + len(page.users)
    return HouseUsers(
        users=await _describe_users(state, page.users),
        total=page.total,
        next_cursor=str(shown) if shown < page.total else "",
    )


async def _get_user_page(state: ControlState, command: wire.GetUserPage) -> Answer:
    _require(state, Action.SEE_HOUSE)
    admin = state.services.admin
    kept = await admin.users.get(command.user_id)
    user_id = kept.user.user_id
    wallet = await state.services.ledger.wallet(user_id)
    sessions = await admin.users.sessions(kept.user, state.cutter.sessions_of(user_id))
    return UserPage(
        user=(await _describe_users(state, [kept]))[0],
        about=kept.about,
        sessions=tuple(
            msgspec.structs.replace(one, is_this=one.session_id == _own_session(state))
            for one in sessions
        ),
        rooms=await admin.rooms.list_of(kept.user),
        beans=wallet.beans,
        spent_day_coins=wallet.spent_day_coins,
        spent_month_coins=wallet.spent_month_coins,
    )


async def _list_movements_of(state: ControlState, command: wire.ListMovementsOf) -> Answer:
    _require(state, Action.SEE_HOUSE)
    await state.services.admin.users.get(command.user_id)
    return await state.services.ledger.movements(
        command.user_id, cursor=command.cursor, limit=command.limit
    )


async def _set_admin(state: ControlState, command: wire.SetAdmin) -> Answer:
    _require(state, Action.KEEP_USERS)
    await state.services.admin.users.set_admin(command.user_id, granted=command.granted)
    return events.Ok()


async def _end_sessions_of(state: ControlState, command: wire.EndSessionsOf) -> Answer:
    _require(state, Action.KEEP_USERS)
    services = state.services
    user = (await services.admin.users.get(command.user_id)).user
    session_id = SessionId(command.session_id) if command.session_id else None
    await services.admin.users.end_sessions(user, session_id)
    if session_id is None:
        _cut_user(state, user.user_id, "an admin ended your sessions")
    else:
        services.rooms.revoke_tickets(session_id=session_id)
        state.cutter.cut(
            session_id=session_id,
            code=ErrorCode.SESSION_ENDED,
            reason="an admin ended this session",
        )
    return events.Ok()


async def _make_password_reset(state: ControlState, command: wire.MakePasswordReset) -> Answer:
    _require(state, Action.KEEP_USERS)
    return await state.services.admin.users.make_reset(command.user_id)


async def _redeem_password_reset(state: ControlState, command: wire.RedeemPasswordReset) -> Answer:
    """A guest's: the one command here that no admin gives."""
    if state.actor.login is not None:
        raise WireError(ErrorCode.WRONG_STATE, "this socket is logged in: log out first")
    answer = await state.services.admin.users.redeem_reset(
        name=command.name,
        secret=command.secret,
        new_password=command.new_password,
        device=command.device,
        address=state.channel.address,
        cut=lambda user_id: _cut_user(state, user_id, "the password was changed"),
    )
    state.log_in(Login(answer.user, answer.session_id))
    return answer


# --- gifts ------------------------------------------------------------------------------------


async def _list_house_gifts(state: ControlState, _command: wire.ListHouseGifts) -> Answer:
    _require(state, Action.SEE_HOUSE)
    return state.services.admin.gifts.list_all()


async def _set_gift(state: ControlState, command: wire.SetGift) -> Answer:
    _require(state, Action.KEEP_GIFTS)
    await state.services.admin.gifts.choose(
        command.gift_id, is_on=command.is_on, price_coins=command.price_coins
    )
    return events.Ok()


# --- the relay --------------------------------------------------------------------------------


async def _list_relay_settings(state: ControlState, _command: wire.ListRelaySettings) -> Answer:
    _require(state, Action.SEE_HOUSE)
    return state.services.admin.settings.list_all()


async def _change_relay_setting(state: ControlState, command: wire.ChangeRelaySetting) -> Answer:
    login = _require(state, Action.CHANGE_RELAY)
    settings = state.services.admin.settings
    await settings.change(login.user, command.name, command.value)
    return settings.list_all()


async def _get_storage(state: ControlState, _command: wire.GetStorage) -> Answer:
    _require(state, Action.SEE_HOUSE)
    return await state.services.admin.storage.look()


async def _start_job(state: ControlState, command: wire.StartJob) -> Answer:
    _require(state, Action.KEEP_STORAGE)
    state.services.admin.storage.start(command.kind)
    return events.Ok()


async def _delete_backup(state: ControlState, command: wire.DeleteBackup) -> Answer:
    _require(state, Action.KEEP_STORAGE)
    await state.services.admin.storage.delete(command.name)
    return events.Ok()


async def _prepare_restore(state: ControlState, command: wire.PrepareRestore) -> Answer:
    _require(state, Action.KEEP_STORAGE)
    await state.services.admin.storage.prepare_restore(command.name)
    return events.Ok()


# --- within -----------------------------------------------------------------------------------


def _require(state: ControlState, action: Action) -> Login:
    """Raises WireError: LOGIN_REQUIRED, FORBIDDEN."""
    login = state.actor.require_login()
    require({"admin"} if state.actor.is_admin else {"viewer"}, action)
    return login


def _own_session(state: ControlState) -> SessionId | None:
    return state.actor.login.session_id if state.actor.login else None


def _tell_changed(state: ControlState, room: RoomInfo) -> Answer:
    state.hub.post(room.room_id, events.RoomChanged(room=room))
    return events.Ok()


def _cut_user(state: ControlState, user_id: UserId, reason: str) -> None:
    state.services.rooms.revoke_tickets(user_id=user_id)
    state.cutter.cut(user_id=user_id, code=ErrorCode.SESSION_ENDED, reason=reason)


async def _describe_users(state: ControlState, users: Sequence[KeptUser]) -> tuple[HouseUser, ...]:
    ids = [one.user.user_id for one in users]
    rooms = await state.services.admin.rooms.count_by_owner(ids)
    coins = await state.services.ledger.coins_of_all(ids)
    online = state.cutter.users_online()
    now = state.services.clocks.unix_ms()
    return tuple(
        HouseUser(
            user=one.user,
            created_at_unix_ms=one.created_at_unix_ms,
            last_seen_at_unix_ms=now if one.user.user_id in online else one.last_seen_at_unix_ms,
            is_online=one.user.user_id in online,
            rooms=rooms.get(one.user.user_id, 0),
            coins=coins.get(one.user.user_id, 0),
            sessions=one.sessions,
        )
        for one in users
    )


ADMIN_USE_CASES: Final[
    dict[type[commands.Command], Callable[[Any, Any], Awaitable[Answer | None]]]
] = {
    wire.GetOverview: _get_overview,
    wire.ListHouseRooms: _list_house_rooms,
    wire.CreateRoomFor: _create_room_for,
    wire.FeatureRoom: _feature_room,
    wire.PlanBroadcast: _plan_broadcast,
    wire.MuteRoom: _mute_room,
    wire.AnnounceToHouse: _announce_to_house,
    wire.ListUsers: _list_users,
    wire.GetUserPage: _get_user_page,
    wire.ListMovementsOf: _list_movements_of,
    wire.SetAdmin: _set_admin,
    wire.EndSessionsOf: _end_sessions_of,
    wire.MakePasswordReset: _make_password_reset,
    wire.RedeemPasswordReset: _redeem_password_reset,
    wire.ListHouseGifts: _list_house_gifts,
    wire.SetGift: _set_gift,
    wire.ListRelaySettings: _list_relay_settings,
    wire.ChangeRelaySetting: _change_relay_setting,
    wire.GetStorage: _get_storage,
    wire.StartJob: _start_job,
    wire.DeleteBackup: _delete_backup,
    wire.PrepareRestore: _prepare_restore,
}
