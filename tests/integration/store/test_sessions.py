"""Where a user is logged in, and ending that from elsewhere."""

from __future__ import annotations

import pytest

from server.accounts.session_times import SESSION_LIFETIME_MS
from tests.server_parts import PASSWORD, Parts, Socket
from wire import account_commands, account_events, event_base, events
from wire.errors import CloseCode, ErrorCode, WireError
from wire.ids import SessionId


async def log_in(parts: Parts, name: str, device: str) -> Socket:
    socket = Socket(parts)
    answer = await socket.ask(account_commands.Login, name=name, password=PASSWORD, device=device)
    assert isinstance(answer, account_events.LoggedIn), answer
    return socket


async def sessions_of(socket: Socket) -> tuple[event_base.SessionInfo, ...]:
    answer = await socket.ask(account_commands.ListSessions)
    assert isinstance(answer, account_events.Sessions), answer
    return answer.sessions


async def code_when_ended(socket: Socket, session_id: SessionId | None) -> ErrorCode:
    answer = await socket.ask(account_commands.EndSession, session_id=session_id)
    assert isinstance(answer, events.Error), answer
    return answer.code


async def test_list_when_asked_then_this_one_is_first_and_labels_and_times_are_there(
    parts: Parts,
) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    parts.time.pass_s(60)
    await log_in(parts, "Ada", "phone")
    parts.time.pass_s(60)
    await log_in(parts, "Ada", "laptop")
    now = parts.time.unix_us // 1000
    first, *others = await sessions_of(ada)
    assert first.is_this
    assert first.session_id == ada.session.session_id
    assert {(one.device, one.created_at_unix_ms) for one in others} == {
        ("phone", now - 60_000),
        ("laptop", now),
    }
    assert not any(one.is_this for one in others)


async def test_list_when_a_socket_closes_then_last_seen_is_then_and_stays_after_a_restart(
    parts: Parts,
) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    phone = await log_in(parts, "Ada", "phone")
    parts.time.pass_s(3_600)
    closed_at = parts.time.unix_us // 1000
    assert (await sessions_of(ada))[1].last_seen_at_unix_ms == closed_at
    phone.session.closed()
    parts.registry.forget(phone.channel)
    parts.time.pass_s(3_600)
    assert (await sessions_of(ada))[1].last_seen_at_unix_ms == closed_at
    await parts.accounts.write_seen()
    again = Parts(parts.store)
    parts.time.pass_s(60)
    again.time.pass_s(7_260)
    other = await log_in(again, "Ada", "desk")
    seen = {one.device: one.last_seen_at_unix_ms for one in await sessions_of(other)}
    assert seen["phone"] == closed_at
    again.hasher.close()


async def test_list_when_a_session_has_expired_then_is_left_out(parts: Parts) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    parts.time.pass_s(SESSION_LIFETIME_MS / 1000 + 1)
    desk = await log_in(parts, "Ada", "desk")
    assert [one.device for one in await sessions_of(desk)] == ["desk"]


async def test_end_when_it_is_ones_own_then_its_socket_is_cut_and_its_token_ends(
    parts: Parts,
) -> None:
    ada = Socket(parts)
    registered = await ada.register("Ada")
    phone = await log_in(parts, "Ada", "phone")
    answer = await phone.ask(account_commands.EndSession, session_id=registered.session_id)
    assert isinstance(answer, events.Ok)
    assert ada.channel.closed_with is not None
    assert ada.channel.closed_with[0] == CloseCode.SESSION_ENDED
    with pytest.raises(WireError) as caught:
        await parts.accounts.resume(registered.token)
    assert caught.value.code is ErrorCode.SESSION_ENDED
    assert await code_when_ended(phone, registered.session_id) is ErrorCode.NOT_FOUND


async def test_end_when_it_is_this_one_then_a_guest(parts: Parts) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    answer = await ada.ask(account_commands.EndSession, session_id=ada.session.session_id)
    assert isinstance(answer, events.Ok)
    assert ada.session.session_id is None
    assert ada.channel.closed_with is None


@pytest.mark.parametrize("hostile", ["another's", "nowhere", "x\0y", "' OR 1=1 --"])
async def test_end_when_it_is_not_ones_own_then_not_found_and_nobody_is_cut(
    parts: Parts, hostile: str
) -> None:
    ada, eve = Socket(parts), Socket(parts)
    registered = await ada.register("Ada")
    await eve.register("Eve")
    wanted = registered.session_id if hostile == "another's" else SessionId(hostile)
    assert await code_when_ended(eve, wanted) is ErrorCode.NOT_FOUND
    assert ada.channel.closed_with is None
    assert (await parts.accounts.resume(registered.token)).user == registered.user
    assert len(await sessions_of(eve)) == 1
