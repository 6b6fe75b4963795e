"""Scenes that are kept between two starts."""

from __future__ import annotations

import itertools
import json

import msgspec
import pytest

from app.state.studio import StudioState
from app.state.studio_saved import (
    BYTES_MAX,
    ITEMS_MAX,
    SavedScene,
    SceneUnread,
    drop_window_id,
    parse_scene,
    restore_scene,
    save_scene,
    texts_of,
)
from app.state.studio_scene import Box, StudioItem
from app.state.studio_sound import Channel

STREAM = "url:rtsp://cook:salt-and-pepper@kitchen.local/cam?key=thyme"
SCENE = StudioState(
    layout="slides",
    items=(
        StudioItem(
            "camera-1",
            "camera",
            "Front",
            address="camera:Front",
            box=Box(0.5, 0.25, 0.25, 0.5),
            is_mirrored=True,
            filters=("skin", "background_blur"),
            shape=1.25,
        ),
        StudioItem("url-2", "url", "kitchen.local", address=STREAM, is_visible=False),
        StudioItem("file-3", "file", "talk.mp4", address="file:/films/talk.mp4"),
        StudioItem("screen-4", "screen", "Notes", address="window:0x2a00007 My Notes"),
        StudioItem("text-5", "text", "Welcome <b>all</b>", signal="still"),
    ),
    channels=(
        Channel("file-3", "talk.mp4", gain_db=-6.5),
        Channel(
            "sound-6",
            "Headset",
            is_microphone=True,
            address="mic:Headset",
            is_muted=True,
            is_noise_suppressed=True,
            peak_db=-3.0,
        ),
    ),
)


def pack(state: StudioState = SCENE, stream: str = "s1") -> bytes:
    return msgspec.json.encode(save_scene(state, lambda _address: stream))


def restore(content: bytes, addresses: dict[str, str]) -> StudioState:
    numbers = itertools.count(1)
    saved = parse_scene(content)
    items, channels = restore_scene(saved, addresses, lambda kind: f"{kind}-{next(numbers)}")
    return StudioState(layout=saved.layout, items=items, channels=channels)


def test_scene_when_kept_and_restored_then_all_stands_as_it_stood_and_is_missing_at_first() -> None:
    state = restore(pack(), {"s1": STREAM})
    assert state.layout == "slides"
    assert [item.key for item in state.items] == [item.key for item in SCENE.items]
    assert [(item.box, item.is_visible, item.is_mirrored) for item in state.items] == [
        (item.box, item.is_visible, item.is_mirrored) for item in SCENE.items
    ]
    assert state.items[0].filters == ("skin", "background_blur")
    assert state.items[0].shape == 1.25
    assert state.items[1].address == STREAM
    assert [item.signal for item in state.items] == ["missing"] * 4 + ["still"]
    film, headset = state.channels
    assert (film.key, film.gain_db, film.address) == ("file-3", -6.5, "")
    assert headset.is_microphone
    assert (headset.is_muted, headset.is_noise_suppressed) == (True, True)
    assert headset.peak_db == -90.0
    assert texts_of(parse_scene(pack())) == ["Welcome <b>all</b>"]


def test_scene_when_it_has_a_stream_then_nothing_of_its_address_is_in_the_file() -> None:
    for word in (b"cook", b"salt", b"thyme", b"rtsp"):
        assert word not in pack()


def test_scene_when_a_streams_address_is_not_kept_then_the_stream_is_left_out() -> None:
    assert [item.kind for item in save_scene(SCENE, lambda _: "").items].count("url") == 0
    state = restore(pack(), {})
    assert [item.kind for item in state.items] == ["camera", "file", "screen", "text"]
    assert state.channels[0].key == state.items[1].key


def test_window_when_kept_then_is_found_by_its_title_and_never_by_its_number() -> None:
    (window,) = (item for item in parse_scene(pack()).items if item.kind == "screen")
    assert window.address == "window:My Notes"
    assert drop_window_id("window:0x2a00007") == "window:"
    assert drop_window_id("screen:1") == "screen:1"
    nameless = StudioState(items=(StudioItem("a", "screen", "", address="window:0x2a00007"),))
    assert save_scene(nameless, str).items == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"items":[]}',
        b'{"version":2}',
        b'{"version":"1"}',
        b'{"version":1,"items":{}}',
        b" " * (BYTES_MAX + 1),
    ],
)
def test_file_when_broken_or_newer_then_is_unread(content: bytes) -> None:
    with pytest.raises(SceneUnread):
        parse_scene(content)


def test_file_when_one_piece_is_unknown_then_only_that_one_is_lost() -> None:
    file = json.loads(pack())
    file["items"].insert(0, {"kind": "hologram", "address": "hologram:1"})
    file["items"].append({"kind": "camera", "box": [0, 0, 1]})
    file["items"].append({"kind": "camera", "address": "c" * 5000})
    file["items"][1]["filters"] = ["skin", "unheard of"]
    file["channels"][0]["item"] += 1
    file["channels"].append({"item": 0})
    file["channels"].append({"item": 99})
    file["layout"] = "spiral"
    state = restore(json.dumps(file).encode(), {"s1": STREAM})
    assert state.layout == "camera"
    assert [item.kind for item in state.items] == [item.kind for item in SCENE.items]
    assert state.items[0].filters == ("skin",)
    assert [channel.key for channel in state.channels] == ["file-3", "sound-6"]


def test_file_when_its_numbers_are_wild_then_boxes_and_levels_stay_in_bounds() -> None:
    file = json.loads(pack())
    file["items"][0] |= {"box": [-5, 1e300, 1e300, 0], "shape": 1e9}
    file["channels"][0]["gain_db"] = 900
    state = restore(json.dumps(file).encode(), {"s1": STREAM})
    assert state.items[0].box == state.items[0].box.clamped()
    assert state.items[0].shape == 10.0
    assert state.channels[0].gain_db == 20.0


def test_scene_when_it_has_more_sources_than_are_kept_then_the_sound_of_others_is_not() -> None:
    items = tuple(
        StudioItem(f"file-{number}", "file", "", address=f"file:/{number}")
        for number in range(ITEMS_MAX + 3)
    )
    channels = tuple(Channel(item.key, "") for item in items)
    saved = save_scene(StudioState(items=items, channels=channels), str)
    assert len(saved.items) == len(saved.channels) == ITEMS_MAX
    assert parse_scene(msgspec.json.encode(saved)) == saved
    assert isinstance(saved, SavedScene)
