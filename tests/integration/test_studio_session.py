"""The studio against a real relay: live, switched, cut, ended, with one broadcast all along."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import av
import pytest
import pytest_asyncio

from app.errors import RelayRefused
from app.live.discovery import Discovery
from app.live.house import House
from app.live.invite_link import InviteLink
from app.live.studio import StudioSession
from app.media.capture.source import SourceState
from app.net.address import parse_relay_address
from app.net.relay_process import start_relay
from app.state import studio_events
from app.state.studio_scene import Box
from app.state.studio_sound import Channel, SoundFault
from tests.cover_pictures import make_jpeg
from wire.covers import make_cover_id


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path, random=random.random, host="127.0.0.1", port=0)
    await house.host()
    yield house
    await house.stop()


async def wait_for(is_so: Callable[[], bool], timeout_s: float = 15.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not is_so():  # noqa: ASYNC110 # states come without a wake-up here
            await asyncio.sleep(0.05)


@pytest.mark.asyncio
async def test_studio_switches_everything_while_live_without_a_new_broadcast(house: House) -> None:
    pictures: list[tuple[int, ...]] = []
    studio: StudioSession

    def on_pixels(pixels: object) -> None:
        pictures.append(getattr(pixels, "shape", ()))
        studio.stage.preview.taken()

    studio = StudioSession(
        house, random=random.random, on_state=lambda _state: None, on_pixels=on_pixels
    )
    studio.stage.show_preview(shown=True, width=640, height=360)
    try:
        await studio.start()
        await studio.add_sound("tone", "Tone")
        await studio.go_live()
        await wait_for(lambda: studio.state.phase == "live")
        publishing = studio._publishing
        assert publishing is not None
        broadcast = publishing.statistics()["broadcast_id"]
        await wait_for(lambda: publishing.pipeline_stats().frames_encoded > 30)
        await studio.add_source("testcard", "testcard:640x360", "Second card")
        for layout in ("slides", "screen_camera", "camera"):
            studio.choose_layout(layout)
            await asyncio.sleep(0.4)
        key = studio.state.items[-1].key
        studio.change(
            studio_events.ItemChanged(key, is_mirrored=True, filters=("skin",), is_visible=True)
        )
        studio.change(studio_events.ItemMoved(key, Box(0.5, 0.5, 0.4, 0.4)))
        await asyncio.sleep(1.0)
        stats = publishing.statistics()
        assert stats["broadcast_id"] == broadcast
        assert stats["reconnects"] == 0
        assert studio.state.costs_ms
        assert pictures
        assert pictures[-1] == (360, 640, 4)
        dropped = publishing.pipeline_stats().frames_dropped
        assert dropped["encoder_slow"] + dropped["source_late"] <= 2
        assert studio.state.figures.bit_rate_kbps > 0
        await studio.room.say("hello")
        await wait_for(lambda: bool(studio.state.chat))
        began = time.monotonic()
        await studio.end()
        assert time.monotonic() - began < 5
        assert studio.state.phase == "preview"
        await studio.go_live()
        await wait_for(lambda: studio.state.phase == "live")
    finally:
        await studio.stop()


@pytest.mark.asyncio
async def test_studio_says_that_the_relay_is_away_and_heals_by_itself(tmp_path: Path) -> None:
    relay = await start_relay(data_dir=tmp_path / "relay", room="any")
    url = relay.ready.url
    port = int(url.rsplit(":", 1)[1])
    house = House(tmp_path / "app", random=random.random)
    await house.join(InviteLink(parse_relay_address(url, pin=None)))
    await house.register("streamer", "a long enough pass phrase")
    studio = StudioSession(
        house, random=random.random, on_state=lambda _state: None, on_pixels=lambda _pixels: None
    )
    try:
        await studio.start()
        await studio.go_live()
        await wait_for(lambda: studio.state.phase == "live")
        publishing = studio._publishing
        await studio.room.say("before")
        await wait_for(lambda: len(studio.state.chat) == 1)
        await relay.stop()
        await wait_for(lambda: studio.state.phase == "waiting")
        assert studio.state.health.culprit == "away"
        relay = await start_relay(data_dir=tmp_path / "relay", room="any", port=port)
        await wait_for(lambda: studio.state.phase == "live", 30.0)
        assert studio._publishing is publishing
        # Its membership of the room ended with the old link.
        await wait_for(lambda: house.state.is_connected)
        await studio.room.say("after")
        await wait_for(lambda: len(studio.state.chat) == 2)
        assert [line.text for line in studio.state.chat] == ["before", "after"]
    finally:
        await studio.stop()
        await house.stop()
        await relay.stop()


@pytest.mark.asyncio
async def test_studio_when_a_sounds_device_is_gone_then_its_strip_and_the_checks_say_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.studio.CHECK_INTERVAL_S", 0.1)
    studio = StudioSession(
        house, random=random.random, on_state=lambda _state: None, on_pixels=lambda _pixels: None
    )
    studio.stage.show_preview(shown=True, width=640, height=360)  # unseen, it mixes no sound
    try:
        await studio.start()
        for channel in studio.state.channels:  # a microphone of this machine
            await studio.remove(channel.key)
        await studio.add_sound("tone", "USB Headset")
        (channel,) = studio.state.channels
        studio._apply(
            studio_events.ChannelAdded(Channel(channel.key, "USB Headset", is_microphone=True))
        )
        await wait_for(lambda: studio.state.sound_faults == ())
        source = studio.stage.mixer._channels[channel.key].source
        monkeypatch.setattr(source, "state", SourceState.NO_SIGNAL)
        await wait_for(lambda: studio.state.channels[0].signal == "no_signal")
        fault = SoundFault("unplugged", "USB Headset")
        await wait_for(lambda: studio.state.sound_faults == (fault,))
        await wait_for(lambda: dict(studio.state.checks).get("sound") == "bad")
    finally:
        await studio.stop()


@pytest.mark.asyncio
async def test_studio_when_it_records_here_then_the_file_has_what_was_sent_and_goes_on_no_further(
    house: House, tmp_path: Path
) -> None:
    folder = tmp_path / "films"
    studio = StudioSession(
        house, random=random.random, on_state=lambda _state: None, on_pixels=lambda _pixels: None
    )
    try:
        await studio.start()
        await studio.add_sound("tone", "Tone")
        studio.record(is_wanted=True, folder=str(folder))
        assert studio.state.recording.phase == "armed"
        await studio.go_live()
        await wait_for(lambda: studio.state.recording.phase == "on", 30.0)
        await wait_for(lambda: studio.state.recording.bytes > 200_000, 30.0)
        studio.record(is_wanted=False, folder=str(folder))
        await wait_for(lambda: studio._recording._recorder is None, 30.0)
        assert studio.state.phase == "live"
    finally:
        await studio.stop()
    (path,) = folder.iterdir()
    assert str(path) == studio.state.recording.path
    with av.open(str(path)) as file:
        pictures = sum(1 for _ in file.decode(video=0))
    with av.open(str(path)) as file:
        sound = sum(frame.samples for frame in file.decode(audio=0))
    assert pictures > 5
    assert sound > 0


@pytest.mark.asyncio
async def test_cover_when_set_in_studio_then_stands_there_and_in_discover_until_it_is_removed(
    house: House,
) -> None:
    picture = make_jpeg()
    found: dict[str, bytes] = {}
    studio = StudioSession(
        house, random=random.random, on_state=lambda _state: None, on_pixels=lambda _pixels: None
    )
    discovery = Discovery(
        house,
        on_state=lambda _state: None,
        on_thumbnail=lambda _broadcast, _jpeg: None,
        on_cover=found.__setitem__,
    )
    async with asyncio.TaskGroup() as looking:
        looking.create_task(discovery.run())
        try:
            with pytest.raises(RelayRefused):
                await studio.room.set_cover(b"<svg/>")
            await studio.room.set_cover(picture)
            cover = make_cover_id(picture)
            assert (studio.state.cover, studio.state.cover_picture) == (cover, picture)
            discovery.refresh()
            await wait_for(lambda: found == {cover: picture}, 30.0)
            again = StudioSession(
                house, random=random.random, on_state=lambda _state: None, on_pixels=lambda _: None
            )
            await again.room.enter()
            await wait_for(lambda: again.state.cover_picture == picture, 30.0)
            await again.stop()
            await studio.room.set_cover(None)
            assert studio.state.cover == ""
            discovery.refresh()
            await wait_for(lambda: discovery.state.covers == (), 30.0)
        finally:
            discovery.stop()
            await studio.stop()
