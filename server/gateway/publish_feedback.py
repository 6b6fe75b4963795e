"""What a publisher hears while it sends, and how far it is in the books: two tasks, since the books
may be slow and the publisher takes silence for a link that is gone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from wire import events, media_events
from wire.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.gateway.publish_paths import PublishPath, SocketPublisher
    from server.relay.room import LiveRoom
    from wire.ids import BroadcastId

CHECKPOINT_EVERY_S: Final = 5.0

_log = structlog.get_logger(__name__)


class Books(Protocol):
    """Where it is written how far a broadcast is."""

    async def checkpoint(
        self,
        broadcast_id: BroadcastId,
        *,
        viewers_peak: int,
        bytes_received: int,
        last_pts_us: int,
    ) -> None: ...


async def send_feedback(
    send_text: Callable[[bytes], None],
    publisher: SocketPublisher,
    path: PublishPath,
    *,
    unix_us: Callable[[], int],
) -> None:
    """Over one path, until the broadcast ends."""
    room = publisher.room
    while True:
        await asyncio.sleep(publisher.feedback_s)
        broadcast = room.broadcast
        if broadcast is None:
            return
        last_pts_us = broadcast.last_pts_us if path.last_pts_us is None else path.last_pts_us
        send_text(
            events.pack(
                media_events.PublishFeedback(
                    packets=path.packets,
                    bytes=path.bytes,
                    last_pts_us=last_pts_us,
                    subscribers=len(room.viewings),
                    subscribers_lagging=room.fanout.slow_count(),
                    relay_unix_us=unix_us(),
                )
            )
        )


async def keep_checkpoints(
    room: LiveRoom, books: Books, *, every_s: float = CHECKPOINT_EVERY_S
) -> None:
    """Write it down again and again, until the broadcast ends."""
    while True:
        await asyncio.sleep(every_s)
        if room.broadcast is None:
            return
        await checkpoint(room, books)


async def checkpoint(room: LiveRoom, books: Books) -> None:
    """Write down how far the broadcast is, so that a restart of the relay can resume it."""
    broadcast = room.broadcast
    if broadcast is None:
        return
    try:
        await books.checkpoint(
            broadcast.broadcast_id,
            viewers_peak=broadcast.viewers_peak,
            bytes_received=broadcast.bytes_received,
            last_pts_us=broadcast.last_pts_us,
        )
    except WireError as error:
        _log.warning("checkpoint failed", code=error.code)
