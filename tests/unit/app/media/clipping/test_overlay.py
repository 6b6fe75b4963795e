from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.media.clipping.overlay import Placed, Sprite, is_bt709, lay_over

GRAY = 100


def a_frame(width: int = 64, height: int = 36) -> av.VideoFrame:
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height] = GRAY
    frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.pts, frame.time_base = 7, Fraction(1, 25)
    return frame


def luma(frame: av.VideoFrame) -> np.ndarray:
    return frame.to_ndarray(format="yuv420p")[: frame.height]


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_sprite_when_opaque_then_its_colour_is_there(
    color: tuple[int, int, int], expected: tuple[int, int, int]
) -> None:
    sprite = Sprite(np.full((8, 8, 4), (*color, 255), np.uint8))
    frame = lay_over(a_frame(), [Placed(sprite, 10, 10)])
    planes = frame.to_ndarray(format="yuv420p").reshape(-1)
    size = 64 * 36
    cb = planes[size : size + size // 4].reshape(18, 32)
    cr = planes[size + size // 4 :].reshape(18, 32)
    got = (luma(frame)[14, 14], cb[7, 7], cr[7, 7])
    assert got == pytest.approx(expected, abs=1.5)
    assert frame.pts == 7


def test_sprite_when_half_seen_through_then_it_is_mixed() -> None:
    half = Sprite(np.full((8, 8, 4), 128, np.uint8))
    assert luma(lay_over(a_frame(), [Placed(half, 0, 0)]))[4, 4] == pytest.approx(168, abs=2)
    clear = Sprite(np.full((8, 8, 4), 255, np.uint8), opacity=0.0)
    assert luma(lay_over(a_frame(), [Placed(clear, 0, 0)]))[4, 4] == GRAY


@given(st.integers(-100, 100), st.integers(-100, 100), st.integers(1, 90), st.integers(1, 90))
def test_sprite_when_partly_outside_then_the_rest_is_untouched(
    x: int, y: int, width: int, height: int
) -> None:
    sprite = Sprite(np.full((height, width, 4), 255, np.uint8))
    after = luma(lay_over(a_frame(), [Placed(sprite, x, y)]))
    changed = np.full((36, 64), fill_value=False)
    changed[max(0, y) : max(0, y + sprite.height), max(0, x) : max(0, x + sprite.width)] = True
    assert (after[changed] == 235).all()
    assert (after[~changed] == GRAY).all()


def test_matrix_when_unknown_then_it_goes_by_the_height() -> None:
    assert is_bt709(1, 360)
    assert not is_bt709(6, 1080)
    assert is_bt709(2, 720)
    assert not is_bt709(2, 480)
