"""Recordings get their rows, also where the database takes nothing for a while."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from server.recording import listing, queries
from server.recording.pipe import Closed, Failed
from server.recording.tables import Replay
from tests.unit.server.recording.recording_desk import ROOM, RecordingDesk, recording_desk
from wire import chat_events, event_base
from wire.errors import ErrorCode
from wire.ids import MessageId, UserId
from wire.order_events import MessagesDeleted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from server.recording.recorder import LiveRecording


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[RecordingDesk]:
    async with recording_desk(monkeypatch, tmp_path) as made:
        yield made


async def test_recording_when_the_database_takes_nothing_at_its_beginning_then_listed_later(
    desk: RecordingDesk,
) -> None:
    desk.rooms.refusals.extend([ErrorCode.BUSY, ErrorCode.STORAGE_FAILED])
    desk.store.refusals = 2
    live = desk.start()
    desk.begin_file(live)
    desk.service.note(chat_events.LikesCounted(room_id=ROOM, total=3))
    await desk.until(lambda: live.is_listed)
    assert desk.store.refused == 2
    (row,) = desk.store.rows()
    assert (row.id, row.title, row.state) == (live.replay_id, "Tonight", "recording")
    await desk.service.timeline.flush()
    assert await desk.read_kinds(live.replay_id) == ["LikesCounted"]


def make_danmaku(message_id: str, user_id: str = "u") -> event_base.DanmakuPosted:
    return event_base.DanmakuPosted(
        room_id=ROOM,
        message_id=MessageId(message_id),
        user_id=UserId(user_id),
        name="Ann",
        role="viewer",
        text="hello",
        sent_at_unix_ms=1,
    )


async def read_known(desk: RecordingDesk, live: LiveRecording) -> set[str]:
    """The messages of its timeline, once it has its row."""
    await desk.until(lambda: live.is_listed)
    await desk.service.timeline.flush()
    return set(await desk.store.read(lambda to: queries.known_messages(to, live.replay_id)))


@pytest.mark.parametrize("is_over", [False, True])
async def test_message_when_deleted_before_its_recording_is_listed_then_not_in_the_timeline(
    desk: RecordingDesk, *, is_over: bool
) -> None:
    desk.rooms.refusals.extend([ErrorCode.BUSY] * 3)
    live = desk.start()
    desk.begin_file(live)
    for message_id in ("m1", "m2"):
        desk.service.note(make_danmaku(message_id))
    if is_over:
        desk.end()
        desk.close_file(live)
    desk.service.note(MessagesDeleted(room_id=ROOM, message_ids=(MessageId("m1"),)))
    assert await read_known(desk, live) == {"m2"}


async def test_user_when_erased_before_a_recording_is_listed_then_not_in_its_timeline(
    desk: RecordingDesk,
) -> None:
    desk.rooms.refusals.extend([ErrorCode.BUSY] * 3)
    live = desk.start()
    desk.begin_file(live)
    desk.service.note(make_danmaku("m1", "gone"))
    desk.service.note(make_danmaku("m2"))
    await desk.service.forget([], UserId("gone"))
    assert await read_known(desk, live) == {"m2"}


async def test_recording_when_it_ends_before_it_is_listed_then_its_end_is_written_after(
    desk: RecordingDesk,
) -> None:
    desk.rooms.refusals.extend([ErrorCode.BUSY] * 10)
    ready: list[str] = []
    desk.service.on_ended = ready.append
    live = desk.start()
    desk.begin_file(live)
    desk.end()
    desk.close_file(live)
    await desk.until(lambda: ready == [live.replay_id])
    (row,) = desk.store.rows()
    assert (row.state, row.size_bytes) == ("ready", 1_000)


async def test_recording_when_its_end_cannot_be_stored_at_once_then_later(
    desk: RecordingDesk,
) -> None:
    live = desk.start()
    desk.begin_file(live)
    await desk.until(lambda: live.is_listed)
    desk.store.refusals = 3
    desk.end()
    desk.close_file(live)
    await desk.until(lambda: [one.state for one in desk.store.rows()] == ["ready"])


async def test_recording_when_the_database_never_takes_it_then_given_up_after_its_end(
    desk: RecordingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "TRIES_MAX", 3)
    desk.store.refusals = 1_000_000
    live = desk.start()
    desk.begin_file(live)
    # It grows: nobody gives up.
    await desk.until(lambda: desk.store.refused > 5)
    assert not live.settled.is_set()
    desk.end()
    desk.close_file(live)
    await desk.until(lambda: len(desk.service._tasks) == 0)
    assert live.settled.is_set()
    assert not live.is_listed


async def test_recording_when_its_room_is_gone_then_not_tried_again_and_no_file_is_left(
    desk: RecordingDesk,
) -> None:
    desk.rooms.refusals.append(ErrorCode.NOT_FOUND)
    live = desk.start()
    live.path.write_bytes(b"picture")
    desk.begin_file(live)
    await desk.until(lambda: len(desk.service._tasks) == 0)
    assert live.settled.is_set()
    assert not live.is_listed
    assert desk.store.rows() == []
    assert desk.service.recorder.find(ROOM) is None
    assert desk.service._live == {}
    assert list(live.path.parent.iterdir()) == []


async def test_title_when_a_recording_was_listed_after_its_end_then_it_is_not_the_next_ones(
    desk: RecordingDesk,
) -> None:
    desk.rooms.refusals.extend([ErrorCode.BUSY] * 3)
    first = desk.start("b")
    desk.begin_file(first)
    desk.end()
    second = desk.start("b2")
    desk.close_file(first)
    await desk.until(lambda: first.is_listed)
    assert (first.title, second.title) == ("Tonight", None)


async def test_recording_when_one_that_is_over_fails_then_the_next_is_not_held_back(
    desk: RecordingDesk,
) -> None:
    first = desk.start("b")
    desk.begin_file(first)
    desk.end()
    second = desk.start("b2")
    desk.posted.clear()
    desk.process.report(Failed(first.number, is_full=False, words="the disk is gone"))
    assert desk.service._stopped == {}
    assert desk.posted == []
    assert desk.service.recorder.find(ROOM) is second


async def test_recording_when_its_room_is_forgotten_then_nothing_of_it_is_left(
    desk: RecordingDesk,
) -> None:
    live = desk.start()
    desk.process.report(Failed(live.number, is_full=False, words="the disk is gone"))
    assert set(desk.service._stopped) == {ROOM}
    await desk.service.forget([ROOM], UserId("owner"))
    assert desk.service._stopped == {}


async def test_start_when_the_database_takes_nothing_then_the_relay_does_not_wait_for_it(
    desk: RecordingDesk,
) -> None:
    left = Replay(
        id="left",
        room_id=ROOM,
        broadcast_id="b",
        room_name="Stage",
        title="",
        search="",
        started_at_unix_ms=1,
        base_pts_us=0,
    )
    await desk.store.read(lambda session: session.add(left))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(desk.service.start())
        await desk.until(lambda: bool(desk.service.recorder._mending))
        desk.store.refusals = 1_000_000
        desk.process.report(Closed(next(iter(desk.service.recorder._mending)), 1_000, 40_000))
    assert desk.store.refused == 1
    desk.store.refusals = 0
    assert [one.state for one in desk.store.rows()] == ["recording"]
