"""The use cases of the house's admins. Each asks the permission table first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from server.accounts.actor import Login
from server.admin.rules import check_value, find_setting
from server.audit.service import Doer
from server.rooms.overseeing import parse_offset
from wire import admin_commands as wire
from wire import command_base, events
from wire.admin_events import HouseAnnounced, HouseUser, HouseUsers, UserPage
from wire.errors import ErrorCode, WireError
from wire.ids import SessionId, UserId
from wire.permissions import Action, require

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from server.accounts.keeping import KeptUser
    from server.gateway.control_state import ControlState
    from wire.event_base import Answer


# --- figures ----------------------------------------------------------------------------------


async def _get_overview(state: ControlState, command: wire.GetOverview) -> Answer:
    _require(state, Action.SEE_HOUSE)
    return await state.services.admin.sampling.overview(command)


# --- rooms ------------------------------------------------------------------------------------


async def _list_house_rooms(state: ControlState, command: wire.ListHouseRooms) -> Answer:
    _require(state, Action.SEE_HOUSE)
    found = await state.services.admin.rooms.list_all(command)
    rules_of = state.services.chat.rules_of
    rooms = [
        msgspec.structs.replace(one, chat_rules=await rules_of(one.room.room_id))
        for one in found.rooms
    ]
    return msgspec.structs.replace(found, rooms=tuple(rooms))


async def _create_room_for(state: ControlState, command: wire.CreateRoomFor) -> Answer:
    login = _require(state, Action.KEEP_ROOMS)
    admin = state.services.admin
    owner = (await admin.users.get(command.user_id)).user
    made = (await admin.rooms.create_for(owner, command)).room
    await _note(
        state,
        login,
        "create_room_for",
        room_id=made.room_id,
        user_id=owner.user_id,
        text=made.name,
    )
    return await state.services.rooms.get(state.actor, made.room_id)


async def _feature_room(state: ControlState, command: wire.FeatureRoom) -> Answer:
    login = _require(state, Action.KEEP_ROOMS)
    admin, room_id = state.services.admin, command.room_id
    room = (await state.services.rooms.get(state.actor, room_id)).room
    line = admin.acts.line(
        login.user,
        "feature_room",
        room_id=room_id,
        text=room.name,
        is_on=command.is_featured,
        undo={"was": room.is_featured},
    )
    await admin.rooms.feature(room_id, is_featured=command.is_featured, then=line)
    await admin.acts.tell(line)
    return events.Ok()


async def _plan_broadcast(state: ControlState, command: wire.PlanBroadcast) -> Answer:
    """The owner's too, who needs no line in the book for it."""
    login = state.actor.require_login()
    role = await state.services.rooms.role_in(state.actor, command.room_id, Action.PLAN_BROADCAST)
    admin = state.services.admin
    if role == "streamer":
        await admin.rooms.plan(command)
        return events.Ok()
    line = admin.acts.line(
        login.user,
        "plan_broadcast",
        room_id=command.room_id,
        text=command.title,
        is_on=bool(command.starts_at_unix_ms),
    )
    await admin.rooms.plan(command, then=line)
    await admin.acts.tell(line)
    return events.Ok()


async def _announce_to_house(state: ControlState, command: wire.AnnounceToHouse) -> Answer:
    login = _require(state, Action.KEEP_ROOMS)
    rooms = sorted({*state.services.admin.rooms.live_ids(), *state.hub.room_ids()})
    by = Doer(login.user.user_id, "admin")
    for room_id in rooms:
        await state.services.chat.announce(room_id, command.text, name=login.user.name, by=by)
    await _note(state, login, "announce_to_house", text=command.text, count=len(rooms))
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
    login = _require(state, Action.KEEP_USERS)
    admin = state.services.admin
    was = (await admin.users.get(command.user_id)).user.is_admin
    line = admin.acts.line(
        login.user, "set_admin", user_id=command.user_id, is_on=command.granted, undo={"was": was}
    )
    await admin.acts.set_admin(command.user_id, granted=command.granted, then=line)
    return events.Ok()


async def _end_sessions_of(state: ControlState, command: wire.EndSessionsOf) -> Answer:
    login = _require(state, Action.KEEP_USERS)
    services = state.services
    user = (await services.admin.users.get(command.user_id)).user
    session_id = SessionId(command.session_id) if command.session_id else None
    await services.admin.users.end_sessions(user, session_id)
    await _note(state, login, "end_sessions", user_id=user.user_id)
    if session_id is None:
        _cut_user(state, user.user_id, "an admin ended your sessions")
    else:
        services.rooms.media.revoke_tickets(session_id=session_id)
        state.cutter.cut(
            session_id=session_id,
            code=ErrorCode.SESSION_ENDED,
            reason="an admin ended this session",
        )
    return events.Ok()


async def _make_password_reset(state: ControlState, command: wire.MakePasswordReset) -> Answer:
    login = _require(state, Action.KEEP_USERS)
    made = await state.services.admin.users.make_reset(command.user_id)
    await _note(state, login, "make_password_reset", user_id=command.user_id)
    return made


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
    await state.log_in(Login(answer.user, answer.session_id))
    return answer


# --- gifts ------------------------------------------------------------------------------------


async def _list_house_gifts(state: ControlState, _command: wire.ListHouseGifts) -> Answer:
    _require(state, Action.SEE_HOUSE)
    return state.services.admin.gifts.list_all()


async def _set_gift(state: ControlState, command: wire.SetGift) -> Answer:
    login = _require(state, Action.KEEP_GIFTS)
    admin, gift_id = state.services.admin, command.gift_id
    is_on, price_coins = admin.gifts.choice(gift_id)
    line = admin.acts.line(
        login.user,
        "set_gift",
        target=("gift", gift_id),
        text=gift_id,
        count=command.price_coins,
        is_on=command.is_on,
        undo={"gift_id": gift_id, "is_on": is_on, "price_coins": price_coins},
    )
    await admin.gifts.choose(
        gift_id, is_on=command.is_on, price_coins=command.price_coins, then=line
    )
    return events.Ok()


# --- the relay --------------------------------------------------------------------------------


async def _list_relay_settings(state: ControlState, _command: wire.ListRelaySettings) -> Answer:
    _require(state, Action.SEE_HOUSE)
    return await _describe_settings(state)


async def _change_relay_setting(state: ControlState, command: wire.ChangeRelaySetting) -> Answer:
    login = _require(state, Action.CHANGE_RELAY)
    admin = state.services.admin
    setting = find_setting(command.name)
    before = admin.settings.text(setting)
    line = admin.acts.line(
        login.user,
        "change_setting",
        target=("setting", setting.name),
        text=f"{setting.name}: {before} → {check_value(setting, command.value)}",
        undo={"name": setting.name, "value": before},
    )
    await admin.settings.change(login.user.user_id, setting.name, command.value, then=line)
    return await _describe_settings(state)


async def _describe_settings(state: ControlState) -> Answer:
    """With the names of who changed them, as they are now."""
    listed = state.services.admin.settings.list_all()
    ids = {UserId(one.changed_by) for one in listed.settings if one.changed_by}
    users = await state.services.accounts.find_users(ids)
    settings = tuple(
        msgspec.structs.replace(one, changed_by=users[UserId(one.changed_by)].name)
        if UserId(one.changed_by) in users
        else msgspec.structs.replace(one, changed_by="")
        for one in listed.settings
    )
    return msgspec.structs.replace(listed, settings=settings)


async def _get_storage(state: ControlState, _command: wire.GetStorage) -> Answer:
    _require(state, Action.SEE_HOUSE)
    return await state.services.admin.storage.look()


async def _start_job(state: ControlState, command: wire.StartJob) -> Answer:
    login = _require(state, Action.KEEP_STORAGE)
    state.services.admin.storage.start(command.kind)
    await _note(state, login, command.kind)
    return events.Ok()


async def _delete_backup(state: ControlState, command: wire.DeleteBackup) -> Answer:
    login = _require(state, Action.KEEP_STORAGE)
    await state.services.admin.storage.delete(command.name)
    await _note(state, login, "delete_backup", text=command.name)
    return events.Ok()


async def _prepare_restore(state: ControlState, command: wire.PrepareRestore) -> Answer:
    login = _require(state, Action.KEEP_STORAGE)
    await state.services.admin.storage.prepare_restore(command.name)
    await _note(state, login, "prepare_restore", text=command.name, is_on=bool(command.name))
    return events.Ok()


# --- within -----------------------------------------------------------------------------------


def _require(state: ControlState, action: Action) -> Login:
    """Raises WireError: LOGIN_REQUIRED, FORBIDDEN."""
    login = state.actor.require_login()
    require({"admin"} if state.actor.is_admin else {"viewer"}, action)
    return login


def _own_session(state: ControlState) -> SessionId | None:
    return state.actor.login.session_id if state.actor.login else None


async def _note(state: ControlState, login: Login, action: str, **fields: Any) -> None:
    """A line in the book for what was done outside of a transaction."""
    acts = state.services.admin.acts
    await acts.write(acts.line(login.user, action, **fields))


def _cut_user(state: ControlState, user_id: UserId, reason: str) -> None:
    state.services.rooms.media.revoke_tickets(user_id=user_id)
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
    dict[type[command_base.Command], Callable[[Any, Any], Awaitable[Answer | None]]]
] = {
    wire.GetOverview: _get_overview,
    wire.ListHouseRooms: _list_house_rooms,
    wire.CreateRoomFor: _create_room_for,
    wire.FeatureRoom: _feature_room,
    wire.PlanBroadcast: _plan_broadcast,
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
