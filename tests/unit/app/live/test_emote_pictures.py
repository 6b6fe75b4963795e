"""Pictures of emotes as they come from a relay."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.errors import BadInput
from app.live.emote_pictures import EmotePictures
from tests.emote_pictures import make_png
from wire.emotes import make_emote_id
from wire.emotes_commands import GetEmote
from wire.emotes_events import EmotePicture
from wire.ids import RoomId

ROOM = RoomId("r")
RED, BLUE = make_png(8, 8), make_png(8, 8, b"\0\0\xff\xff")


class FakeControl:
    def __init__(self, *pictures: bytes) -> None:
        self.pictures = {make_emote_id(one): one for one in pictures}
        self.asked: list[str] = []

    async def request(self, command: Any, answer: Any) -> Any:
        assert isinstance(command, GetEmote)
        assert answer is EmotePicture
        self.asked.append(command.emote_id)
        await asyncio.sleep(0)
        return EmotePicture(emote_id=command.emote_id, picture=self.pictures[command.emote_id])


async def test_fetch_when_many_ask_for_the_same_then_the_relay_is_asked_once() -> None:
    control = FakeControl(RED)
    pictures = EmotePictures(control)
    got = await asyncio.gather(*(pictures.fetch(ROOM, make_emote_id(RED)) for _ in range(5)))
    assert set(got) == {RED}
    assert len(control.asked) == 1


async def test_fetch_when_more_than_are_kept_then_the_oldest_is_asked_for_again() -> None:
    control = FakeControl(RED, BLUE)
    pictures = EmotePictures(control, kept_bytes_max=len(RED))
    for picture in (RED, BLUE, RED, RED):
        assert await pictures.fetch(ROOM, make_emote_id(picture)) == picture
    assert len(control.asked) == 3


@pytest.mark.parametrize("sent", [BLUE, b"", b"text", RED[:-1], make_png(256, 256)[:-5]])
async def test_fetch_when_the_relay_sends_another_picture_then_refused_and_not_kept(
    sent: bytes,
) -> None:
    control = FakeControl()
    emote_id = make_emote_id(RED)
    control.pictures[emote_id] = sent
    pictures = EmotePictures(control)
    with pytest.raises(BadInput):
        await pictures.fetch(ROOM, emote_id)
    control.pictures[emote_id] = RED
    assert await pictures.fetch(ROOM, emote_id) == RED
