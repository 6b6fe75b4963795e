"""One way up to the relay: what waits for it, what is on its way over it, and how it fares."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from app.net.send_buffer import SendBuffer, TrackChange
from app.net.uplink_meter import UplinkMeter
from wire import commands, media_commands
from wire.media_packet import MediaPacket, pack

if TYPE_CHECKING:
    import threading

    from app.net.media_socket import RelaySocket
    from wire.media_events import PublishFeedback

UNACKNOWLEDGED_MAX: Final = 512
"""Packets that are kept until the relay says that it has them; older ones are late by then."""
METER_S: Final = 0.2
"""The meter and the rate control are made for acknowledgements that come no closer."""


class _Sent(NamedTuple):
    number: int
    """Counts the packets on this connection from 1, as its acknowledgements do."""
    at_s: float
    packet: MediaPacket


class UplinkPath:
    """Its buffer is used with the owner's lock held; all else on the loop."""

    def __init__(self, lock: threading.Lock, loop: asyncio.AbstractEventLoop) -> None:
        self.buffer = SendBuffer()
        self.meter = UplinkMeter()
        self.socket: RelaySocket | None = None
        self.feedback: PublishFeedback | None = None
        self.round_trip_ms = 0.0
        self.packets_sent = 0
        self.bytes_sent = 0
        self.last_sent_pts_us = 0
        self._lock = lock
        self._loop = loop
        self._is_wakeup_pending = False
        self._wakeup = asyncio.Event()
        self._unacknowledged: deque[_Sent] = deque(maxlen=UNACKNOWLEDGED_MAX)
        self._sent_here = 0
        """Packets on this connection; its acknowledgements count them."""
        self._handed_over = 0
        """Of these, so many go over the other way as well, where the relay has them not."""
        self._metered_s = float("-inf")

    @property
    def is_open(self) -> bool:
        return self.socket is not None

    @property
    def waiting_ms(self) -> float | None:
        """What waits here and on the way; None while it is closed. Any thread, with the lock."""
        if self.socket is None:
            return None
        return self.buffer.queued_us / 1000 + self.meter.late_ms

    def overdue_s(self, now_s: float, feedback_s: float) -> float:
        """How long what was sent should have been acknowledged; endless while it is closed. Any
        thread, with the lock."""
        if self.socket is None:
            return float("inf")
        if not self._unacknowledged:
            return 0.0
        wait_s = self.socket.round_trip_ms / 1000 + feedback_s
        return max(0.0, now_s - self._unacknowledged[0].at_s - wait_s)

    def hand_over(self) -> list[MediaPacket]:
        """What the relay may not have, oldest first, and each only once. With the lock."""
        left = [sent.packet for sent in self._unacknowledged if sent.number > self._handed_over]
        self._handed_over = self._sent_here
        return [*left, *self.buffer.give_over()]

    def begin(self, socket: RelaySocket) -> None:
        """A connection stands."""
        self.socket = socket
        self.meter = UplinkMeter()
        self._unacknowledged.clear()
        self._sent_here = self._handed_over = 0

    def end(self, *, is_handed_over: bool) -> list[MediaPacket]:
        """It is gone. Returns what the relay may not have, oldest first. With the lock."""
        if self.socket is not None:
            self.round_trip_ms = self.socket.round_trip_ms
        self.socket = self.feedback = None
        sent = [sent.packet for sent in self._unacknowledged if sent.number > self._handed_over]
        self._unacknowledged.clear()
        return [*sent, *self.buffer.close(is_handed_over=is_handed_over)]

    def wake(self) -> None:
        """Something is to be sent. Any thread."""
        with self._lock:
            must_wake = not self._is_wakeup_pending
            self._is_wakeup_pending = True
        if must_wake and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wakeup.set)

    def hear(self, feedback: PublishFeedback) -> None:
        self.feedback = feedback
        now_s = time.monotonic()
        if now_s - self._metered_s >= METER_S:
            self._metered_s = now_s
            self.meter.on_feedback(feedback, now_s)
        with self._lock:
            while self._unacknowledged and self._unacknowledged[0].number <= feedback.packets:
                self._unacknowledged.popleft()

    async def send_all(self, socket: RelaySocket, is_over: Callable[[], bool | None]) -> None:
        """Until the broadcast is over, which is said; not where `is_over` answers None."""
        while True:
            with self._lock:
                waiting = self.buffer.pop()
                if waiting is None:
                    self._is_wakeup_pending = False
                    self._wakeup.clear()
                elif isinstance(waiting, MediaPacket):
                    self._sent_here += 1
                    sent = _Sent(self._sent_here, time.monotonic(), waiting)
                    self._unacknowledged.append(sent)
            if waiting is None:
                over = is_over()
                if over is None:
                    return
                if over:
                    await socket.send(commands.pack(media_commands.EndPublishing()))
                    return
                self.meter.on_idle()
                await self._wakeup.wait()
            elif isinstance(waiting, TrackChange):
                command = media_commands.UpdateTracks(
                    tracks=waiting.tracks, revision=waiting.revision
                )
                await socket.send(commands.pack(command))
            else:
                await self._send(socket, waiting)

    async def _send(self, socket: RelaySocket, packet: MediaPacket) -> None:
        message = pack(packet)
        self.meter.on_sent(packet.pts_us, time.monotonic())
        await socket.send(message)
        self.packets_sent += 1
        self.bytes_sent += len(message)
        self.last_sent_pts_us = max(self.last_sent_pts_us, packet.pts_us)
