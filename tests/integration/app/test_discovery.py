"""The list of rooms and their pictures, from a real relay."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from app.errors import RelayUnreachable
from app.live.discovery import Discovery
from app.net.address import parse_relay_address
from app.net.control_client import ControlClient, open_control
from app.net.thumbnails import fetch_thumbnail
from app.state.discover import DiscoverState
from tests.support.relay_clients import publisher
from tests.support.relay_process import running_relay
from tests.support.synthetic_media import SyntheticMedia
from tests.unit.server.thumbnails.keyframes import make_keyframe
from wire import command_base, event_base

_Answer = TypeVar("_Answer", bound=event_base.Answer)


class GuestControl:
    """A control link without an account; cut while `client` is None."""

    def __init__(self, url: str, client: ControlClient | None) -> None:
        self.url = url
        self.client = client

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer:
        if self.client is None:
            raise RelayUnreachable("cut")
        numbered = msgspec.structs.replace(command, id=self.client.next_id())
        return await self.client.request(numbered, answer)

    def relay_settings(self) -> tuple[str, str | None]:
        return self.url, None

    def own_user_id(self) -> str:
        return ""


class Page:
    """What a page would have been told."""

    def __init__(self) -> None:
        self.state = DiscoverState()
        self.pictures: dict[str, bytes] = {}
        self.changed = asyncio.Event()

    def on_state(self, state: DiscoverState) -> None:
        self.state = state
        self.changed.set()

    def on_thumbnail(self, broadcast_id: str, jpeg: bytes) -> None:
        self.pictures[broadcast_id] = jpeg
        self.changed.set()

    async def until_live(self, discovery: Discovery) -> None:
        async with asyncio.timeout(15):
            while not self.pictures:
                discovery.refresh()
                await asyncio.sleep(0.2)


async def test_page_shows_live_rooms_first_with_a_picture_and_finds_by_word(
    tmp_path: Path,
) -> None:
    media = SyntheticMedia(has_audio=False)
    with running_relay(tmp_path / "data", rooms=("hall", "attic")) as relay:
        key = relay.publish_key
        async with (
            open_control(parse_relay_address(relay.url)) as client,
            publisher(relay.url, relay.room_id, media, publish_key=key) as source,
        ):
            packet = media.next_frame(keyframe=True)[0]
            await source.send([packet._replace(payload=make_keyframe(640, 360))])
            page = Page()
            discovery = Discovery(
                GuestControl(relay.url, client),
                on_state=page.on_state,
                on_thumbnail=page.on_thumbnail,
            )
            running = asyncio.get_running_loop().create_task(discovery.run())
            await page.until_live(discovery)
            assert [room.name for room in page.state.recommended] == ["hall"]
            assert [room.name for room in page.state.resting] == ["attic"]
            assert page.pictures[source.accepted.broadcast_id][:2] == b"\xff\xd8"
            discovery.search("att")
            async with asyncio.timeout(20):
                while [room.name for room in page.state.rooms] != ["attic"]:
                    page.changed.clear()
                    await page.changed.wait()
            discovery.stop()
            await running


async def test_page_says_that_the_relay_does_not_answer() -> None:
    page = Page()
    control = GuestControl("ws://127.0.0.1:9", None)
    discovery = Discovery(control, on_state=page.on_state, on_thumbnail=page.on_thumbnail)
    running = asyncio.get_running_loop().create_task(discovery.run())
    async with asyncio.timeout(20):
        while page.state.emptiness != "failed":
            page.changed.clear()
            await page.changed.wait()
    discovery.stop()
    await running


@pytest.mark.parametrize("broadcast_id", ["../../metrics", "a b", "", "x\r\nHost: y"])
async def test_only_an_id_goes_into_the_request_line(broadcast_id: str) -> None:
    address = parse_relay_address("ws://127.0.0.1:9")
    assert await fetch_thumbnail(address, broadcast_id) is None
