"""The clients' own habits, with sockets that are none."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from websockets.exceptions import ConnectionClosedError

from app.errors import LivehouseError
from app.net.address import parse_relay_address
from app.net.control_client import ControlClient
from app.net.subscribe_client import SubscribeClient
from wire import events, media_commands, room_events
from wire.ids import RoomId

if TYPE_CHECKING:
    import pytest

    from app.net.media_socket import RelaySocket


class FakeSocket:
    """Gives what it was given, then it is closed."""

    def __init__(self, *messages: bytes) -> None:
        self._messages = list(messages)

    async def recv(self) -> bytes:
        if self._messages:
            return self._messages.pop(0)
        raise ConnectionClosedError(None, None)

    async def send(self, _message: object) -> None:
        raise ConnectionClosedError(None, None)


def as_socket(fake: FakeSocket) -> RelaySocket:
    return fake  # type: ignore[return-value] # all that the clients ask of one


async def test_control_when_a_listener_fails_then_the_link_stands_and_the_next_is_heard(
    caplog: pytest.LogCaptureFixture,
) -> None:
    batch = tuple(room_events.ViewersChanged(room_id=RoomId("r1"), viewers=n) for n in (1, 2))
    heard: list[events.RoomEvent] = []

    def hear(event: events.RoomEvent) -> None:
        heard.append(event)
        if len(heard) == 1:
            raise KeyError("a page's own fault")

    message = events.pack_batch(batch)
    client = ControlClient(as_socket(FakeSocket(message, message)), "ws://h:1")
    with caplog.at_level(logging.ERROR):
        await client.receive(hear)
    assert heard == [*batch, *batch]
    assert "ViewersChanged" in caplog.text
    assert isinstance(await client.wait_ended(), LivehouseError)


async def test_quality_when_chosen_while_the_link_breaks_then_is_kept_for_the_next() -> None:
    client = SubscribeClient(
        parse_relay_address("ws://127.0.0.1:1"),
        on_packet=lambda _packet, _now_us: None,
        on_event=lambda _event: None,
        make_report=lambda: media_commands.Report(
            buffer_ms=0, latency_ms=0, frames=0, frames_dropped=0, stalls=0, decode_ms=0
        ),
    )
    client._socket = as_socket(FakeSocket())
    async with asyncio.timeout(30):
        await client.select_layer(1, audio_only=True, saves_data=True)
    assert (client.layer, client.audio_only, client.saves_data) == (1, True, True)
