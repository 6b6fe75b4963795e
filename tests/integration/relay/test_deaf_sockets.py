"""Sockets that do not listen: cut within a second of their session's end, and obeyed no more.

They have room for the close frame and leave it unanswered. Sockets that are full are in
`test_order.py`: kicks, bans and closed rooms cut them in the same way.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import psutil
import pytest
from websockets.frames import Opcode

from tests.support.raw_sockets import RawPeer, handshake, masked
from tests.support.relay_clients import PASSWORD, control, subscriber
from tests.support.synthetic_media import SyntheticMedia
from wire import (
    CONTROL_PATH,
    PUBLISH_PATH,
    SUBSCRIBE_PATH,
    account_commands,
    account_events,
    chat_commands,
    command_base,
    commands,
    media_commands,
    room_commands,
)
from wire.media_packet import pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.relay_clients import ControlClient
    from tests.support.relay_process import RelayProcess

CUT_S_MAX = 1.0
NOISE_S = 0.5
"""The relay waits 0.8 s for an answer, and a busy machine is late to do it and late to look."""
EACH = 3


def _ends(name: str) -> command_base.Command:
    return {
        "logged out everywhere": account_commands.Logout(id=0, everywhere=True),
        "password changed": account_commands.ChangePassword(
            id=0, old_password=PASSWORD, new_password=f"{PASSWORD} renewed"
        ),
    }[name]


@pytest.mark.parametrize("how", ["logged out everywhere", "password changed"])
async def test_sockets_when_they_do_not_listen_then_are_cut_within_a_second_of_the_sessions_end(
    how: str, relay: RelayProcess, owner: ControlClient, room_id: str
) -> None:
    async with AsyncExitStack() as stack, control(relay.url) as elsewhere:
        await elsewhere.ask(account_commands.Login(id=0, name=owner.name, password=PASSWORD))
        token = elsewhere.of(account_events.LoggedIn)[0].token
        peers = []
        for _ in range(EACH):
            peers += [
                await _controller(stack, relay, token),
                await _watcher(stack, relay, elsewhere, room_id),
            ]
        peers.append(await _publisher(stack, relay, elsewhere, room_id))
        ports = {peer.port for peer in peers}
        await _until(lambda: _open_now(relay, ports) == len(ports), 5)
        began_s = time.monotonic()
        await owner.ask(_ends(how))
        await _until(
            lambda: _open_now(relay, ports) == 0, CUT_S_MAX + NOISE_S - time.monotonic() + began_s
        )
        await owner.ask(commands.Ping(id=0))


async def test_sockets_when_cut_then_what_they_still_say_does_not_count(
    relay: RelayProcess, owner: ControlClient, room_id: str
) -> None:
    async with (
        AsyncExitStack() as stack,
        control(relay.url) as elsewhere,
        subscriber(relay.url, room_id) as viewer,
    ):
        await elsewhere.ask(account_commands.Login(id=0, name=owner.name, password=PASSWORD))
        talker = await _controller(
            stack, relay, elsewhere.of(account_events.LoggedIn)[0].token, room_id=room_id
        )
        source = await _publisher(stack, relay, elsewhere, room_id)
        media = SyntheticMedia()
        await _say(source, media.next_frame())
        await viewer.wait_until(lambda: viewer.video, "the first picture")
        await owner.ask(account_commands.Logout(id=0, everywhere=True))
        seen = len(viewer.packets)
        for number in range(20):
            await _say(source, media.next_frame())
            await talker.send(
                masked(
                    Opcode.TEXT,
                    commands.pack(
                        chat_commands.SendDanmaku(id=number, room_id=room_id, text="still here")  # type: ignore[arg-type]  # plain text here
                    ).encode(),
                )
            )
        for peer in (talker, source):
            await peer.read_to_end(timeout_s=5)
        joined = await owner.join(room_id)
        assert joined.messages == ()
        assert len(viewer.packets) == seen


async def _say(source: RawPeer, packets: list) -> None:  # type: ignore[type-arg]  # of media packets
    for packet in packets:
        await source.send(masked(Opcode.BINARY, pack(packet)))


async def _peer(
    stack: AsyncExitStack, relay: RelayProcess, path: str, hello: command_base.Command | object
) -> RawPeer:
    """Its first message is answered; it does not read from then on."""
    peer = await RawPeer.connect(relay.port)
    stack.push_async_callback(peer.abort)
    await peer.send(handshake(relay.port, path))
    await peer.read_head()
    await peer.send(masked(Opcode.TEXT, commands.pack(hello).encode()))  # type: ignore[arg-type]  # one of the two
    await peer.read_some()
    return peer


async def _controller(
    stack: AsyncExitStack, relay: RelayProcess, token: str, *, room_id: str = ""
) -> RawPeer:
    peer = await _peer(stack, relay, CONTROL_PATH, account_commands.Resume(id=1, token=token))
    if room_id:
        join = room_commands.JoinRoom(id=2, room_id=room_id)  # type: ignore[arg-type]  # plain text here
        await peer.send(masked(Opcode.TEXT, commands.pack(join).encode()))
        await peer.read_some()
    return peer


async def _watcher(
    stack: AsyncExitStack, relay: RelayProcess, client: ControlClient, room_id: str
) -> RawPeer:
    request = room_commands.RequestSubscribeTicket(id=0, room_id=room_id)  # type: ignore[arg-type]  # plain text here
    ticket = (await client.ask(request)).ticket
    return await _peer(
        stack,
        relay,
        SUBSCRIBE_PATH,
        media_commands.Subscribe(room_id=room_id, ticket=ticket),  # type: ignore[arg-type]  # plain text here
    )


async def _publisher(
    stack: AsyncExitStack, relay: RelayProcess, client: ControlClient, room_id: str
) -> RawPeer:
    request = room_commands.RequestPublishTicket(id=0, room_id=room_id)  # type: ignore[arg-type]  # plain text here
    ticket = (await client.ask(request)).ticket
    tracks = SyntheticMedia().tracks
    return await _peer(
        stack,
        relay,
        PUBLISH_PATH,
        media_commands.Publish(room_id=room_id, tracks=tracks, ticket=ticket),  # type: ignore[arg-type]  # plain text here
    )


def _open_now(relay: RelayProcess, ports: set[int]) -> int:
    """How many connections the relay has open with these ports of ours."""
    return sum(
        one.status == psutil.CONN_ESTABLISHED and bool(one.raddr) and one.raddr.port in ports
        for one in psutil.Process(relay.pid).net_connections("tcp")
    )


async def _until(is_so: Callable[[], bool], timeout_s: float) -> None:
    until_s = time.monotonic() + timeout_s
    while not await asyncio.to_thread(is_so):
        assert time.monotonic() < until_s
