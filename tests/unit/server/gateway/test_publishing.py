"""What goes on beside a publisher's packets, and what it may do how often."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, cast

from server.gateway.publish_feedback import keep_checkpoints, send_feedback
from server.gateway.publish_paths import TRACK_CHANGES, SocketPublisher
from server.rooms.grants import PublishGrant
from tests.unit.server.relay.rig import PICTURE, ROOM_ID, SOUND, Guest, House
from wire import room_events
from wire.ids import BroadcastId, UserId
from wire.media_commands import UpdateTracks

if TYPE_CHECKING:
    from server.gateway.connection import RelayConnection

WAIT_S = 30.0


class _SlowBooks:
    """Write for ever."""

    def __init__(self) -> None:
        self.are_writing, self.are_given_up = asyncio.Event(), asyncio.Event()

    async def checkpoint(self, *_args: object, **_kwargs: object) -> None:
        self.are_writing.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.are_given_up.set()


def _live(house: House) -> SocketPublisher:
    grant = PublishGrant(ROOM_ID, "hall", UserId("u1"), None, None)
    publisher = SocketPublisher(house.room, grant, mono_s=time.monotonic)
    publisher.open_path(cast("RelayConnection", object()), 0)
    house.room.start(
        publisher,
        broadcast_id=BroadcastId("b1"),
        started_at_unix_us=1,
        tracks=(PICTURE, SOUND),
        last_pts_us=0,
    )
    return publisher


async def test_feedback_when_the_books_are_slow_then_goes_on() -> None:
    publisher = _live(House())
    books = _SlowBooks()
    heard = asyncio.Semaphore(0)
    loop = asyncio.get_running_loop()
    path = publisher.open_path(cast("RelayConnection", object()), 1)
    tasks = [
        loop.create_task(
            send_feedback(lambda _text: heard.release(), publisher, path, unix_us=lambda: 1_000_000)
        ),
        loop.create_task(keep_checkpoints(publisher.room, books, every_s=0.0)),
    ]
    try:
        async with asyncio.timeout(WAIT_S):
            await books.are_writing.wait()
            for _ in range(2):
                await heard.acquire()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_checkpoints_when_one_of_two_sockets_goes_then_are_kept_until_the_last_goes() -> None:
    publisher = _live(House())
    second = publisher.open_path(cast("RelayConnection", object()), 1)
    books = _SlowBooks()
    publisher.tasks.start(keep_checkpoints(publisher.room, books, every_s=0.0), name="checkpoints")
    async with asyncio.timeout(WAIT_S):
        await books.are_writing.wait()
    first = publisher._paths[0]
    assert not publisher.close_path(first)
    assert len(publisher.tasks) == 1
    assert publisher.close_path(second)
    async with asyncio.timeout(WAIT_S):
        await books.are_given_up.wait()


async def test_tracks_when_they_change_without_end_then_viewers_are_spared() -> None:
    house = House()
    publisher = _live(house)
    guest = Guest(house, audio_only=True)
    changes = 10 * int(TRACK_CHANGES.burst)

    async def change_on_and_on() -> None:
        for number in range(1, changes):
            tracks = (PICTURE,) if number % 2 else (PICTURE, SOUND)
            await publisher.update_tracks(UpdateTracks(tracks=tracks, revision=number))

    changing = asyncio.get_running_loop().create_task(change_on_and_on())
    began_s = time.monotonic()
    await asyncio.sleep(0)
    told = [event for event in guest.told if isinstance(event, room_events.TracksChanged)]
    passed_s = time.monotonic() - began_s
    assert TRACK_CHANGES.burst <= len(told) <= TRACK_CHANGES.burst + passed_s * TRACK_CHANGES.per_s
    assert not changing.done()
    changing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await changing
