import numpy as np

from app.media.capture.test_tone import find_clicks, make_tone


def test_tone_when_three_seconds_then_clicks_on_each_whole_second() -> None:
    clicks = find_clicks(make_tone(24_000, 3 * 48_000))
    assert [round(click / 48) for click in clicks] == [500, 1500, 2500]


def test_tone_when_made_in_pieces_then_joins_without_a_step() -> None:
    whole = make_tone(47_000, 4_000)
    pieces = np.concatenate([make_tone(47_000 + first, 480) for first in range(0, 4_000, 480)])
    assert np.array_equal(whole, pieces[:4_000])


def test_find_when_there_is_no_click_then_is_empty() -> None:
    assert find_clicks(np.zeros((480, 2), np.float32)) == []
    assert find_clicks(make_tone(1_000, 40_000)) == []
