"""Which layer a subscriber gets."""

import pytest

from server.relay.layers import CALM_S, CALM_S_MAX, FAILED_CLIMB_S, LayerChooser, nearest_layer
from wire.commands import LayerChoice

LAYERS = (0, 1, 2)


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
    assert chooser.choose(1, LAYERS, 1.0) == 1
    assert chooser.choose(3, LAYERS, 1.0) is None


def test_choose_when_nothing_is_live_then_keeps_the_wish_for_later() -> None:
    chooser = LayerChooser()
    assert chooser.choose(1, (), 0.0) is None
    assert chooser.start(LAYERS, 5.0) == 1


def test_on_lag_when_automatic_then_goes_one_layer_down() -> None:
    chooser = LayerChooser()
    chooser.start(LAYERS, 0.0)
    assert chooser.on_lag(LAYERS, 1.0) == 1
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
    assert chooser.on_calm(LAYERS, 5.0 + CALM_S) == 1


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
    assert chooser.on_calm(LAYERS, CALM_S) == 1
    lagged_at_s = CALM_S + FAILED_CLIMB_S
    chooser.on_lag(LAYERS, lagged_at_s)
    assert chooser.on_calm(LAYERS, lagged_at_s + CALM_S) == 1
