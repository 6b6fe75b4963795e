"""The receiving end of `/v1/subscribe`: packets and events out, reports and wishes up."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
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
from wire import SUBSCRIBE_PATH, commands, events, media_commands, media_events
from wire.errors import ErrorCode, PacketError
from wire.media_packet import MediaPacket, parse

if TYPE_CHECKING:
    from app.net.address import RelayAddress
    from wire.ids import RoomId
    from wire.media_commands import LayerChoice

ANSWER_TIMEOUT_S: Final = 5.0
REPORT_INTERVAL_S: Final = 1.0

PacketSink = Callable[[MediaPacket, int], None]
"""Takes a packet and the monotonic microsecond at which it came. Must not block."""


class SubscribeClient:
    """One viewer's downlink across any number of connections. On one loop."""

    def __init__(
        self,
        address: RelayAddress,
        *,
        on_packet: PacketSink,
        on_event: Callable[[events.SubscriberEvent], None],
        make_report: Callable[[], media_commands.Report],
    ) -> None:
        self._address = address
        self._on_packet = on_packet
        self._on_event = on_event
        self._make_report = make_report
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._socket: RelaySocket | None = None
        self._round_trip_ms = 0.0
        self._keyframe_wanted = asyncio.Event()
        self.layer: LayerChoice = "auto"
        self.audio_only = False
        self.saves_data = False
        self.packets = 0
        self.bytes = 0
        self.packets_bad = 0
        """Messages that were no media packet; a healthy relay sends none."""

    def stop(self) -> None:
        """Leave in order. On the loop."""
        self._stopping.set()

    @property
    def round_trip_ms(self) -> float:
        """Of the last ping that was answered."""
        if self._socket is not None:
            self._round_trip_ms = self._socket.round_trip_ms
        return self._round_trip_ms

    async def select_layer(
        self, layer: LayerChoice, *, audio_only: bool, saves_data: bool = False
    ) -> None:
        """From the next keyframe on, and for later connections too."""
        self.layer = layer
        self.audio_only = audio_only
        self.saves_data = saves_data
        if self._socket is not None:
            wish = media_commands.SelectLayer(
                layer=layer, audio_only=audio_only, data_saver=saves_data
            )
            with contextlib.suppress(ConnectionClosed):  # then the next connection begins with it
                await self._socket.send(commands.pack(wish))

    def request_keyframe(self) -> None:
        """Nothing can be shown before the next one. Any thread; never blocks."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._keyframe_wanted.set)

    async def run_session(
        self, *, room_id: RoomId, ticket: str = "", on_subscribed: Callable[[], None]
    ) -> None:
        """One connection. Returns after `stop`, raises when refused or lost."""
        if self._stopping.is_set():
            return
        async with open_socket(
            self._address, SUBSCRIBE_PATH, message_bytes_max=MEDIA_MESSAGE_BYTES_MAX
        ) as socket:
            hello = media_commands.Subscribe(
                room_id=room_id,
                ticket=ticket,
                layer=self.layer,
                audio_only=self.audio_only,
                data_saver=self.saves_data,
            )
            try:
                await socket.send(commands.pack(hello))
                subscribed = await self._await_answer(socket)
                self._socket = socket
                on_subscribed()
                self._on_event(subscribed)
                await self._run_subscribed(
                    socket, asks_for_keyframes=subscribed.takes_keyframe_requests
                )
            except ConnectionClosed as closed:
                raise explain_close(closed, self._address.url) from None
            finally:
                self._round_trip_ms = socket.round_trip_ms
                self._socket = None

    async def _await_answer(self, socket: RelaySocket) -> media_events.Subscribed:
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                while True:
                    event = _parse(await socket.recv())
                    if isinstance(event, media_events.Subscribed):
                        return event
                    if isinstance(event, events.Error):
                        raise _refusal(event)
        except TimeoutError:
            raise RelayUnreachable(f"{self._address.url} does not answer") from None

    async def _run_subscribed(self, socket: RelaySocket, *, asks_for_keyframes: bool) -> None:
        tasks = {
            self._loop.create_task(self._receive(socket)),
            self._loop.create_task(self._report(socket)),
            self._loop.create_task(self._await_stop()),
        }
        if asks_for_keyframes:
            tasks.add(self._loop.create_task(self._ask_for_keyframes(socket)))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _await_stop(self) -> None:
        await self._stopping.wait()

    async def _receive(self, socket: RelaySocket) -> None:
        while True:
            message = await socket.recv()
            if isinstance(message, bytes):
                self._take_packet(message)
                continue
            event = _parse(message)
            if isinstance(event, events.Error):
                if event.code is ErrorCode.RATE_LIMITED:
                    continue  # reports that a link held back arrive together: one was thrown away
                raise _refusal(event)
            if event is not None:
                self._on_event(event)

    def _take_packet(self, message: bytes) -> None:
        now_us = time.monotonic_ns() // 1000
        try:
            packet = parse(message)
        except PacketError:
            self.packets_bad += 1
            return
        self.packets += 1
        self.bytes += len(message)
        self._on_packet(packet, now_us)

    async def _report(self, socket: RelaySocket) -> None:
        while True:
            await asyncio.sleep(REPORT_INTERVAL_S)
            await socket.send(commands.pack(self._make_report()))

    async def _ask_for_keyframes(self, socket: RelaySocket) -> None:
        self._keyframe_wanted.clear()  # this connection begins with one
        while True:
            await self._keyframe_wanted.wait()
            self._keyframe_wanted.clear()
            await socket.send(commands.pack(media_commands.RequestKeyframe()))


def _refusal(event: events.Error) -> RelayRefused:
    return RelayRefused(event.code, event.message, retry_after_ms=event.retry_after_ms)


def _parse(message: str | bytes) -> events.SubscriberEvent | None:
    """None for what we do not know: a newer relay may say more."""
    if isinstance(message, bytes):
        return None
    try:
        return events.parse_subscriber(message)
    except msgspec.DecodeError:
        return None
