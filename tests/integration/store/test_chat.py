from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from server.audit.service import Doer
from server.store.store import Store
from tests.server_parts import FakeChannel, Parts
from wire import chat_commands, command_base
from wire.errors import ErrorCode, WireError
from wire.event_base import ChatRules, DanmakuPosted
from wire.ids import MessageId, RoomId

if TYPE_CHECKING:
    from server.accounts.actor import Actor
    from server.chat.service import Posted


async def say(
    parts: Parts,
    who: Actor,
    room_id: RoomId,
    text: str,
    *,
    is_fast: bool = True,
    reply_to: MessageId | None = None,
    size: command_base.DanmakuSize = "normal",
) -> Posted:
    command = chat_commands.SendDanmaku(
        id=1, room_id=room_id, text=text, reply_to=reply_to, size=size
    )
    return await parts.chat.send(who.require_login(), command, role="viewer", is_fast=is_fast)


async def test_send_when_accepted_then_on_disk(
    open_store: Callable[[], Store],
) -> None:
    parts, other = Parts(open_store()), Parts(open_store())
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    posted = await say(parts, ada, room_id, "  hello  ")
    accepted = await posted.stored
    assert accepted.message_id == posted.event.message_id
    await other.chat.load_history(room_id)
    assert other.chat.history(room_id) == (posted.event,)
    assert posted.event.text == "hello"
    await parts.close()
    await other.close()


async def test_send_when_many_at_once_then_in_order_and_in_few_transactions(
    parts: Parts,
) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    channel = FakeChannel()
    parts.hub.join(room_id, channel, is_guest=True)
    writes = 0
    write = parts.store.write

    async def count(work: Callable[..., object]) -> object:
        nonlocal writes
        writes += 1
        return await write(work)

    parts.store.write = count
    posted = [await say(parts, ada, room_id, f"message {number}") for number in range(90)]
    await asyncio.gather(*(message.stored for message in posted))
    assert writes <= 10
    ids = [message.event.message_id for message in posted]
    assert ids == sorted(ids)
    assert len(set(ids)) == 90
    assert [event.text for event in channel.events if isinstance(event, DanmakuPosted)] == [
        f"message {number}" for number in range(90)
    ]


async def test_send_when_the_clock_goes_back_then_ids_still_grow(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    first = await say(parts, ada, room_id, "first")
    await first.stored
    parts.time.unix_us -= 3_600_000_000
    second = await say(parts, ada, room_id, "second")
    await second.stored
    assert second.event.message_id > first.event.message_id
    restarted = Parts(open_store())
    restarted.time.unix_us -= 7_200_000_000
    third = await say(restarted, ada, room_id, "third")
    await third.stored
    assert third.event.message_id > second.event.message_id
    await parts.close()
    await restarted.close()


async def test_send_when_too_fast_then_refused_with_the_wait(parts: Parts) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    for number in range(3):
        await say(parts, ada, room_id, f"{number}", is_fast=False)
    with pytest.raises(WireError) as caught:
        await say(parts, ada, room_id, "4", is_fast=False)
    assert caught.value.code is ErrorCode.RATE_LIMITED
    assert caught.value.retry_after_ms == 1_000
    parts.time.pass_s(1)
    await say(parts, ada, room_id, "5", is_fast=False)


async def test_send_when_the_owner_then_a_hundred_in_half_a_minute(parts: Parts) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    for number in range(100):
        await say(parts, ada, room_id, f"{number}")
    with pytest.raises(WireError, match="too fast"):
        await say(parts, ada, room_id, "101")


async def test_send_when_replying_then_only_to_a_message_of_the_room(parts: Parts) -> None:
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    other_id = await parts.create_room(ada, "Other")
    first = await say(parts, ada, room_id, "first")
    await first.stored
    reply = await say(parts, ada, room_id, "reply", reply_to=first.event.message_id)
    assert reply.event.reply_to == first.event.message_id
    for room, message_id in ((other_id, first.event.message_id), (room_id, MessageId("none"))):
        with pytest.raises(WireError) as caught:
            await say(parts, ada, room, "reply", reply_to=message_id)
        assert caught.value.code is ErrorCode.NOT_FOUND


async def test_history_when_long_then_the_last_hundred_oldest_first(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    for number in range(130):
        await say(parts, ada, room_id, f"{number}")
        parts.time.pass_s(1)
    await parts.chat.close()
    later = Parts(open_store())
    for chat in (parts.chat, later.chat):
        await chat.load_history(room_id)
        assert [message.text for message in chat.history(room_id)] == [
            str(number) for number in range(30, 130)
        ]
    await parts.close()
    await later.close()


async def test_size_when_the_relay_starts_again_then_is_what_was_chosen(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    for size in ("small", "normal", "large"):
        await (await say(parts, ada, room_id, size, size=size)).stored
    rules = ChatRules(is_held=True)
    await parts.chat.set_rules(
        room_id, rules, by=Doer(ada.require_login().user.user_id, "streamer")
    )
    await (await say(parts, ada, room_id, "held", is_fast=False, size="large")).stored
    await parts.close()
    again = Parts(open_store())
    await again.chat.load_history(room_id)
    shown = [(one.text, one.size) for one in again.chat.history(room_id)]
    assert shown == [("small", "small"), ("normal", "normal"), ("large", "large")]
    (held,) = again.chat.held(room_id)
    assert held.size == "large"
    await again.chat.review(room_id, held.message_id, is_shown=True)
    await again.close()
    last = Parts(open_store())
    await last.chat.load_history(room_id)
    newest = last.chat.history(room_id)[-1]
    assert (newest.text, newest.size) == ("held", "large")
    await last.close()


async def test_close_when_messages_wait_then_they_are_stored(
    open_store: Callable[[], Store],
) -> None:
    parts = Parts(open_store())
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    posted = await say(parts, ada, room_id, "last words")
    await parts.chat.close()
    assert (await posted.stored).message_id == posted.event.message_id
    await parts.close()


async def test_send_when_the_disk_is_full_then_shown_and_told_and_well_again_later(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.db"
    store = Store.open(f"sqlite:///{file}", queue_max=100)
    parts = Parts(store)
    ada = await parts.register("Ada")
    room_id = await parts.create_room(ada)
    channel = FakeChannel()
    parts.hub.join(room_id, channel, is_guest=True)

    def limit_pages(pages: int) -> None:
        """The disk as SQLite sees it when no page can be added."""
        with store._writer.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    limit_pages(1)
    results = []
    for number in range(40):
        posted = await say(parts, ada, room_id, f"{number} " + "x" * 190)
        results.append(posted.stored)
        parts.time.pass_s(1)
    outcomes = await asyncio.gather(*results, return_exceptions=True)
    failed = [error for error in outcomes if isinstance(error, WireError)]
    assert failed
    assert {error.code for error in failed} == {ErrorCode.STORAGE_FAILED}
    assert "full" in failed[0].message
    limit_pages(1_000_000)
    posted = await say(parts, ada, room_id, "well again")
    await posted.stored
    shown = [event.text for event in channel.events if isinstance(event, DanmakuPosted)]
    assert len(shown) == 41
    await parts.close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
