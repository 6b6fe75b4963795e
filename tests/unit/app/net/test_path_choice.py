from __future__ import annotations

import pytest

from app.net.path_choice import choose_path


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
