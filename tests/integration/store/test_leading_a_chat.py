"""Rules, review, pin, announcement and following, as sockets see them, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from server.audit.service import AUTOMATIC
from server.gateway.registry import Identity
from tests.server_parts import Parts, Socket
from wire import (
    account_commands,
    chat_commands,
    chat_events,
    command_base,
    event_base,
    events,
    room_commands,
    room_events,
)
from wire.errors import ErrorCode
from wire.limits import CHAT_HELD_MAX

if TYPE_CHECKING:
    from server.store.store import Store
    from wire.ids import RoomId


async def settle(parts: Parts, room_id: RoomId) -> None:
    """Until what was posted is written."""
    room = parts.hub._rooms.get(room_id)
    if room is not None and room.writer is not None:
        await room.writer


async def house(parts: Parts) -> tuple[Socket, Socket, RoomId]:
    """An owner and a viewer in the owner's room."""
    owner, viewer = Socket(parts), Socket(parts)
    await owner.register("Ada")
    await viewer.register("Bob")
    answer = await owner.ask(room_commands.CreateRoom, name="Hall")
    assert isinstance(answer, room_events.RoomDetails)
    room_id = answer.room.room_id
    for socket in (owner, viewer):
        assert isinstance(
            await socket.ask(room_commands.JoinRoom, room_id=room_id), room_events.RoomJoined
        )
    return owner, viewer, room_id


async def join(parts: Parts, room_id: RoomId) -> room_events.RoomJoined:
    """As somebody new sees it."""
    answer = await Socket(parts).ask(room_commands.JoinRoom, room_id=room_id)
    assert isinstance(answer, room_events.RoomJoined)
    return answer


async def say(socket: Socket, room_id: RoomId, text: str = "hello") -> event_base.Answer:
    return await socket.ask(chat_commands.SendDanmaku, room_id=room_id, text=text)


def code_of(answer: event_base.Answer) -> ErrorCode:
    assert isinstance(answer, events.Error), answer
    return answer.code


def texts_seen(socket: Socket) -> list[str]:
    return [
        event.text for event in socket.channel.events if isinstance(event, event_base.DanmakuPosted)
    ]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (chat_commands.SetChatRules, {"slow_s": 5}),
        (chat_commands.PinMessage, {"message_id": None}),
        (chat_commands.Announce, {"text": "hi"}),
        (chat_commands.ReviewDanmaku, {"message_id": "m", "is_shown": True}),
    ],
)
async def test_leading_when_a_viewer_tries_then_forbidden(
    parts: Parts, kind: type[command_base.Command], fields: dict[str, object]
) -> None:
    _, viewer, room_id = await house(parts)
    assert code_of(await viewer.ask(kind, room_id=room_id, **fields)) is ErrorCode.FORBIDDEN


async def test_slow_mode_when_set_then_binds_viewers_and_not_the_owner(parts: Parts) -> None:
    owner, viewer, room_id = await house(parts)
    await owner.ask(chat_commands.SetChatRules, room_id=room_id, slow_s=10)
    assert isinstance(await say(viewer, room_id), chat_events.DanmakuAccepted)
    refused = await say(viewer, room_id)
    assert code_of(refused) is ErrorCode.SLOW_MODE
    assert isinstance(refused, events.Error)
    assert refused.retry_after_ms == 10_000
    for _ in range(3):
        assert isinstance(await say(owner, room_id), chat_events.DanmakuAccepted)


async def test_rules_when_set_then_told_and_kept_over_a_restart(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    owner, viewer, room_id = await house(parts)
    await owner.ask(chat_commands.SetChatRules, room_id=room_id, emoji_only=True, slow_s=3)
    await settle(parts, room_id)
    rules = event_base.ChatRules(emoji_only=True, slow_s=3)
    assert chat_events.ChatRulesChanged(room_id=room_id, rules=rules) in viewer.channel.events
    await parts.close()
    again = Parts(open_store())
    assert (await join(again, room_id)).chat_rules == rules
    await again.close()


async def test_emoji_only_when_set_then_words_are_refused(parts: Parts) -> None:
    owner, viewer, room_id = await house(parts)
    await owner.ask(chat_commands.SetChatRules, room_id=room_id, emoji_only=True)
    assert code_of(await say(viewer, room_id)) is ErrorCode.EMOJI_ONLY
    assert isinstance(await say(viewer, room_id, "👍🏽"), chat_events.DanmakuAccepted)


async def test_followers_only_when_set_then_following_opens_the_chat(parts: Parts) -> None:
    owner, viewer, room_id = await house(parts)
    owner_id = (await join(parts, room_id)).room.owner.user_id
    await owner.ask(chat_commands.SetChatRules, room_id=room_id, followers_only=True)
    assert code_of(await say(viewer, room_id)) is ErrorCode.FOLLOWERS_ONLY
    for _ in range(2):
        await viewer.ask(account_commands.FollowUser, user_id=owner_id, is_following=True)
    assert isinstance(await say(viewer, room_id), chat_events.DanmakuAccepted)
    joined = await viewer.ask(room_commands.JoinRoom, room_id=room_id)
    assert isinstance(joined, room_events.RoomJoined)
    assert (joined.is_following, joined.followers) == (True, 1)
    await viewer.ask(account_commands.FollowUser, user_id=owner_id, is_following=False)
    assert code_of(await say(viewer, room_id)) is ErrorCode.FOLLOWERS_ONLY
    assert (await join(parts, room_id)).followers == 0


async def test_follow_when_oneself_or_nobody_then_refused(parts: Parts) -> None:
    owner, _, room_id = await house(parts)
    owner_id = (await join(parts, room_id)).room.owner.user_id
    for user_id, code in ((owner_id, ErrorCode.INVALID_VALUE), ("nobody", ErrorCode.NOT_FOUND)):
        answer = await owner.ask(account_commands.FollowUser, user_id=user_id, is_following=True)
        assert code_of(answer) is code


async def test_pin_and_announcement_when_set_then_are_kept_for_joiners(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    owner, viewer, room_id = await house(parts)
    accepted = await say(viewer, room_id, "the answer is 42")
    assert isinstance(accepted, chat_events.DanmakuAccepted)
    await owner.ask(chat_commands.PinMessage, room_id=room_id, message_id=accepted.message_id)
    await owner.ask(chat_commands.Announce, room_id=room_id, text=" Next\u202e stream: Friday ")
    await settle(parts, room_id)
    kinds = {type(event) for event in viewer.channel.events}
    assert {chat_events.MessagePinned, chat_events.Announced} <= kinds
    await parts.close()

    again = Parts(open_store())
    joined = await join(again, room_id)
    assert joined.pinned is not None
    assert (joined.pinned.text, joined.pinned.name) == ("the answer is 42", "Bob")
    assert joined.announcement is not None
    assert (joined.announcement.text, joined.announcement.name) == ("Next stream: Friday", "Ada")
    await again.chat.pin(room_id, None, by=AUTOMATIC)
    await again.chat.announce(room_id, " ", name="Ada", by=AUTOMATIC)
    joined = await join(again, room_id)
    assert (joined.pinned, joined.announcement) == (None, None)
    await again.close()


async def test_pin_when_the_message_is_of_another_room_then_not_found(parts: Parts) -> None:
    owner, _, room_id = await house(parts)
    other = await owner.ask(room_commands.CreateRoom, name="Cellar")
    assert isinstance(other, room_events.RoomDetails)
    await owner.ask(room_commands.JoinRoom, room_id=other.room.room_id)
    accepted = await say(owner, other.room.room_id)
    assert isinstance(accepted, chat_events.DanmakuAccepted)
    answer = await owner.ask(
        chat_commands.PinMessage, room_id=room_id, message_id=accepted.message_id
    )
    assert code_of(answer) is ErrorCode.NOT_FOUND


async def test_held_message_when_reviewed_then_shown_once_or_dropped(parts: Parts) -> None:
    owner, viewer, room_id = await house(parts)
    await owner.ask(chat_commands.SetChatRules, room_id=room_id, is_held=True)
    held = []
    for text in ("good", "bad"):
        accepted = await say(viewer, room_id, text)
        assert isinstance(accepted, chat_events.DanmakuAccepted)
        assert accepted.is_held
        held.append(accepted.message_id)
    await settle(parts, room_id)
    told = [e.message.text for e in owner.channel.events if isinstance(e, chat_events.DanmakuHeld)]
    assert told == ["good", "bad"]
    assert not any(isinstance(e, chat_events.DanmakuHeld) for e in viewer.channel.events)
    assert texts_seen(viewer) == texts_seen(owner) == []
    assert (await join(parts, room_id)).held == ()
    rejoined = await owner.ask(room_commands.JoinRoom, room_id=room_id)
    assert isinstance(rejoined, room_events.RoomJoined)
    assert [message.text for message in rejoined.held] == ["good", "bad"]

    for message_id, is_shown in zip(held, (True, False), strict=True):
        fields = {"room_id": room_id, "message_id": message_id, "is_shown": is_shown}
        assert isinstance(await owner.ask(chat_commands.ReviewDanmaku, **fields), events.Ok)
        again = await owner.ask(chat_commands.ReviewDanmaku, **fields)
        assert code_of(again) is ErrorCode.NOT_FOUND
    await settle(parts, room_id)
    assert texts_seen(viewer) == ["good"]
    assert [message.text for message in (await join(parts, room_id)).messages] == ["good"]


async def test_held_messages_stay_bounded(parts: Parts) -> None:
    owner, viewer, room_id = await house(parts)
    await owner.ask(chat_commands.SetChatRules, room_id=room_id, is_held=True)
    for _ in range(CHAT_HELD_MAX):
        parts.time.mono_s += 2
        assert isinstance(await say(viewer, room_id), chat_events.DanmakuAccepted)
    parts.time.mono_s += 2
    assert code_of(await say(viewer, room_id)) is ErrorCode.BUSY


async def test_moderator_when_dismissed_then_sees_no_held_messages_any_more(parts: Parts) -> None:
    owner, viewer, room_id = await house(parts)
    helper = Socket(parts)
    await helper.register("Cleo")
    login = helper.session._state.actor.require_login()
    parts.registry.register(helper.channel, Identity(login.user.user_id, login.session_id))
    await helper.ask(room_commands.JoinRoom, room_id=room_id)
    await owner.ask(chat_commands.SetChatRules, room_id=room_id, is_held=True)
    seen = []
    for granted in (True, False):
        await owner.ask(
            room_commands.SetModerator,
            room_id=room_id,
            user_id=login.user.user_id,
            granted=granted,
        )
        await say(viewer, room_id, f"while {granted}")
        seen = [e for e in helper.channel.events if isinstance(e, chat_events.DanmakuHeld)]
    assert [event.message.text for event in seen] == ["while True"]


async def test_delay_when_set_then_the_room_sees_it_later_and_the_owner_speaks_at_once(
    parts: Parts,
) -> None:
    owner, viewer, room_id = await house(parts)
    asked: list[float] = []
    may_show = asyncio.Event()

    async def wait(seconds: float) -> None:
        asked.append(seconds)
        await may_show.wait()

    parts.chat._sleep = wait
    await owner.ask(chat_commands.SetChatRules, room_id=room_id, delay_s=7)
    assert isinstance(await say(viewer, room_id, "later"), chat_events.DanmakuAccepted)
    await say(owner, room_id, "now")
    await settle(parts, room_id)
    assert (asked, texts_seen(owner)) == ([7], ["now"])
    may_show.set()
    await asyncio.wait(parts.chat._tasks._tasks)
    await settle(parts, room_id)
    assert texts_seen(owner) == ["now", "later"]
