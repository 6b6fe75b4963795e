"""A picture of what is live, on the relay's port."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.support.relay_clients import publisher
from tests.support.synthetic_media import SyntheticMedia
from tests.unit.server.thumbnails.keyframes import make_keyframe

if TYPE_CHECKING:
    from tests.support.relay_process import RelayProcess


def get(relay: RelayProcess, broadcast_id: str) -> tuple[int, str, bytes]:
    url = f"http://127.0.0.1:{relay.port}/v1/thumbnails/{broadcast_id}.jpg"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, "", b""


@pytest.mark.parametrize("is_garbage", [False, True])
async def test_thumbnail_of_a_live_room_when_its_keyframe_decodes_then_is_a_jpeg(
    is_garbage: bool, relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia(has_audio=False)
    async with publisher(relay.url, room_id, media, publish_key=publish_key) as source:
        accepted = source.accepted
        packet = media.next_frame(keyframe=True)[0]
        if not is_garbage:
            packet = packet._replace(payload=make_keyframe(640, 360))
        await source.send([packet])
        status, kind, body = 404, "", b""
        for _ in range(30 if is_garbage else 80):
            status, kind, body = await asyncio.to_thread(get, relay, accepted.broadcast_id)
            if status == 200:
                break
            await asyncio.sleep(0.1)
        if is_garbage:
            assert status == 404
        else:
            assert (status, kind, body[:2]) == (200, "image/jpeg", b"\xff\xd8")
    missing, _, _ = await asyncio.to_thread(get, relay, "no-such-broadcast")
    assert missing == 404
