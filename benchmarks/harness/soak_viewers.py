"""Viewers of a soak that behave: they keep figures, not packets, and come back by themselves."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from websockets.exceptions import WebSocketException

from tests.support.relay_clients import Client, subscriber
from tests.support.synthetic_media import make_payload
from wire import events, room_events
from wire.media_packet import Kind, MediaPacket, parse

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

    from tests.support.relay_clients import SubscriberClient

SILENT_S: Final = 20.0
"""Longer than the publisher is ever away."""
BACK_OFF_S: Final = 0.5
LINK_ERRORS: Final = (OSError, WebSocketException, TimeoutError, AssertionError, EOFError)
"""What a link that breaks at any moment raises in the clients of the tests."""


@dataclass
class Seen:
    """What one viewer saw, over all its connections."""

    pictures: int = 0
    gaps: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    """Packets that should not be so, by what is wrong."""
    connections: int = 0
    newest_captured_us: int = 0
    broadcasts: set[str] = field(default_factory=set)
    _publisher: bytes = b""
    _sequence: int | None = None
    _pts_us: int = -1

    def connect(self) -> None:
        self.connections += 1
        self._sequence = None
        self._pts_us = -1

    def expect_gap(self) -> None:
        """The publisher is new or back: what it sent into a broken link nobody got."""
        self._sequence = None

    def take(self, packet: MediaPacket) -> None:
        payload = packet.payload
        if payload != make_payload(payload[:1], packet.sequence, len(payload)):
            self.wrong["garbled"] += 1
        if packet.kind is not Kind.VIDEO:
            return
        self.pictures += 1
        is_new = payload[:1] != self._publisher
        if is_new and not packet.is_keyframe:
            self.wrong["new publisher without a keyframe"] += 1
        if packet.pts_us <= self._pts_us:
            self.wrong["time went back"] += 1
        if not is_new and self._sequence is not None and packet.sequence != self._sequence + 1:
            self.gaps += 1
        self._publisher, self._sequence, self._pts_us = payload[:1], packet.sequence, packet.pts_us
        self.newest_captured_us = max(self.newest_captured_us, packet.captured_at_unix_us)


def lean(client: SubscriberClient, seen: Seen) -> SubscriberClient:
    """From now on its packets are looked at and let go of."""

    def on_message(message: str | bytes) -> None:
        if isinstance(message, bytes):
            seen.take(parse(message))
            return
        hear(events.parse_subscriber(message))

    def hear(event: object) -> None:
        if isinstance(event, room_events.BroadcastStarted | room_events.BroadcastResumed):
            seen.broadcasts.add(str(event.broadcast.broadcast_id))
            seen.expect_gap()

    for early in client.received:
        if isinstance(early, MediaPacket):
            seen.take(early)
        else:
            hear(early)
    client.received.clear()
    client.on_message = on_message  # type: ignore[method-assign]  # no packet is kept
    return client


async def watch(url: str, room_id: str, seen: Seen) -> None:
    """Until cancelled."""
    while True:
        with contextlib.suppress(*LINK_ERRORS):
            async with subscriber(url, room_id) as client:
                seen.connect()
                lean(client, seen)
                await _until_silent(client, seen)
        await asyncio.sleep(BACK_OFF_S)


async def _until_silent(client: Client, seen: Seen) -> None:
    heard, heard_at_s = seen.pictures, time.monotonic()
    while not client.ended.done():
        await asyncio.wait([client.ended], timeout=0.5)
        if seen.pictures != heard:
            heard, heard_at_s = seen.pictures, time.monotonic()
        elif time.monotonic() - heard_at_s > SILENT_S:
            abort(client.socket)
            return


def abort(socket: ClientConnection) -> None:
    """Without a goodbye: the process was killed, or the network is gone."""
    socket.transport.abort()
