from fractions import Fraction

import av
import numpy as np
import pytest

from app.media.picture import planes_of, tag_bt709
from app.media.scene.picture_fitter import PictureFitter, inner_size

RED_709 = (63, 102, 240)
"""Full red in BT.709, limited range."""


def colour_at(frame: av.VideoFrame, x: int, y: int) -> tuple[int, int, int]:
    luma, blue, red = planes_of(frame)
    return int(luma[y, x]), int(blue[y // 2, x // 2]), int(red[y // 2, x // 2])


def rgb(width: int, height: int, colour: tuple[int, int, int]) -> av.VideoFrame:
    pixels = np.full((height, width, 3), colour, np.uint8)
    return av.VideoFrame.from_ndarray(pixels, format="rgb24")


def yuv(width: int, height: int, colour: tuple[int, int, int], format_name: str) -> av.VideoFrame:
    frame = av.VideoFrame(width, height, format_name)
    for plane, value in zip(planes_of(frame), colour, strict=True):
        plane[:] = value
    return frame


def test_fit_when_the_source_is_rgb_then_red_is_red_in_bt709() -> None:
    fitted = PictureFitter(640, 360).fit(rgb(640, 360, (255, 0, 0)))
    assert colour_at(fitted, 320, 180) == pytest.approx(RED_709, abs=2)
    assert (fitted.colorspace, fitted.color_range) == (1, 1)


def test_fit_when_the_source_is_full_range_mjpeg_then_the_range_is_narrowed() -> None:
    fitted = PictureFitter(640, 360).fit(yuv(640, 360, (255, 128, 128), "yuvj420p"))
    assert colour_at(fitted, 320, 180) == pytest.approx((235, 128, 128), abs=1)
    fitted = PictureFitter(640, 360).fit(yuv(640, 360, (0, 128, 128), "yuvj420p"))
    assert colour_at(fitted, 320, 180) == pytest.approx((16, 128, 128), abs=1)


def test_fit_when_the_source_is_bt601_then_red_becomes_bt709_red() -> None:
    tagged = yuv(640, 360, (81, 90, 240), "yuv420p")
    tagged.colorspace = 6
    tagged.color_range = 1
    fitted = PictureFitter(640, 360).fit(tagged)
    assert colour_at(fitted, 320, 180) == pytest.approx(RED_709, abs=3)


def test_fit_when_small_video_is_untagged_then_it_is_taken_for_bt601() -> None:
    fitted = PictureFitter(1280, 720).fit(yuv(640, 360, (81, 90, 240), "yuv420p"))
    assert colour_at(fitted, 640, 360) == pytest.approx(RED_709, abs=3)


def test_fit_when_it_fits_already_then_the_same_picture_is_given() -> None:
    frame = yuv(640, 360, (100, 128, 128), "yuv420p")
    tag_bt709(frame)
    assert PictureFitter(640, 360).fit(frame) is frame
    untagged_hd = yuv(1280, 720, (100, 128, 128), "yuv420p")
    assert PictureFitter(1280, 720).fit(untagged_hd) is untagged_hd


@pytest.mark.parametrize(
    ("size", "bar", "inside"),
    [((480, 360), (40, 180), (320, 180)), ((640, 240), (320, 20), (320, 180))],
)
def test_fit_when_the_shape_differs_then_black_bars_stand_at_the_sides(
    size: tuple[int, int], bar: tuple[int, int], inside: tuple[int, int]
) -> None:
    fitted = PictureFitter(640, 360).fit(rgb(*size, (255, 0, 0)))
    assert (fitted.width, fitted.height) == (640, 360)
    assert colour_at(fitted, *bar) == (16, 128, 128)
    assert colour_at(fitted, *inside) == pytest.approx(RED_709, abs=2)


@pytest.mark.parametrize(
    ("source", "shape", "expected"),
    [
        ((1920, 1080), Fraction(1), (1280, 720)),
        ((1366, 768), Fraction(1), (1280, 720)),
        ((640, 480), Fraction(1), (960, 720)),
        ((1080, 1920), Fraction(1), (404, 720)),
        ((2560, 1080), Fraction(1), (1280, 540)),
        ((720, 576), Fraction(64, 45), (1280, 720)),
        ((1, 8000), Fraction(1), (2, 720)),
    ],
)
def test_inner_size_when_shapes_differ_then_the_largest_that_fits_is_taken(
    source: tuple[int, int], shape: Fraction, expected: tuple[int, int]
) -> None:
    assert inner_size(*source, 1280, 720, shape) == expected
