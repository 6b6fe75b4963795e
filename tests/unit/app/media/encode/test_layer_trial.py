from __future__ import annotations

from app.media.encode.layer_trial import measure_ms, try_machine
from app.media.encode.layers import LADDER, parse_layers


def test_measure_then_is_what_a_picture_takes() -> None:
    assert measure_ms(parse_layers("360p")) > 0


def test_try_machine_then_finds_something_that_fits_and_remembers_it() -> None:
    verdict = try_machine()
    assert verdict.tried[0][0] == LADDER
    assert 1 <= len(verdict.specs) <= 3
    assert try_machine() is verdict
