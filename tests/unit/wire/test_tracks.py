"""Which tracks can be one broadcast."""

from typing import Any

import pytest

from wire.errors import ErrorCode, WireError
from wire.limits import LAYERS_MAX, TRACKS_MAX
from wire.tracks import TrackInfo, check_tracks


def a_picture(**changes: Any) -> TrackInfo:
    fields = {"layer": 0, "width": 1280, "height": 720, "frame_rate": 30.0} | changes
    return TrackInfo(**{"kind": "video", "codec": "h264", **fields})


def a_sound(**changes: Any) -> TrackInfo:
    fields = {"codec": "opus", "sample_rate_hz": 48_000, "channels": 2} | changes
    return TrackInfo(**{"kind": "audio", **fields})


DATA = TrackInfo(kind="data", codec="json")


@pytest.mark.parametrize(
    "tracks",
    [
        (a_picture(),),
        (a_sound(),),
        (DATA,),
        (a_picture(), a_sound(), DATA),
        tuple(a_picture(layer=layer) for layer in range(LAYERS_MAX)),
        (a_picture(codec="h265"), a_picture(codec="av1", layer=1)),
    ],
)
def test_tracks_when_they_can_be_one_broadcast_then_pass(tracks: tuple[TrackInfo, ...]) -> None:
    check_tracks(tracks)


@pytest.mark.parametrize(
    ("tracks", "words"),
    [
        ((), "at least one"),
        ((DATA,) * (TRACKS_MAX + 1), "at most"),
        ((a_picture(), a_picture(codec="h265")), "two video tracks have layer 0"),
        ((a_sound(), a_sound()), "two audio tracks"),
        ((a_picture(codec="opus"),), "opus is not a codec for video"),
        ((a_sound(codec="h264"),), "h264 is not a codec for audio"),
        ((a_sound(layer=1),), "layer 0"),
        ((a_picture(width=0),), "width"),
        ((a_picture(frame_rate=0.0),), "frame_rate"),
        ((a_sound(channels=0),), "channels"),
        ((a_sound(sample_rate_hz=0),), "sample_rate_hz"),
    ],
)
def test_tracks_when_they_cannot_be_one_broadcast_then_are_refused(
    tracks: tuple[TrackInfo, ...], words: str
) -> None:
    with pytest.raises(WireError, match=words) as caught:
        check_tracks(tracks)
    assert (caught.value.code, caught.value.field) == (ErrorCode.INVALID_VALUE, "tracks")
