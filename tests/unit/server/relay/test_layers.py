"""Which layer a subscriber gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.relay.layers import (
    BUSY_REPORTS,
    CALM_S,
    CALM_S_MAX,
    FAILED_CLIMB_S,
    PIN_LAGS,
    SETTLE_S,
    SOUND,
    TRUST_S,
    TRUST_S_FAR,
    Ladder,
    LayerChooser,
    Move,
    best_fit,
    make_ladder,
    nearest_layer,
    saving_layer,
)
from wire.media_commands import LayerChoice, Report
from wire.tracks import TrackInfo

LAYERS = {0: 0, 1: 0, 2: 0}
"""Of which nobody knows what they take."""


@pytest.mark.parametrize(
    ("layers", "wish", "layer"),
    [((0, 1, 2), 1, 1), ((0, 2), 1, 0), ((0, 1), 3, 1), ((1, 2), 0, 1), ((2,), 0, 2)],
)
def test_nearest_layer_when_asked_then_is_at_or_below_the_wish_or_the_lowest(
    layers: tuple[int, ...], wish: int, layer: int
) -> None:
    assert nearest_layer(layers, wish) == layer


@pytest.mark.parametrize(("wish", "layer"), [("auto", 2), (0, 0), (1, 1), (3, 2)])
def test_start_when_a_broadcast_begins_then_takes_the_wish_or_the_best(
    wish: LayerChoice, layer: int
) -> None:
    chooser = LayerChooser(wish)
    assert chooser.start(LAYERS, 0.0) == layer
    assert chooser.current == layer


def test_choose_when_the_layer_stays_then_moves_nowhere() -> None:
    chooser = LayerChooser()
    chooser.start(LAYERS, 0.0)
    assert chooser.choose(2, LAYERS, 1.0) is None
    assert chooser.choose("auto", LAYERS, 1.0) is None
    assert chooser.choose(1, LAYERS, 1.0) == Move(1, "chosen")
    assert chooser.choose(3, LAYERS, 1.0) is None


def test_choose_when_nothing_is_live_then_keeps_the_wish_for_later() -> None:
    chooser = LayerChooser()
    assert chooser.choose(1, {}, 0.0) is None
    assert chooser.start(LAYERS, 5.0) == 1


def test_on_lag_when_automatic_then_goes_one_layer_down() -> None:
    chooser = LayerChooser()
    chooser.start(LAYERS, 0.0)
    assert chooser.on_lag(LAYERS, 1.0) == Move(1, "viewer_slow")
    chooser.current = 0
    assert chooser.on_lag(LAYERS, 2.0) is None


def test_on_lag_when_the_user_chose_then_stays() -> None:
    chooser = LayerChooser(2)
    chooser.start(LAYERS, 0.0)
    assert chooser.on_lag(LAYERS, 1.0) is None
    assert chooser.on_calm(LAYERS, 1_000.0) is None


def test_on_calm_when_calm_long_enough_then_climbs_one_layer() -> None:
    chooser = LayerChooser()
    chooser.start(LAYERS, 0.0)
    chooser.current = 0
    chooser.on_lag(LAYERS, 5.0)
    assert chooser.on_calm(LAYERS, 5.0 + CALM_S - 0.1) is None
    assert chooser.on_calm(LAYERS, 5.0 + CALM_S) == Move(1, "recovered")


def test_on_calm_when_at_the_top_or_before_the_start_then_stays() -> None:
    chooser = LayerChooser()
    assert chooser.on_calm(LAYERS, 1_000.0) is None
    chooser.start(LAYERS, 0.0)
    assert chooser.on_calm(LAYERS, 1_000.0) is None


def test_on_calm_when_each_climb_fails_then_waits_twice_as_long_up_to_a_bound() -> None:
    chooser = LayerChooser()
    chooser.start(LAYERS, 0.0)
    chooser.current = 0
    now_s, waits = 0.0, []
    for _ in range(7):
        began_s = now_s
        while chooser.on_calm(LAYERS, now_s) is None:
            now_s += 0.5
        waits.append(now_s - began_s)
        chooser.on_lag(LAYERS, now_s)
    assert waits == [10, 20, 40, 80, 160, CALM_S_MAX, CALM_S_MAX]


def test_on_calm_when_the_lag_came_long_after_the_climb_then_waits_no_longer() -> None:
    chooser = LayerChooser()
    chooser.start(LAYERS, 0.0)
    chooser.current = 0
    assert chooser.on_calm(LAYERS, CALM_S) == Move(1, "recovered")
    lagged_at_s = CALM_S + FAILED_CLIMB_S
    chooser.on_lag(LAYERS, lagged_at_s)
    assert chooser.on_calm(LAYERS, lagged_at_s + CALM_S) == Move(1, "recovered")


# --- what the link carries ----------------------------------------------------------------------

RATED = {0: 314_000, 1: 864_000, 2: 2_564_000}


def a_chooser(wish: LayerChoice = "auto", *, saves_data: bool = False) -> LayerChooser:
    chooser = LayerChooser(wish, saves_data=saves_data)
    chooser.start(RATED, 0.0)
    return chooser


def obey(chooser: LayerChooser, move: Move | None) -> Move | None:
    """As the room does once the keyframe came."""
    if move is not None and move.layer is not None:
        chooser.current = move.layer
    return move


@pytest.mark.parametrize(
    ("bps", "layer"),
    [(0, 0), (330_000, 0), (900_000, 0), (960_000, 1), (2_500_000, 1), (3_000_000, 2)],
)
def test_best_fit_when_a_link_carries_so_much_then_is_the_best_below_with_sound(
    bps: int, layer: int
) -> None:
    assert best_fit(RATED, bps) == layer


def test_ladder_when_more_comes_than_was_announced_then_counts_what_comes() -> None:
    tracks = [
        TrackInfo(kind="video", codec="h264", layer=layer, bit_rate_bps=rate)
        for layer, rate in ((0, 0), (1, 800_000), (2, 2_000_000))
    ]
    sound = TrackInfo(kind="audio", codec="opus", bit_rate_bps=64_000)
    measured = {0: 200_000.4, 1: 100_000.0, 2: 3_000_000.0, SOUND: 50_000.0}
    assert make_ladder([*tracks, sound], measured) == {0: 264_000, 1: 864_000, 2: 3_064_000}
    measured[SOUND] = 100_000.0
    assert make_ladder(tracks, measured) == {0: 300_000, 1: 900_000, 2: 3_100_000}


def test_on_lag_when_the_drain_was_measured_then_goes_straight_to_what_fits() -> None:
    chooser = a_chooser()
    assert chooser.on_lag(RATED, 5.0, 350_000) == Move(0, "viewer_slow")


def test_on_lag_when_the_layer_fits_soon_after_a_step_down_then_is_old_backlog() -> None:
    chooser = a_chooser()
    obey(chooser, chooser.on_lag(RATED, 5.0, 1_200_000))
    assert chooser.current == 1
    assert chooser.on_lag(RATED, 5.0 + SETTLE_S, 1_200_000) is None
    assert chooser.on_lag(RATED, 5.0 + SETTLE_S + 1, 1_200_000) == Move(0, "viewer_slow")


def test_on_lag_when_not_even_the_lowest_fits_then_leaves_sound_and_comes_back_later() -> None:
    chooser = a_chooser()
    obey(chooser, chooser.on_lag(RATED, 5.0, 120_000))
    assert chooser.on_lag(RATED, 8.0, 120_000) is None
    assert chooser.on_lag(RATED, 10.0, 120_000) == Move(None, "viewer_slow")
    assert chooser.is_sound_only
    assert chooser.on_lag(RATED, 11.0, 120_000) is None
    assert chooser.on_calm(RATED, 11.0 + CALM_S) is None, "the link was seen to carry less"
    assert chooser.on_calm(RATED, 11.0 + TRUST_S_FAR) == Move(0, "recovered")
    assert not chooser.is_sound_only


def test_on_lag_when_the_lowest_just_fits_then_pictures_stay() -> None:
    chooser = a_chooser(0)
    for second in range(60):
        assert chooser.on_lag(RATED, float(second), 340_000) is None


def test_on_lag_when_the_link_stood_still_then_nothing_is_learnt_of_it() -> None:
    chooser = a_chooser()
    assert chooser.on_lag(RATED, 5.0, 0.0) == Move(1, "viewer_slow")
    obey(chooser, Move(1, "viewer_slow"))
    assert chooser.on_calm(RATED, 5.0 + CALM_S) == Move(2, "recovered")


def test_on_lag_when_the_link_stands_still_on_the_lowest_then_pictures_are_kept() -> None:
    chooser = a_chooser(0)
    for second in range(20):
        assert chooser.on_lag(RATED, float(second), 0.0) is None


def test_start_when_the_link_is_known_then_begins_with_what_fits() -> None:
    chooser = a_chooser()
    obey(chooser, chooser.on_lag(RATED, 5.0, 1_200_000))
    assert chooser.start(RATED, 6.0) == 1
    assert chooser.start(RATED, 6.0 + TRUST_S) == 2


def test_pin_when_the_link_lags_again_and_again_then_is_lost_and_never_topped() -> None:
    chooser = a_chooser(1)
    for second in range(PIN_LAGS - 1):
        assert chooser.on_lag(RATED, 1.0 + second, 400_000) is None
    assert obey(chooser, chooser.on_lag(RATED, 5.0, 400_000)) == Move(0, "viewer_slow")
    assert chooser.has_lost_pin
    later_s = 6.0 + TRUST_S_FAR
    assert obey(chooser, chooser.on_calm(RATED, later_s)) == Move(1, "recovered")
    assert not chooser.has_lost_pin
    assert chooser.on_calm(RATED, later_s + CALM_S_MAX) is None


def test_pin_when_chosen_while_only_sound_fits_then_is_tried() -> None:
    chooser = a_chooser()
    for second in (1.0, 2.0, 3.0, 4.0):
        obey(chooser, chooser.on_lag(RATED, second, 60_000))
    assert chooser.is_sound_only
    assert chooser.choose(0, RATED, 4.0) == Move(0, "chosen")


def test_data_saver_when_on_then_auto_goes_no_higher_than_it_and_a_pin_does() -> None:
    chooser = a_chooser(saves_data=True)
    assert saving_layer(RATED) == 1
    assert chooser.current == 1
    assert chooser.on_calm(RATED, 1_000.0) is None
    assert chooser.choose(2, RATED, 1.0, saves_data=True) == Move(2, "chosen")


def test_data_saver_when_switched_then_moves_down_at_once_and_up_when_calm() -> None:
    chooser = a_chooser()
    assert obey(chooser, chooser.choose("auto", RATED, 1.0, saves_data=True)) == Move(
        1, "data_saver"
    )
    assert chooser.choose("auto", RATED, 2.0) is None
    assert chooser.on_calm(RATED, 2.0 + CALM_S) == Move(2, "recovered")


# --- what the viewer says -----------------------------------------------------------------------


def report(second: int, *, stalls: int = 0, decode_ms: int = 4, dropped: int = 0) -> Report:
    return Report(frames=30 * second, frames_dropped=dropped, stalls=stalls, decode_ms=decode_ms)


def tell(chooser: LayerChooser, second: int, one: Report) -> Move | None:
    return chooser.on_report(RATED, float(second), one, frame_rate=30.0)


def test_report_when_playing_stalls_twice_then_goes_down() -> None:
    chooser = a_chooser()
    assert tell(chooser, 1, report(1)) is None
    assert tell(chooser, 2, report(2, stalls=1)) is None
    assert tell(chooser, 3, report(3, stalls=2)) == Move(1, "viewer_slow")


def test_report_when_stalls_are_far_apart_then_stays() -> None:
    chooser = a_chooser()
    for second in range(1, 120):
        assert tell(chooser, second, report(second, stalls=second // 11)) is None


def test_report_when_the_decoder_cannot_keep_up_then_goes_down_and_says_why() -> None:
    chooser = a_chooser()
    moves = [tell(chooser, second, report(second, decode_ms=40)) for second in range(6)]
    assert moves.index(Move(1, "viewer_busy")) == BUSY_REPORTS


def test_report_when_many_pictures_are_dropped_then_goes_down() -> None:
    chooser = a_chooser()
    moves = [tell(chooser, second, report(second, dropped=second * 15)) for second in range(6)]
    assert Move(1, "viewer_busy") in moves


def test_report_when_the_user_chose_the_layer_then_stays() -> None:
    chooser = a_chooser(2)
    for second in range(30):
        assert tell(chooser, second, report(second, decode_ms=80, stalls=second)) is None


# --- any link -----------------------------------------------------------------------------------

ladders = st.lists(st.integers(100_000, 6_000_000), min_size=1, max_size=4, unique=True).map(
    lambda rates: dict(enumerate(sorted(rates)))
)


@given(ladders, st.integers(60_000, 8_000_000), st.sampled_from(["auto", 0, 2]), st.booleans())
def test_link_when_it_carries_the_same_for_minutes_then_settles_and_is_seldom_tried(
    ladder: Ladder, carries_bps: int, wish: LayerChoice, saves_data: bool
) -> None:
    chooser = LayerChooser(wish, saves_data=saves_data)
    top = chooser.start(ladder, 0.0)
    lags_late = 0
    for second in range(600):
        now_s, before = float(second), chooser.current
        assert before is not None
        takes_bps = 48_000 if chooser.is_sound_only else ladder[before]
        if takes_bps > carries_bps:
            was_sound_only = chooser.is_sound_only
            move = obey(chooser, chooser.on_lag(ladder, now_s, float(carries_bps)))
            lags_late += second > 300 and not was_sound_only
            assert move is None or move.layer is None or move.layer < before
        else:
            was_sound_only = chooser.is_sound_only
            move = obey(chooser, chooser.on_calm(ladder, now_s))
            if move is not None and move.layer is not None:
                steps = [layer for layer in ladder if before < layer <= move.layer]
                assert len(steps) == (0 if was_sound_only else 1), "one at a time"
        assert chooser.current in ladder
        assert chooser.current <= top, "never above the wish or the saving"
    assert lags_late <= 14, "a climb that fails is tried at most every CALM_S_MAX or so"
    if best_fit(ladder, carries_bps) >= top and carries_bps > 1.1 * ladder[top]:
        assert (chooser.current, chooser.is_sound_only) == (top, False)


@given(ladders, st.lists(st.tuples(st.floats(0.1, 20), st.integers(0, 9_000_000)), max_size=60))
def test_link_when_it_does_anything_then_the_layer_is_always_one_that_is(
    ladder: Ladder, story: list[tuple[float, int]]
) -> None:
    chooser = LayerChooser()
    chooser.start(ladder, 0.0)
    now_s = 0.0
    for pause_s, drained_bps in story:
        now_s += pause_s
        obey(chooser, chooser.on_lag(ladder, now_s, drained_bps or None))
        assert chooser.current in ladder
        obey(chooser, chooser.on_calm(ladder, now_s + pause_s))
        assert chooser.current in ladder
    assert obey(chooser, chooser.on_calm(ladder, now_s + 10 * CALM_S_MAX)) is not None or (
        chooser.current == max(ladder)
    )
