from __future__ import annotations

import pytest

from app.net.path_choice import choose_path


def test_choose_path_when_a_way_is_silent_then_the_other_is_taken_at_once() -> None:
    assert choose_path(0, [0.0, 400.0], {0}) == 1
    assert choose_path(1, [0.0, 50.0], {0}) == 1
    assert choose_path(0, [0.0, None], {0}) == 0, "it is all there is"
    assert choose_path(1, [0.0, 50.0], {0, 1}) == 1, "this program stood still"


@pytest.mark.parametrize(
    ("current", "waiting_ms", "chosen"),
    [
        (0, [10.0, 0.0], 0),  # no clear difference
        (0, [150.0, 0.0], 1),
        (1, [150.0, 100.0], 1),
        (1, [0.0, 101.0], 0),
        (0, [None, 900.0], 1),  # closed
        (1, [None, 900.0], 1),
        (1, [0.0, None], 0),
        (1, [None, None], 1),
        (0, [500.0], 0),
    ],
)
def test_choose_path_then_takes_the_open_one_on_which_clearly_less_waits(
    current: int, waiting_ms: list[float | None], chosen: int
) -> None:
    assert choose_path(current, waiting_ms) == chosen
