"""A viewer's socket that is full before anything of the broadcast was written to it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from server.gateway.subscribe_socket import SubscribeSockets
from server.rooms.grants import SubscribeGrant
from server.settings import Limits
from tests.unit.server.relay.rig import PICTURE, ROOM_ID, SOUND, House, Socket
from wire import commands, media_commands

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from server.gateway.connection import RelayConnection


class _FullConnection:
    """Of a peer that reads nothing: asyncio paused it at the answer to `Subscribe`."""

    paused = True
    is_unlisted = False

    def __init__(self) -> None:
        self.transport = Socket()
        self.is_served = asyncio.Event()
        self.is_over = asyncio.Event()
        self.on_paused: Callable[[], None] | None = None
        self.on_resumed: Callable[[], None] | None = None

    async def recv(self) -> str:
        return commands.pack(media_commands.Subscribe(room_id=ROOM_ID))

    async def __aiter__(self) -> AsyncIterator[str]:
        self.is_served.set()
        await self.is_over.wait()
        return
        yield

    def __getattr__(self, name: str) -> Any:
        return lambda *_args, **_kwargs: 0


async def test_viewer_when_its_socket_is_full_from_the_start_then_packets_wait_in_its_queue() -> (
    None
):
    house = House()
    publisher = house.go_live(PICTURE, SOUND)
    await house.send(publisher, "k")

    async def authorize_subscribe(*_args: object, **_kwargs: object) -> SubscribeGrant:
        return SubscribeGrant(ROOM_ID, None, None)

    async def begin_watching(*_args: object) -> None:
        return None

    doors = SimpleNamespace(authorize_subscribe=authorize_subscribe)
    nothing = SimpleNamespace(admit=lambda _: None, register=lambda *_: None, forget=lambda _: None)
    sockets = SubscribeSockets(
        Limits(),
        admission=cast("Any", nothing),
        registry=cast("Any", nothing),
        rooms=cast("Any", SimpleNamespace(media=doors)),
        plane=house.plane,
        watchers=cast("Any", SimpleNamespace(begin_watching=begin_watching)),
        mono_s=house.clock,
        unix_us=lambda: 1,
    )
    connection = _FullConnection()
    serving = asyncio.get_running_loop().create_task(
        sockets.handle(cast("RelayConnection", connection))
    )
    await connection.is_served.wait()
    await house.send(publisher, "v a")
    assert connection.transport.got == ""
    assert connection.on_resumed is not None
    connection.on_resumed()
    assert connection.transport.got == "k1 v1 a1"
    connection.is_over.set()
    await serving
