from __future__ import annotations

from app.media.ingest.arrivals import AHEAD_US_MAX, BEHIND_US_MAX, Anchor


def test_place_when_the_first_item_comes_then_it_is_now_and_others_keep_their_distance() -> None:
    anchor = Anchor()
    assert anchor.place(7_000_000, 500) == 500
    assert anchor.place(7_040_000, 90_000) == 40_500
    assert anchor.jumps == 0


def test_place_when_the_senders_time_jumps_then_it_is_laid_anew() -> None:
    anchor = Anchor()
    anchor.place(0, 1_000_000)
    assert anchor.place(AHEAD_US_MAX + 40_000, 1_040_000) == 2_040_000
    assert anchor.place(90_000_000, 1_080_000) == 1_080_000
    assert anchor.jumps == 1
    assert anchor.place(90_000_000 - BEHIND_US_MAX - 1, 1_080_000) == 1_080_000
    assert anchor.jumps == 2


def test_release_when_another_connection_comes_then_it_is_placed_anew() -> None:
    anchor = Anchor()
    anchor.place(5_000_000, 0)
    anchor.release()
    assert anchor.place(0, 8_000_000) == 8_000_000
    assert anchor.jumps == 1
