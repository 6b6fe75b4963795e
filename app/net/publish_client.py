"""The sending end of `/v1/publish`: packets from any thread, through one buffer, up one socket."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
from websockets.exceptions import ConnectionClosed

from app.errors import RelayRefused, RelayUnreachable
from app.net.media_socket import (
    MEDIA_MESSAGE_BYTES_MAX,
    RelaySocket,
    explain_close,
    open_socket,
)
from app.net.send_buffer import DropCause, SendBuffer
from app.net.uplink_meter import UplinkMeter
from wire import PUBLISH_PATH, commands, events
from wire.errors import ErrorCode
from wire.media_packet import MediaPacket, pack

if TYPE_CHECKING:
    from app.net.address import RelayAddress
    from wire.ids import BroadcastId, RoomId
    from wire.tracks import TrackInfo

ANSWER_TIMEOUT_S: Final = 5.0
END_TIMEOUT_S: Final = 1.0
"""How long an orderly end may take to flush what waits."""


@dataclass(frozen=True, slots=True)
class PublishLinkStats:
    """How the uplink fares. Durations in milliseconds."""

    queued_ms: float
    queued_bytes: int
    unacknowledged_ms: float
    """Sent, but not in the relay's last feedback."""
    round_trip_ms: float
    packets_sent: int
    bytes_sent: int
    subscribers: int
    dropped: dict[DropCause, int]
    late_ms: float = 0.0
    """How much longer than at the best packets took from our socket to the relay."""
    received_bps: float | None = None
    """What the relay took lately; None while unknown."""
    heard: int = 0
    """The relay's acknowledgements on this connection."""


class PublishClient:
    """One broadcast's uplink across any number of connections.

    `push` is called from encoder threads and never blocks. Everything else runs on the loop.
    """

    def __init__(
        self,
        address: RelayAddress,
        *,
        on_keyframe_wanted: Callable[[int], None],
        on_event: Callable[[events.PublisherEvent], None],
    ) -> None:
        self._address = address
        self._on_keyframe_wanted = on_keyframe_wanted
        self._on_event = on_event
        self._lock = threading.Lock()
        self._buffer = SendBuffer()
        self._is_wakeup_pending = False
        self._wakeup = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._socket: RelaySocket | None = None
        self._round_trip_ms = 0.0
        self._feedback: events.PublishFeedback | None = None
        self._last_sent_pts_us = 0
        self._meter = UplinkMeter()
        self._tracks: tuple[TrackInfo, ...] | None = None
        """The newest that `change_tracks` was given."""
        self.broadcast_id: BroadcastId | None = None
        self.packets_sent = 0
        self.bytes_sent = 0

    def push(self, packet: MediaPacket) -> None:
        """Queue a packet, or drop it by the buffer's rule. Any thread; never blocks."""
        with self._lock:
            wanted = self._buffer.push(packet)
        self._wake()
        for layer in wanted:
            self._on_keyframe_wanted(layer)

    def change_tracks(self, tracks: tuple[TrackInfo, ...]) -> None:
        """What is pushed from now on belongs to these. Any thread; never blocks."""
        with self._lock:
            self._tracks = tracks
            self._buffer.change_tracks(tracks)
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            must_wake = not self._is_wakeup_pending
            self._is_wakeup_pending = True
        if must_wake and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wakeup.set)

    def stop(self) -> None:
        """End the broadcast in order: flush, say so, close. On the loop."""
        self._stopping.set()
        self._wakeup.set()

    def stats(self) -> PublishLinkStats:
        """Any thread."""
        with self._lock:
            queued_us = self._buffer.queued_us
            queued_bytes = self._buffer.queued_bytes
            dropped: Counter[DropCause] = Counter(self._buffer.dropped)
        feedback = self._feedback
        behind_us = self._last_sent_pts_us - feedback.last_pts_us if feedback is not None else 0
        if self._socket is not None:
            self._round_trip_ms = self._socket.round_trip_ms
        return PublishLinkStats(
            queued_ms=queued_us / 1000,
            queued_bytes=queued_bytes,
            unacknowledged_ms=max(0, behind_us) / 1000,
            round_trip_ms=self._round_trip_ms,
            packets_sent=self.packets_sent,
            bytes_sent=self.bytes_sent,
            subscribers=feedback.subscribers if feedback is not None else 0,
            dropped=dict(dropped),
            late_ms=round(self._meter.late_ms, 1),
            received_bps=self._meter.received_bps,
            heard=self._meter.heard,
        )

    async def run_session(
        self,
        *,
        room_id: RoomId,
        tracks: tuple[TrackInfo, ...],
        publish_key: str = "",
        ticket: str = "",
        on_accepted: Callable[[events.PublishAccepted], None],
    ) -> None:
        """One connection. Returns after an orderly end, raises when refused or lost."""
        if self._stopping.is_set():
            return
        async with open_socket(
            self._address, PUBLISH_PATH, message_bytes_max=MEDIA_MESSAGE_BYTES_MAX
        ) as socket:
            hello = commands.Publish(
                room_id=room_id,
                tracks=tracks,
                publish_key=publish_key,
                ticket=ticket,
                broadcast_id=self.broadcast_id,
            )
            try:
                accepted = await self._greet(socket, hello)
                self.broadcast_id = accepted.broadcast_id
                self._socket = socket
                self._meter = UplinkMeter()
                on_accepted(accepted)
                await self._run_accepted(socket, tracks)
            except ConnectionClosed as closed:
                if self._stopping.is_set():
                    return
                raise explain_close(closed, self._address.url) from None
            finally:
                self._round_trip_ms = socket.round_trip_ms
                self._socket = None
                self._feedback = None
                with self._lock:
                    self._buffer.close()

    async def _greet(self, socket: RelaySocket, hello: commands.Publish) -> events.PublishAccepted:
        await socket.send(commands.pack(hello))
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                while True:
                    event = _parse(await socket.recv())
                    if isinstance(event, events.PublishAccepted):
                        return event
                    if isinstance(event, events.Error):
                        raise RelayRefused(
                            event.code, event.message, retry_after_ms=event.retry_after_ms
                        )
        except TimeoutError:
            raise RelayUnreachable(f"{self._address.url} does not answer") from None

    async def _run_accepted(self, socket: RelaySocket, announced: tuple[TrackInfo, ...]) -> None:
        with self._lock:
            wanted = self._buffer.open()
            if self._tracks is not None and self._tracks != announced:
                self._buffer.change_tracks(self._tracks)  # while the relay was greeted
        for layer in wanted:
            self._on_keyframe_wanted(layer)
        receiver = self._loop.create_task(self._receive(socket))
        sender = self._loop.create_task(self._send(socket))
        try:
            await asyncio.wait({receiver, sender}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (receiver, sender):
                task.cancel()
            outcomes = await asyncio.gather(receiver, sender, return_exceptions=True)
        _raise_first(outcomes)

    async def _send(self, socket: RelaySocket) -> None:
        while True:
            with self._lock:
                waiting = self._buffer.pop()
                if waiting is None:
                    self._is_wakeup_pending = False
                    self._wakeup.clear()
            if waiting is None:
                if self._stopping.is_set():
                    await socket.send(commands.pack(commands.EndPublishing()))
                    return
                await self._wakeup.wait()
                continue
            if not isinstance(waiting, MediaPacket):
                await socket.send(commands.pack(commands.UpdateTracks(tracks=waiting)))
                continue
            message = pack(waiting)
            self._meter.on_sent(waiting.pts_us, time.monotonic())
            await socket.send(message)
            self.packets_sent += 1
            self.bytes_sent += len(message)
            self._last_sent_pts_us = max(self._last_sent_pts_us, waiting.pts_us)

    async def _receive(self, socket: RelaySocket) -> None:
        while True:
            event = _parse(await socket.recv())
            if event is None:
                continue
            if isinstance(event, events.Error):
                raise RelayRefused(event.code, event.message, retry_after_ms=event.retry_after_ms)
            if isinstance(event, events.PublishFeedback):
                self._feedback = event
                self._meter.on_feedback(event, time.monotonic())
            elif isinstance(event, events.KeyframeRequested):
                self._on_keyframe_wanted(event.layer)
            self._on_event(event)
            if isinstance(event, events.BroadcastEnded):
                self._end(event)
                return

    def _end(self, event: events.BroadcastEnded) -> None:
        """The relay ended the broadcast: for good, or only its own part of it."""
        self.broadcast_id = None
        if event.reason in {"relay_stopped", "away_too_long"}:
            raise RelayUnreachable(f"{self._address.url} ended the broadcast: {event.reason}")
        if event.reason == "replaced":
            raise RelayRefused(ErrorCode.REPLACED, "a newer publisher took the room")
        if event.reason == "room_closed":
            raise RelayRefused(ErrorCode.ROOM_CLOSED, "the room was closed")


def _parse(message: str | bytes) -> events.PublisherEvent | None:
    """None for what we do not know: a newer relay may say more."""
    if isinstance(message, bytes):
        return None
    try:
        return events.parse_publisher(message)
    except msgspec.DecodeError:
        return None


def _raise_first(outcomes: Iterable[BaseException | None]) -> None:
    """A refusal tells more than the lost link that follows it."""
    failures = [
        outcome
        for outcome in outcomes
        if outcome is not None and not isinstance(outcome, asyncio.CancelledError)
    ]
    failures.sort(key=lambda failure: not isinstance(failure, RelayRefused))
    if failures:
        raise failures[0]
