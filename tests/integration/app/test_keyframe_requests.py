"""A viewer whose decoder can go on at a keyframe only asks for one, through a real relay."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.net.address import parse_relay_address
from app.net.subscribe_client import SubscribeClient
from tests.support.relay_clients import publisher
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia
from wire import media_commands, media_events
from wire.ids import RoomId

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.relay_clients import PublisherClient
    from wire.media_packet import MediaPacket

WAIT_S = 30.0


async def test_keyframe_when_a_viewer_asks_then_the_publisher_is_asked_for_its_layer(
    tmp_path: Path,
) -> None:
    media = SyntheticMedia(layers=(0, 1), keyframe_bytes=4_000, frame_bytes=600)
    has_picture = asyncio.Event()

    def on_packet(packet: MediaPacket, _now_us: int) -> None:
        if packet.is_keyframe:
            has_picture.set()

    with running_relay(tmp_path / "data") as relay:
        client = SubscribeClient(
            parse_relay_address(relay.url),
            on_packet=on_packet,
            on_event=lambda _event: None,
            make_report=media_commands.Report,
        )
        async with (
            publisher(relay.url, relay.room_id, media, publish_key=relay.publish_key) as source,
            asyncio.TaskGroup() as tasks,
        ):
            streaming = tasks.create_task(_stream(source, media))
            # The keyframe came so long ago that it is on its way to nobody any more.
            await source.wait_for(media_events.PublishFeedback, count=4, timeout_s=WAIT_S)
            tasks.create_task(
                client.run_session(room_id=RoomId(relay.room_id), on_subscribed=lambda: None)
            )
            async with asyncio.timeout(WAIT_S):
                await has_picture.wait()
            client.request_keyframe()
            asked = await source.wait_for(media_events.KeyframeRequested, timeout_s=WAIT_S)
            assert asked.layer == 1
            client.stop()
            streaming.cancel()


async def _stream(source: PublisherClient, media: SyntheticMedia) -> None:
    """One keyframe, and no other."""
    while True:
        await source.send(media.next_frame(keyframe=media.frames == 0))
        await asyncio.sleep(0.05)
