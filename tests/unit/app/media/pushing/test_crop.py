from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from app.media.capture.source import VideoFrame
from app.media.flv.bitstream import parse_avc_config
from app.media.pushing.crop import CropEncoders, Cropper, crop_size
from app.media.pushing.fan import PushFan
from tests.e2e.programs import wait_until
from wire.tracks import TrackInfo

if TYPE_CHECKING:
    from app.media.pushing.push_queue import PushItem
    from app.settings import Crop


def _frame(width: int, height: int, pts_us: int = 0) -> VideoFrame:
    """White in the middle third, black on both sides."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, width // 3 : width * 2 // 3] = 255
    image = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
    return VideoFrame(image, pts_us)


def test_cut_when_the_shape_is_upright_then_the_middle_is_kept() -> None:
    cut = Cropper("9:16").cut(_frame(1280, 720)).image
    assert (cut.width, cut.height) == (404, 720)
    assert int(cut.to_ndarray(format="gray")[:, 4:-4].min()) > 200


def test_cut_when_the_picture_is_narrower_then_top_and_bottom_go() -> None:
    cut = Cropper("16:9").cut(_frame(640, 480)).image
    assert (cut.width, cut.height) == (640, 360)


def test_cut_when_the_shape_is_right_already_then_the_picture_is_the_same() -> None:
    frame = _frame(1280, 720)
    assert Cropper("16:9").cut(frame) is frame


def test_cut_when_the_size_changes_then_it_goes_on() -> None:
    cropper = Cropper("9:16")
    for size in ((1280, 720), (640, 360), (1280, 720)):
        cut = cropper.cut(_frame(*size)).image
        assert abs(cut.width * 16 - cut.height * 9) <= 32


@pytest.mark.parametrize("crop", ["9:16"])
def test_encoders_when_an_outlet_is_open_then_it_gets_the_cut_picture(crop: Crop) -> None:
    fan = PushFan()
    crops = CropEncoders(fan)
    crops.begin((TrackInfo(kind="video", codec="h264", width=1280, height=720, frame_rate=30.0),))
    outlet = fan.add(lambda: None, crop)
    items: list[PushItem] = []

    def collect() -> int:
        while (item := outlet.pop()) is not None:
            items.append(item)
        return len(items)

    try:
        crops.use(crop)
        outlet.open()
        for number in range(10):
            crops.push(_frame(1280, 720, number * 33_333))
        wait_until(lambda: collect() >= 5, 30, "five pictures")
    finally:
        crops.stop()
        fan.stop()
    assert items[0].is_keyframe
    decoder = av.CodecContext.create("h264", "r")
    units = parse_avc_config(items[0].setup)
    picture = units.to_annex_b(items[0].body, is_keyframe=True)
    frames = [*decoder.decode(av.Packet(picture)), *decoder.decode(None)]
    assert (frames[0].width, frames[0].height) == crop_size(crop)
