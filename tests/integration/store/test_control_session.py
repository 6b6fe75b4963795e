"""Control sockets on real services: what a client sees."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from server.gateway.control import MALFORMED_MAX
from server.gateway.control_commands import ROOMS_MAX, USE_CASES
from server.gateway.control_state import ACKNOWLEDGEMENTS_MAX
from tests.server_parts import PASSWORD, Parts, Socket
from wire import (
    account_commands,
    account_events,
    chat_commands,
    chat_events,
    coin_commands,
    command_base,
    commands,
    event_base,
    events,
    inbox_commands,
    privacy_commands,
    replay_commands,
    room_commands,
    room_events,
    taste_commands,
)
from wire.admin_commands import (
    GetOverview,
    ListHouseRooms,
    ListUsers,
    RedeemPasswordReset,
    StartJob,
)
from wire.errors import CloseCode, ErrorCode
from wire.event_base import BroadcastInfo, DanmakuPosted
from wire.ids import BroadcastId, RoomId
from wire.privacy_events import PRIVACY_VERSION
from wire.room_events import RoomChanged


def code_of(answer: event_base.Answer) -> ErrorCode:
    assert isinstance(answer, events.Error), answer
    return answer.code


async def open_room(parts: Parts, owner: Socket, name: str = "Hall", **fields: object) -> RoomId:
    answer = await owner.ask(room_commands.CreateRoom, name=name, **fields)
    assert isinstance(answer, room_events.RoomDetails), answer
    return answer.room.room_id


def fields_of(kind: type[command_base.Command], room_id: RoomId) -> dict[str, object]:
    """Good values for every required field of a command."""
    known: dict[str, object] = {
        "room_id": room_id,
        "room": room_id,
        "name": "Someone",
        "password": PASSWORD,
        "old_password": PASSWORD,
        "new_password": "another good one",
        "token": "t",
        "secret": "s",
        "user_id": "u",
        "raid_id": "r",
        "granted": True,
        "invite_id": "i",
        "session_id": "s",
        "key_id": "k",
        "text": "hello",
        "count": 3,
        "gift_id": "flower",
        "packet_id": "p",
        "transfer_id": "t",
        "coins": 10,
        "shares": 2,
        "span": "all",
        "note": "hello",
        "idempotency_key": "k",
        "word": "nonsense",
        "words": ("nonsense",),
        "question": "Which?",
        "choices": ("one", "two"),
        "interests": ("music",),
        "poll_id": "p",
        "choice": 0,
        "prize": "a mug",
        "draw_id": "d",
        "message_id": "m",
        "is_shown": True,
        "is_following": True,
        "is_featured": True,
        "is_on": True,
        "value": "on",
        "agreed_version": PRIVACY_VERSION,
        "is_recorded": False,
        "export_id": "e",
        "act_id": "a",
        "sanction_id": "s",
        "kind": "mute",
        "reason": "spam",
        "report_id": "r",
        "decision": "dismissed",
        "category": "idea",
        "feedback_id": "f",
        "key": "k",
        "model_id": "m",
        "emote_id": "e",
        "picture": b"p",
        "replay_id": "r",
    }
    if kind is GetOverview:
        known["span"] = "hour"
    if kind is StartJob:
        known["kind"] = "backup"
    elif kind in {ListHouseRooms, ListUsers}:
        known["kind"] = "all"
    return {name: known[name] for name in kind.__struct_fields__ if name in known}


def test_use_cases_when_compared_with_the_wire_then_every_command_has_one() -> None:
    assert set(USE_CASES) == set(commands.ControlCommand.__args__)


GUESTS_COMMANDS = {
    account_commands.Register,
    account_commands.Login,
    account_commands.Resume,
    account_commands.Logout,
    room_commands.ListRooms,
    room_commands.GetRoom,
    room_commands.JoinRoom,
    room_commands.LeaveRoom,
    coin_commands.ListGifts,
    commands.Ping,
    RedeemPasswordReset,
    privacy_commands.GetPrivacyTerms,
    inbox_commands.AppealBan,
    replay_commands.ListReplays,
    replay_commands.OpenReplay,
    replay_commands.LiveRecording,
    replay_commands.ReadTimeline,
    replay_commands.GetRoomRecording,
    taste_commands.RecommendReplays,
}


@pytest.mark.parametrize("kind", sorted(USE_CASES, key=lambda kind: kind.__name__))
async def test_guest_when_asking_for_anything_then_only_what_guests_may(
    parts: Parts, kind: type[command_base.Command]
) -> None:
    owner, guest = Socket(parts), Socket(parts)
    await owner.register("Ada")
    room_id = await open_room(parts, owner)
    answer = await guest.ask(kind, **fields_of(kind, room_id))
    if kind in GUESTS_COMMANDS:
        assert not isinstance(answer, events.Error) or answer.code in {
            ErrorCode.BAD_CREDENTIALS,
            ErrorCode.SESSION_ENDED,
            ErrorCode.NOT_FOUND,
        }
    else:
        assert code_of(answer) is ErrorCode.LOGIN_REQUIRED


async def test_session_when_its_first_command_succeeds_then_admitted(parts: Parts) -> None:
    socket = Socket(parts)
    await socket.ask(account_commands.Resume, token="nonsense")
    await socket.send_text("garbage")
    assert not socket.session.is_admitted
    await socket.ask(commands.Ping)
    assert socket.session.is_admitted


@pytest.mark.parametrize(
    "kind", [account_commands.Register, account_commands.Login, account_commands.Resume]
)
async def test_login_when_already_logged_in_then_wrong_state(
    parts: Parts, kind: type[command_base.Command]
) -> None:
    socket = Socket(parts)
    answer = await socket.register("Ada")
    again = await socket.ask(kind, **fields_of(kind, RoomId("r")))
    assert code_of(again) is ErrorCode.WRONG_STATE
    assert socket.session.user_id == answer.user.user_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        '{"id": 1}',
        '{"id": 1, "type": "NoSuchThing"}',
        '{"id": 1, "type": "Ping", "more": 1}',
        '{"id": NaN, "type": "Ping"}',
        '{"id": true, "type": "Ping"}',
        '{"id": ' + "9" * 5_000 + ', "type": "Ping"}',
        "[" * 60_000,
        '{"id": 1, "type": "GetRoom", "room": ' + '{"a":' * 10_000,
        '{"id": 1, "type": "GetRoom", "room": "\\ud800"}',
        b"\xff\xfe",
        b'{"id": 1, "type": "GetRoom", "room": "\xed\xa0\x80"}',
    ],
)
async def test_handle_when_malformed_then_an_error_and_the_socket_lives(
    parts: Parts, text: str | bytes
) -> None:
    socket = Socket(parts)
    await socket.session.handle(text)
    (error,) = socket.channel.sent
    assert code_of(error) in {
        ErrorCode.MALFORMED,
        ErrorCode.UNKNOWN_TYPE,
        ErrorCode.INVALID_VALUE,
        ErrorCode.NOT_FOUND,
    }
    assert isinstance(await socket.ask(commands.Ping), events.Pong)


async def test_handle_when_ten_are_malformed_then_closed(parts: Parts) -> None:
    socket = Socket(parts)
    for _ in range(MALFORMED_MAX + 5):
        await socket.session.handle("garbage")
    assert len(socket.channel.sent) == MALFORMED_MAX
    assert socket.channel.closed_with is not None
    assert socket.channel.closed_with[0] == CloseCode.MALFORMED


async def test_handle_when_a_request_does_not_parse_then_its_id_is_repeated(
    parts: Parts,
) -> None:
    socket = Socket(parts)
    await socket.session.handle('{"id": 7, "type": "Ping", "more": 1}')
    assert socket.channel.sent[0].re == 7


async def test_handle_when_we_make_a_mistake_then_internal_without_details(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_args: object) -> None:
        raise ZeroDivisionError("/secret/path SELECT")

    monkeypatch.setitem(USE_CASES, commands.Ping, fail)
    socket = Socket(parts)
    for _ in range(15):
        answer = await socket.ask(commands.Ping)
        assert isinstance(answer, events.Error)
        assert (answer.code, answer.message) == (
            ErrorCode.INTERNAL,
            "the relay made a mistake",
        )
    assert socket.session._log_lines == 15


async def test_logout_when_done_then_this_socket_is_a_guest_and_the_others_are_cut(
    parts: Parts,
) -> None:
    first, second, stranger = Socket(parts), Socket(parts), Socket(parts)
    answer = await first.register("Ada")
    await second.ask(account_commands.Resume, token=answer.token)
    await stranger.register("Bob")
    room_id = await open_room(parts, first)
    await first.ask(room_commands.JoinRoom, room_id=room_id)
    assert isinstance(await first.ask(account_commands.Logout), events.Ok)
    assert first.channel.closed_with is None
    assert not parts.hub.is_member(room_id, first.channel)
    assert second.channel.closed_with == (CloseCode.SESSION_ENDED, "logged out")
    assert stranger.channel.closed_with is None
    assert first.session.user_id is None
    assert isinstance(await first.ask(account_commands.Logout), events.Ok)
    assert code_of(await first.ask(account_commands.Resume, token=answer.token)) is (
        ErrorCode.SESSION_ENDED
    )


async def test_logout_when_everywhere_then_all_sessions_are_cut(parts: Parts) -> None:
    first, second = Socket(parts), Socket(parts)
    await first.register("Ada")
    await second.ask(account_commands.Login, name="Ada", password=PASSWORD)
    await first.ask(account_commands.Logout, everywhere=True)
    assert second.channel.closed_with is not None


async def test_change_password_when_done_then_other_sessions_are_cut(parts: Parts) -> None:
    first, second = Socket(parts), Socket(parts)
    await first.register("Ada")
    await second.ask(account_commands.Login, name="Ada", password=PASSWORD)
    answer = await first.ask(
        account_commands.ChangePassword, old_password=PASSWORD, new_password="another good one"
    )
    assert isinstance(answer, account_events.LoggedIn)
    assert answer.token
    assert first.channel.closed_with is None
    assert second.channel.closed_with == (CloseCode.SESSION_ENDED, "the password was changed")


async def test_resume_when_a_session_ends_meanwhile_then_not_logged_in(parts: Parts) -> None:
    """The token is read, then the session ends and its sockets are cut, then the answer comes."""
    first, second = Socket(parts), Socket(parts)
    answer = await first.register("Ada")
    read = parts.store.read

    async def read_then_log_out(work: object) -> object:
        found = await read(work)
        parts.store.read = read
        await first.ask(account_commands.Logout)
        return found

    parts.store.read = read_then_log_out
    assert code_of(await second.ask(account_commands.Resume, token=answer.token)) is (
        ErrorCode.SESSION_ENDED
    )


async def test_claim_admin_when_right_then_the_socket_is_an_admins(parts: Parts) -> None:
    owner, admin = Socket(parts), Socket(parts)
    await owner.register("Ada")
    await admin.register("Root")
    room_id = await open_room(parts, owner)
    edit = {"room_id": room_id, "title": "In order"}
    assert code_of(await admin.ask(room_commands.EditRoom, **edit)) is ErrorCode.FORBIDDEN
    secret = await parts.accounts.console_secret()
    assert isinstance(await admin.ask(account_commands.ClaimAdmin, secret=secret), events.Ok)
    assert isinstance(await admin.ask(room_commands.EditRoom, **edit), room_events.RoomDetails)


async def test_danmaku_when_sent_then_all_members_see_it_and_the_sender_hears_after_disk(
    parts: Parts,
) -> None:
    sockets = [Socket(parts) for _ in range(4)]
    ada, guest, bob, outsider = sockets
    await ada.register("Ada")
    await bob.register("Bob")
    room_id = await open_room(parts, ada)
    for socket in (ada, guest, bob):
        answer = await socket.ask(room_commands.JoinRoom, room_id=room_id)
        assert isinstance(answer, room_events.RoomJoined)
    accepted = await bob.ask(chat_commands.SendDanmaku, room_id=room_id, text="你好")
    assert isinstance(accepted, chat_events.DanmakuAccepted)
    for socket in (ada, guest, bob):
        (event,) = socket.channel.events
        assert isinstance(event, DanmakuPosted)
        assert (event.text, event.name, event.role) == ("你好", "Bob", "viewer")
        assert event.message_id == accepted.message_id
    assert outsider.channel.events == []


async def test_danmaku_when_not_in_the_room_then_wrong_state(parts: Parts) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    room_id = await open_room(parts, ada)
    answer = await ada.ask(chat_commands.SendDanmaku, room_id=room_id, text="hello")
    assert code_of(answer) is ErrorCode.WRONG_STATE


async def test_danmaku_when_many_wait_for_the_disk_then_at_most_so_many_are_owed(
    parts: Parts,
) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    room_id = await open_room(parts, ada)
    await ada.ask(room_commands.JoinRoom, room_id=room_id)
    may_write = asyncio.Event()
    write = parts.store.write

    async def wait_then_write(work: object) -> object:
        await may_write.wait()
        return await write(work)

    parts.store.write = wait_then_write
    for number in range(ACKNOWLEDGEMENTS_MAX - 1):
        await ada.say(chat_commands.SendDanmaku, room_id=room_id, text=f"{number}")
    last = asyncio.get_running_loop().create_task(
        ada.say(chat_commands.SendDanmaku, room_id=room_id, text="last")
    )
    done, _ = await asyncio.wait([last], timeout=0.05)
    assert not done
    may_write.set()
    await last
    assert isinstance(await ada.ask(commands.Ping), events.Pong)


async def test_join_when_messages_are_on_their_way_then_none_is_missed_or_doubled(
    parts: Parts,
) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    room_id = await open_room(parts, ada)
    await ada.ask(room_commands.JoinRoom, room_id=room_id)
    joiners = []
    for number in range(20):
        await ada.say(chat_commands.SendDanmaku, room_id=room_id, text=f"{number}")
        joiner = Socket(parts)
        await joiner.say(room_commands.JoinRoom, room_id=room_id)
        joiners.append(joiner)
    await parts.chat.close()
    await ada.ask(commands.Ping)
    writer = parts.hub._rooms[room_id].writer
    if writer is not None:
        await writer
    for joiner in joiners:
        (joined,) = joiner.channel.sent
        assert isinstance(joined, room_events.RoomJoined)
        seen = [*joined.messages, *joiner.channel.events]
        assert [event.text for event in seen if isinstance(event, DanmakuPosted)] == [
            str(number) for number in range(20)
        ]


async def test_join_when_in_too_many_rooms_then_full(parts: Parts) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    rooms = [await open_room(parts, ada, f"Room {number}") for number in range(ROOMS_MAX + 1)]
    for room_id in rooms[:ROOMS_MAX]:
        await ada.ask(room_commands.JoinRoom, room_id=room_id)
    assert code_of(await ada.ask(room_commands.JoinRoom, room_id=rooms[-1])) is ErrorCode.FULL
    await ada.ask(room_commands.LeaveRoom, room_id=rooms[0])
    answer = await ada.ask(room_commands.JoinRoom, room_id=rooms[-1])
    assert isinstance(answer, room_events.RoomJoined)


async def test_edit_when_the_room_closes_then_guests_are_told_and_leave(parts: Parts) -> None:
    ada, guest, bob = Socket(parts), Socket(parts), Socket(parts)
    await ada.register("Ada")
    room_id = await open_room(parts, ada)
    for socket in (guest, bob):
        await socket.ask(room_commands.JoinRoom, room_id=room_id)
    await bob.register("Bob")
    await ada.ask(room_commands.EditRoom, room_id=room_id, privacy="invite")
    (event,) = guest.channel.events
    assert isinstance(event, RoomChanged)
    assert event.room.privacy == "invite"
    assert not parts.hub.is_member(room_id, guest.channel)
    assert parts.hub.is_member(room_id, bob.channel)
    assert isinstance(
        await bob.ask(room_commands.RequestSubscribeTicket, room_id=room_id),
        room_events.TicketIssued,
    )


async def test_closed_when_the_socket_is_gone_then_it_is_in_no_room(parts: Parts) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    room_id = await open_room(parts, ada)
    await ada.ask(room_commands.JoinRoom, room_id=room_id)
    for _ in range(2):
        ada.session.closed()
    assert parts.hub.members(room_id) == ()


async def test_closed_when_a_guest_has_gone_then_nothing_keeps_its_session(parts: Parts) -> None:
    ada, guest = Socket(parts), Socket(parts)
    await ada.register("Ada")
    room_id = await open_room(parts, ada)
    await guest.ask(commands.Ping)
    await guest.ask(room_commands.JoinRoom, room_id=room_id)
    guest.session.closed()
    parts.registry.forget(guest.channel)
    session = weakref.ref(guest.session)
    del guest
    gc.collect()
    assert session() is None


async def test_end_broadcast_when_nothing_is_live_then_not_live(parts: Parts) -> None:
    ada, bob = Socket(parts), Socket(parts)
    await ada.register("Ada")
    await bob.register("Bob")
    room_id = await open_room(parts, ada)
    end = room_commands.EndBroadcast
    assert code_of(await ada.ask(end, room_id=room_id)) is ErrorCode.NOT_LIVE
    parts.plane.live[room_id] = BroadcastInfo(
        broadcast_id=BroadcastId("b"), started_at_unix_us=1, state="live"
    )
    assert code_of(await bob.ask(end, room_id=room_id)) is ErrorCode.FORBIDDEN
    assert isinstance(await ada.ask(end, room_id=room_id), events.Ok)


async def test_revoke_publish_key_when_used_then_its_sockets_are_cut(parts: Parts) -> None:
    ada = Socket(parts)
    await ada.register("Ada")
    room_id = await open_room(parts, ada)
    key = await ada.ask(room_commands.CreatePublishKey, room_id=room_id)
    assert isinstance(key, room_events.PublishKeyCreated)
    cut: list[object] = []
    parts.registry.cut = lambda **given: cut.append(given["key_id"]) or 0
    await ada.ask(room_commands.RevokePublishKey, room_id=room_id, key_id="another")
    await ada.ask(room_commands.RevokePublishKey, room_id=room_id, key_id=key.key_id)
    assert cut == [key.key_id]


async def test_ping_when_flooded_then_rate_limited_with_the_wait(parts: Parts) -> None:
    socket = Socket(parts)
    answers = [await socket.ask(commands.Ping) for _ in range(101)]
    refusal = answers[-1]
    assert isinstance(refusal, events.Error)
    assert refusal.code is ErrorCode.RATE_LIMITED
    assert refusal.retry_after_ms == 50
    other = Socket(parts)
    assert isinstance(await other.ask(commands.Ping), events.Pong)
