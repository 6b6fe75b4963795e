"""Kick, ban and a closed room at real sockets: cut within a second, also where nobody reads."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from server import maintenance
from tests.support.raw_sockets import StillViewer
from tests.support.relay_clients import PASSWORD, ControlClient, control, publisher, subscriber
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import (
    account_commands,
    order_commands,
    order_events,
    room_commands,
    room_events,
)
from wire.errors import CloseCode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.support.relay_clients import PublisherClient, SubscriberClient
    from tests.support.relay_process import RelayProcess

CUT_S_MAX = 1.0
STUCK = 5


def connections_from(relay: RelayProcess, ports: set[int]) -> int:
    """How many connections the relay has open with these ports of ours."""
    found = psutil.Process(relay.pid).net_connections("tcp")
    return sum(
        one.status == psutil.CONN_ESTABLISHED and bool(one.raddr) and one.raddr.port in ports
        for one in found
    )


async def until_cut(relay: RelayProcess, ports: set[int], since_s: float) -> float:
    while await asyncio.to_thread(connections_from, relay, ports):
        assert time.monotonic() - since_s < CUT_S_MAX
    return time.monotonic() - since_s


@dataclass
class Show:
    """A room that is live, a viewer of it with a good and several stuck sockets, and a guest."""

    room_id: str
    source: PublisherClient
    viewer: ControlClient
    viewer_id: str
    watching: SubscriberClient
    guest: SubscriberClient
    stuck_ports: set[int]


@asynccontextmanager
async def show(
    relay: RelayProcess, owner: ControlClient, room_id: str, viewer_name: str
) -> AsyncIterator[Show]:
    media = SyntheticMedia(keyframe_bytes=200_000, frame_bytes=20_000)
    async with AsyncExitStack() as stack:
        ticket = await owner.ask(room_commands.RequestPublishTicket(id=0, room_id=room_id))
        source = await stack.enter_async_context(
            publisher(relay.url, room_id, media, ticket=ticket.ticket)
        )
        viewer = await stack.enter_async_context(control(relay.url))
        viewer_id = (await viewer.register(viewer_name)).user.user_id
        await viewer.join(room_id)
        stuck_ports = set()
        for _ in range(STUCK):
            pass_in = await viewer.ask(room_commands.RequestSubscribeTicket(id=0, room_id=room_id))
            still = stack.enter_context(StillViewer(relay.port, room_id, ticket=pass_in.ticket))
            stuck_ports.add(still._socket.getsockname()[1])
        pass_in = await viewer.ask(room_commands.RequestSubscribeTicket(id=0, room_id=room_id))
        watching = await stack.enter_async_context(
            subscriber(relay.url, room_id, ticket=pass_in.ticket)
        )
        guest = await stack.enter_async_context(subscriber(relay.url, room_id))
        await source.stream(media, 60, frame_interval_s=1 / 60)
        async with asyncio.timeout(20):
            while True:
                figures = await asyncio.to_thread(relay.metrics)
                if figures["livehouse_subscribers_lagging"] >= STUCK:
                    break
                await asyncio.sleep(0.05)
        yield Show(room_id, source, viewer, viewer_id, watching, guest, stuck_ports)


def impose(show: Show, kind: str, **fields: Any) -> order_commands.ImposeSanction:
    return order_commands.ImposeSanction(id=0, user_id=show.viewer_id, kind=kind, **fields)  # type: ignore[arg-type]  # plain text here


async def test_kick_when_the_viewers_sockets_are_stuck_then_all_are_cut_within_a_second(
    relay: RelayProcess, owner: ControlClient, room_id: str, unique: Callable[[str], str]
) -> None:
    async with show(relay, owner, room_id, unique("viewer")) as live:
        assert connections_from(relay, live.stuck_ports) == STUCK
        began_s = time.monotonic()
        await owner.ask(impose(live, "kick", room_id=room_id, reason="noise"))
        await until_cut(relay, live.stuck_ports, began_s)
        assert await live.watching.wait_closed(timeout_s=CUT_S_MAX) == CloseCode.KICKED
        assert time.monotonic() - began_s < CUT_S_MAX
        told = await live.viewer.wait_for(order_events.SanctionImposed)
        assert told.sanction.reason == "noise"
        error = await live.viewer.ask_in_vain(room_commands.JoinRoom(id=0, room_id=room_id))  # type: ignore[arg-type]  # plain text here
        assert error.code == "kicked"
        assert error.retry_after_ms is not None
        assert live.guest.close_code is None
        assert live.source.close_code is None


async def test_room_when_closed_then_its_media_ends_for_all_within_a_second(
    relay: RelayProcess, owner: ControlClient, room_id: str, unique: Callable[[str], str]
) -> None:
    async with show(relay, owner, room_id, unique("viewer")) as live:
        began_s = time.monotonic()
        await owner.ask(order_commands.CloseRoom(id=0, room_id=room_id, reason="night"))  # type: ignore[arg-type]  # plain text here
        await until_cut(relay, live.stuck_ports, began_s)
        for client in (live.watching, live.guest, live.source):
            assert await client.wait_closed(timeout_s=CUT_S_MAX) == CloseCode.ENDED
        assert time.monotonic() - began_s < CUT_S_MAX
        ended = live.guest.of(room_events.BroadcastEnded)
        assert [one.reason for one in ended] == ["room_closed"]
        changed = await live.viewer.wait_for(room_events.RoomChanged)
        assert changed.room.closed_reason == "night"
        async with control(relay.url) as late:
            error = await late.ask_in_vain(room_commands.JoinRoom(id=0, room_id=room_id))  # type: ignore[arg-type]  # plain text here
            assert (error.code, error.message) == ("room_closed", "this room is closed: night")


@pytest.mark.slow
async def test_house_ban_when_imposed_then_all_sockets_go_and_it_outlives_a_kill(
    tmp_path: Path,
) -> None:
    data_dir = tmp_path / "data"
    await asyncio.to_thread(
        maintenance.create_user, data_dir, "", name="Admin", password=PASSWORD, is_admin=True
    )
    with running_relay(data_dir) as relay:
        async with control(relay.url) as admin, control(relay.url) as owner:
            await admin.ask(account_commands.Login(id=0, name="Admin", password=PASSWORD))
            await owner.register("Owner")
            room_id = await owner.create_room("Hall room")
            async with show(relay, owner, room_id, "Viewer") as live:
                began_s = time.monotonic()
                await admin.ask(impose(live, "ban", reason="enough"))
                await until_cut(relay, live.stuck_ports, began_s)
                for client in (live.watching, live.viewer):
                    assert await client.wait_closed(timeout_s=CUT_S_MAX) == CloseCode.BANNED
                assert time.monotonic() - began_s < CUT_S_MAX
                token = live.viewer.token
        relay.kill()
        relay.start()
        async with control(relay.url) as back:
            for command in (
                account_commands.Login(id=0, name="Viewer", password=PASSWORD),
                account_commands.Resume(id=0, token=token),
            ):
                error = await back.ask_in_vain(command)
                assert error.code in {"banned", "session_ended"}
            assert error.message
