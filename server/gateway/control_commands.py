"""The table of command type to use case of the control socket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from server.accounts.actor import Login
from server.audit.service import AUTOMATIC
from server.gateway.admin_commands import ADMIN_USE_CASES
from server.gateway.coin_commands import COIN_USE_CASES
from server.gateway.cover_commands import COVER_USE_CASES
from server.gateway.detection_commands import DETECTION_USE_CASES
from server.gateway.discovery_commands import (
    DISCOVERY_USE_CASES,
    is_recommended,
    list_recommended,
)
from server.gateway.emotes_commands import EMOTES_USE_CASES
from server.gateway.foreign_edits import note_foreign_edit
from server.gateway.inbox_commands import INBOX_USE_CASES
from server.gateway.interaction_commands import INTERACTION, require_member
from server.gateway.order_commands import ORDER_USE_CASES, doer_in
from server.gateway.privacy_commands import PRIVACY_USE_CASES
from server.gateway.registry import Identity
from server.gateway.replay_commands import REPLAY_USE_CASES
from server.gateway.words_commands import WORDS_USE_CASES
from wire import (
    account_commands,
    account_events,
    chat_commands,
    command_base,
    commands,
    event_base,
    events,
    room_commands,
    room_events,
)
from wire.errors import ErrorCode, WireError
from wire.permissions import Action, is_allowed

if TYPE_CHECKING:
    from server.gateway.control_state import ControlState
    from wire.event_base import Answer

ROOMS_MAX: Final = 20
"""Rooms that one socket may be in."""

UseCase = Callable[[Any, Any], Awaitable["Answer | None"]]
"""(state, command of the type that it stands for) -> answer, or None when it comes later."""


# --- accounts ---------------------------------------------------------------------------------


async def _register(state: ControlState, command: account_commands.Register) -> Answer:
    _require_guest(state)
    state.check_words(name=command.name)
    answer = await state.services.accounts.register(
        name=command.name,
        password=command.password,
        device=command.device,
        address=state.channel.address,
        with_user=state.services.privacy.agreement(command.agreed_version),
    )
    _note_login(state, answer, command.device_token)
    await state.log_in(Login(answer.user, answer.session_id))
    return answer


async def _login(state: ControlState, command: account_commands.Login) -> Answer:
    _require_guest(state)
    answer = await state.services.accounts.login(
        name=command.name,
        password=command.password,
        device=command.device,
        device_token=command.device_token,
        address=state.channel.address,
    )
    _note_login(state, answer, command.device_token)
    await state.log_in(Login(answer.user, answer.session_id))
    return answer


async def _resume(state: ControlState, command: account_commands.Resume) -> Answer:
    _require_guest(state)
    answer = await state.services.accounts.resume(command.token)
    _note_login(state, answer, "")
    await state.log_in(Login(answer.user, answer.session_id))
    return answer


def _note_login(state: ControlState, answer: account_events.LoggedIn, device_token: str) -> None:
    state.services.detection.identities.note_login(
        answer.user.user_id,
        device_tokens=(device_token, answer.device_token),
        address=state.channel.address,
    )


async def _logout(state: ControlState, command: account_commands.Logout) -> Answer:
    login = state.actor.login
    if login is None:
        return events.Ok()
    services = state.services
    await services.accounts.logout(login, everywhere=command.everywhere)
    state.log_out()
    # This socket speaks for nobody from now on, so it is not among those that are cut.
    state.cutter.register(state.channel, Identity())
    user_id = login.user.user_id if command.everywhere else None
    services.rooms.media.revoke_tickets(session_id=login.session_id, user_id=user_id)
    state.cutter.cut(
        session_id=login.session_id,
        user_id=user_id,
        code=ErrorCode.SESSION_ENDED,
        reason="logged out",
    )
    return events.Ok()


async def _change_password(state: ControlState, command: account_commands.ChangePassword) -> Answer:
    login = state.actor.require_login()
    answer = await state.services.accounts.change_password(
        login,
        old_password=command.old_password,
        new_password=command.new_password,
        address=state.channel.address,
    )
    state.services.rooms.media.revoke_tickets(user_id=login.user.user_id)
    state.cutter.cut(
        user_id=login.user.user_id,
        except_session=login.session_id,
        code=ErrorCode.SESSION_ENDED,
        reason="the password was changed",
    )
    return answer


async def _list_sessions(state: ControlState, _command: account_commands.ListSessions) -> Answer:
    login = state.actor.require_login()
    sessions = await state.services.accounts.list_sessions(
        login, open_now=state.cutter.sessions_of(login.user.user_id)
    )
    return account_events.Sessions(sessions=sessions)


async def _end_session(state: ControlState, command: account_commands.EndSession) -> Answer:
    login = state.actor.require_login()
    if command.session_id == login.session_id:
        return await _logout(state, account_commands.Logout(id=command.id))
    await state.services.accounts.end_session(login, command.session_id)
    state.services.rooms.media.revoke_tickets(session_id=command.session_id)
    state.cutter.cut(
        session_id=command.session_id,
        code=ErrorCode.SESSION_ENDED,
        reason="logged out from another device",
    )
    return events.Ok()


async def _get_profile(state: ControlState, command: account_commands.GetProfile) -> Answer:
    state.actor.require_login()
    return await state.services.profiles.get(command.user_id)


async def _edit_profile(state: ControlState, command: account_commands.EditProfile) -> Answer:
    login = state.actor.require_login()
    state.check_words(name=command.name, about=command.about)
    profile = await state.services.profiles.edit(login, name=command.name, about=command.about)
    if profile.user.name != login.user.name:
        state.update_user(profile.user)
        for room in await state.services.rooms.list_owned(state.actor):
            state.hub.post(room.room_id, room_events.RoomChanged(room=room))
    return profile


async def _claim_admin(state: ControlState, command: account_commands.ClaimAdmin) -> Answer:
    login = state.actor.require_login()
    state.update_user(await state.services.accounts.claim_admin(login, command.secret))
    return events.Ok()


# --- rooms ------------------------------------------------------------------------------------


async def _create_room(state: ControlState, command: room_commands.CreateRoom) -> Answer:
    state.actor.require_login()
    state.check_words(name=command.name, title=command.title, description=command.description)
    details = await state.services.rooms.create(state.actor, command)
    begins_with = state.services.admin.new_room_rules()
    if begins_with is not None:
        await state.services.chat.set_rules(details.room.room_id, begins_with, by=AUTOMATIC)
    return details


async def _edit_room(state: ControlState, command: room_commands.EditRoom) -> Answer:
    state.actor.require_login()
    state.check_words(title=command.title, description=command.description)
    rooms, line = state.services.rooms, await note_foreign_edit(state, command.room_id)
    if line is None:
        edited = await rooms.edit(state.actor, command)
    else:
        edited = await rooms.edit(state.actor, command, then=line)
        if edited.is_changed:
            await state.services.admin.acts.tell(line)
    changed = room_events.RoomChanged(room=edited.details.room)
    if edited.is_closed_to_guests:
        for guest in state.hub.remove_guests(command.room_id):
            guest.send_text(events.pack(changed))
    state.hub.post(command.room_id, changed)
    return edited.details


async def _list_rooms(state: ControlState, command: room_commands.ListRooms) -> Answer:
    if is_recommended(command):
        return await list_recommended(state, command)
    login, follows = state.actor.login, state.services.follows
    followed = await follows.followed_by(login.user.user_id) if login is not None else frozenset()
    return await state.services.rooms.list(state.actor, command, followed=followed)


async def _get_room(state: ControlState, command: room_commands.GetRoom) -> Answer:
    return await state.services.rooms.get(
        state.actor, command.room, passphrase=command.passphrase, invite=command.invite
    )


async def _join_room(state: ControlState, command: room_commands.JoinRoom) -> Answer:
    services, room_id = state.services, command.room_id
    entered = await services.rooms.join(
        state.actor, room_id, passphrase=command.passphrase, invite=command.invite
    )
    rooms = state.rooms_now()
    if room_id not in rooms and len(rooms) >= ROOMS_MAX:
        raise WireError(ErrorCode.FULL, f"a socket is in at most {ROOMS_MAX} rooms", field="joined")
    await services.chat.load_history(room_id)
    await services.moderation.load(room_id)
    await services.likes.load(room_id)
    await services.emotes.load(room_id)
    user_id = state.actor.login.user.user_id if state.actor.login else None
    own_choice = await services.polls.find_own_choice(user_id, room_id)
    has_entered = await services.draws.has_entered(user_id, room_id)
    login = state.actor.login
    standing = await services.follows.standing(
        login.user.user_id if login else None, entered.room.owner.user_id
    )
    if state.actor.login is None:
        # The room may have closed its door to guests meanwhile; it is in memory, so this is quick.
        await services.rooms.check_still_open(entered.room)
    # From here to the answer nothing waits: no event is missed and none comes twice.
    services.rooms.check_bars(state.actor, room_id, Action.JOIN_PUBLIC_ROOM)
    is_leader = is_allowed([entered.role], Action.LEAD_CHAT)
    if user_id is not None:
        services.detection.watch.note_join(user_id)
    state.hub.join(room_id, state.channel, is_guest=state.actor.login is None, is_leader=is_leader)
    state.rooms.add(room_id)
    above = services.chat.above(room_id)
    return room_events.RoomJoined(
        room=entered.room,
        role=entered.role,
        messages=services.chat.history(room_id),
        likes=services.likes.total(room_id),
        red_packets=services.packets.open_in(room_id),
        poll=services.polls.find(room_id, own_choice),
        draw=services.draws.find(room_id, has_entered=has_entered),
        draw_result=services.draws.find_result(room_id),
        chat_rules=above.rules if above.rules != event_base.ChatRules() else None,
        pinned=above.pinned,
        announcement=above.announcement,
        held=services.chat.held(room_id) if is_leader else (),
        held_reasons=services.chat.held_reasons(room_id) if is_leader else (),
        raid=services.detection.raids.find(room_id) if is_leader else None,
        is_following=standing.is_following,
        followers=standing.followers,
        emotes=services.emotes.find(room_id),
    )


async def _leave_room(state: ControlState, command: room_commands.LeaveRoom) -> Answer:
    state.hub.leave(command.room_id, state.channel)
    state.rooms.discard(command.room_id)
    return events.Ok()


async def _set_moderator(state: ControlState, command: room_commands.SetModerator) -> Answer:
    await state.services.keeping.set_moderator(
        state.login_actor(), command.room_id, command.user_id, granted=command.granted
    )
    return events.Ok()


async def _create_invite(state: ControlState, command: room_commands.CreateInvite) -> Answer:
    return await state.services.rooms.create_invite(state.actor, command.room_id, command.label)


async def _revoke_invite(state: ControlState, command: room_commands.RevokeInvite) -> Answer:
    await state.services.rooms.revoke_invite(state.actor, command.room_id, command.invite_id)
    return events.Ok()


async def _create_publish_key(
    state: ControlState, command: room_commands.CreatePublishKey
) -> Answer:
    return await state.services.rooms.media.create_publish_key(
        state.actor, command.room_id, command.label
    )


async def _list_publish_keys(state: ControlState, command: room_commands.ListPublishKeys) -> Answer:
    keys = await state.services.rooms.media.list_publish_keys(state.actor, command.room_id)
    return room_events.PublishKeys(keys=keys)


async def _revoke_publish_key(
    state: ControlState, command: room_commands.RevokePublishKey
) -> Answer:
    was_there = await state.services.rooms.media.revoke_publish_key(
        state.actor, command.room_id, command.key_id
    )
    if was_there:
        state.cutter.cut(
            key_id=command.key_id, code=ErrorCode.FORBIDDEN, reason="the publish key was revoked"
        )
    return events.Ok()


# --- broadcasts and chat ----------------------------------------------------------------------


async def _request_publish_ticket(
    state: ControlState, command: room_commands.RequestPublishTicket
) -> Answer:
    return await state.services.rooms.media.issue_publish_ticket(state.actor, command.room_id)


async def _request_subscribe_ticket(
    state: ControlState, command: room_commands.RequestSubscribeTicket
) -> Answer:
    return await state.services.rooms.media.issue_subscribe_ticket(
        state.actor,
        command.room_id,
        is_member=state.hub.is_member(command.room_id, state.channel),
    )


async def _end_broadcast(state: ControlState, command: room_commands.EndBroadcast) -> Answer:
    services = state.services
    await services.rooms.role_in(state.actor, command.room_id, Action.END_BROADCAST)
    if not await services.live.end_broadcast(command.room_id, "ended"):
        raise WireError(ErrorCode.NOT_LIVE, "nothing is live in this room")
    return events.Ok()


async def _send_danmaku(state: ControlState, command: chat_commands.SendDanmaku) -> None:
    services = state.services
    login = state.actor.require_login()
    role = await services.rooms.role_in(state.actor, command.room_id, Action.CHAT)
    require_member(state, command.room_id)
    is_fast = is_allowed([role], Action.CHAT_FAST)
    is_follower = is_known = True
    rules = await services.chat.rules_of(command.room_id)
    if not is_fast and rules.followers_only:
        owner_id = await services.rooms.owner_of(command.room_id)
        standing = await services.follows.standing(login.user.user_id, owner_id)
        is_follower = standing.is_following
    if not is_fast and rules.known_only:
        owner_id = await services.rooms.owner_of(command.room_id)
        is_known = await services.chat.is_known(command.room_id, login.user.user_id, owner_id)

    def still_may() -> None:
        services.rooms.check_bars(state.actor, command.room_id, Action.CHAT)
        require_member(state, command.room_id)

    try:
        posted = await services.chat.send(
            login,
            command,
            role=role,
            is_fast=is_fast,
            is_follower=is_follower,
            is_known=is_known,
            still_may=still_may,
        )
    except WireError as error:
        watch, user_id = services.detection.watch, login.user.user_id
        watch.note_refused(command.room_id, user_id, error.code)
        raise
    await services.discovery.acts.note("said", login.user.user_id, command.room_id)
    await state.acknowledge_later(command.id, posted.stored)


# --- leading a chat, and following ------------------------------------------------------------


async def _set_chat_rules(state: ControlState, command: chat_commands.SetChatRules) -> Answer:
    doer = await doer_in(state, command.room_id, Action.LEAD_CHAT)
    rules = event_base.ChatRules(
        slow_s=command.slow_s,
        followers_only=command.followers_only,
        emoji_only=command.emoji_only,
        is_held=command.is_held,
        delay_s=command.delay_s,
        known_only=command.known_only,
        is_muted=command.is_muted,
    )
    await state.services.chat.set_rules(command.room_id, rules, by=doer)
    return events.Ok()


async def _review_danmaku(state: ControlState, command: chat_commands.ReviewDanmaku) -> Answer:
    await state.services.rooms.role_in(state.actor, command.room_id, Action.LEAD_CHAT)
    await state.services.chat.review(command.room_id, command.message_id, is_shown=command.is_shown)
    return events.Ok()


async def _pin_message(state: ControlState, command: chat_commands.PinMessage) -> Answer:
    doer = await doer_in(state, command.room_id, Action.LEAD_CHAT)
    await state.services.chat.pin(command.room_id, command.message_id, by=doer)
    return events.Ok()


async def _announce(state: ControlState, command: chat_commands.Announce) -> Answer:
    login = state.actor.require_login()
    doer = await doer_in(state, command.room_id, Action.LEAD_CHAT)
    state.check_words(text=command.text)
    await state.services.chat.announce(command.room_id, command.text, name=login.user.name, by=doer)
    return events.Ok()


async def _follow_user(state: ControlState, command: account_commands.FollowUser) -> Answer:
    login = state.actor.require_login()
    await state.services.follows.follow(
        login.user.user_id, command.user_id, is_following=command.is_following
    )
    await state.services.discovery.note_follow(
        login.user.user_id, command.user_id, is_following=command.is_following
    )
    return events.Ok()


async def _ping(state: ControlState, _command: commands.Ping) -> Answer:
    return events.Pong(relay_unix_us=state.services.clocks.unix_us())


def _require_guest(state: ControlState) -> None:
    if state.actor.login is not None:
        raise WireError(ErrorCode.WRONG_STATE, "this socket is logged in: log out first")


USE_CASES: Final[dict[type[command_base.Command], UseCase]] = {
    account_commands.Register: _register,
    account_commands.Login: _login,
    account_commands.Resume: _resume,
    account_commands.Logout: _logout,
    account_commands.ChangePassword: _change_password,
    account_commands.ListSessions: _list_sessions,
    account_commands.EndSession: _end_session,
    account_commands.GetProfile: _get_profile,
    account_commands.EditProfile: _edit_profile,
    account_commands.ClaimAdmin: _claim_admin,
    room_commands.CreateRoom: _create_room,
    room_commands.EditRoom: _edit_room,
    room_commands.ListRooms: _list_rooms,
    room_commands.GetRoom: _get_room,
    room_commands.JoinRoom: _join_room,
    room_commands.LeaveRoom: _leave_room,
    room_commands.SetModerator: _set_moderator,
    room_commands.CreateInvite: _create_invite,
    room_commands.RevokeInvite: _revoke_invite,
    room_commands.CreatePublishKey: _create_publish_key,
    room_commands.ListPublishKeys: _list_publish_keys,
    room_commands.RevokePublishKey: _revoke_publish_key,
    room_commands.RequestPublishTicket: _request_publish_ticket,
    room_commands.RequestSubscribeTicket: _request_subscribe_ticket,
    room_commands.EndBroadcast: _end_broadcast,
    chat_commands.SendDanmaku: _send_danmaku,
    **COIN_USE_CASES,
    chat_commands.SetChatRules: _set_chat_rules,
    chat_commands.ReviewDanmaku: _review_danmaku,
    chat_commands.PinMessage: _pin_message,
    chat_commands.Announce: _announce,
    account_commands.FollowUser: _follow_user,
    commands.Ping: _ping,
    **INTERACTION,
    **ADMIN_USE_CASES,
    **PRIVACY_USE_CASES,
    **WORDS_USE_CASES,
    **ORDER_USE_CASES,
    **INBOX_USE_CASES,
    **DETECTION_USE_CASES,
    **DISCOVERY_USE_CASES,
    **EMOTES_USE_CASES,
    **COVER_USE_CASES,
    **REPLAY_USE_CASES,
}
