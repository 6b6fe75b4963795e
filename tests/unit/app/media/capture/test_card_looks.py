import itertools

import numpy as np
import pytest

from app.media.capture.card_looks import LOOKS, paint_look
from app.media.capture.test_card import TestCard, TestCardReading, read_blocks
from tests.unit.app.media.media_files import luma

NOW_US = 1_764_000_000_123_456


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("flash", [False, True])
def test_read_when_the_card_has_any_look_then_says_what_was_put_in(look: str, flash: bool) -> None:
    card = TestCard(640, 360, look)
    frame = card.draw(frame_number=77, captured_at_unix_us=NOW_US, flash=flash)
    assert read_blocks(luma(frame)) == TestCardReading(77, NOW_US, is_flash=flash)


def test_looks_when_compared_then_no_two_are_alike() -> None:
    frames = [
        TestCard(640, 360, look).draw(frame_number=1, captured_at_unix_us=NOW_US) for look in LOOKS
    ]
    small = [frame.to_ndarray(format="rgb24")[::20, ::20].astype(int) for frame in frames]
    for one, other in itertools.combinations(small, 2):
        assert np.abs(one - other).mean() > 20


@pytest.mark.parametrize("look", LOOKS[1:])
def test_paint_when_a_look_is_drawn_then_stays_in_the_limited_range(look: str) -> None:
    planes = paint_look(look, 320, 180)
    assert [plane.shape for plane in planes] == [(180, 320), (90, 160), (90, 160)]
    assert all(plane.min() >= 16 and plane.max() <= 240 for plane in planes)
