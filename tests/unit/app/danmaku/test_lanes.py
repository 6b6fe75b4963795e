"""How a text moves, and the least time between two of a lane."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.danmaku.lanes import Flight, Geometry, Text, headway_ms

STAGE = Geometry(width=1280, height=720, font=24)
widths = st.floats(min_value=4, max_value=2400, allow_nan=False)


def text(key: str, width: float = 250, **fields: object) -> Text:
    return Text(key=key, text=fields.pop("words", key), width=width, **fields)


@pytest.mark.parametrize(
    ("height", "font", "area", "lanes"),
    [(768, 48, 1.0, 10), (576, 24, 1.0, 15), (768, 48, 0.5, 5), (767, 48, 1.0, 9), (20, 24, 1, 0)],
)
def test_lanes_when_they_fit_exactly_then_all_are_there(
    height: float, font: float, area: float, lanes: int
) -> None:
    assert Geometry(width=1280, height=height, font=font, area=area).lanes == lanes


@given(before=widths, after=widths)
@settings(max_examples=400, deadline=None)
def test_headway_is_the_least_that_keeps_two_texts_apart(before: float, after: float) -> None:
    def smallest_gap(after_ms: float) -> float:
        first = Flight(text("p", before), 0, 0.0)
        second = Flight(text("n", after), 0, after_ms)
        # Both edges move in straight lines: the ends of the time that both are there decide.
        return min(
            second.x(STAGE, at) - (first.x(STAGE, at) + before)
            for at in (after_ms, STAGE.duration_ms)
        )

    bound_ms = headway_ms(STAGE, before, after)

    assert smallest_gap(bound_ms) >= -1e-6
    assert smallest_gap(bound_ms) <= STAGE.gap + 1e-6 or before != max(before, after)
    # 3 % sooner, and without the gap that forgives some pixels, they touch.
    tight = Geometry(STAGE.width, STAGE.height, font=1e-9)
    first, second = Flight(text("p", before), 0, 0.0), Flight(text("n", after), 0, 0.0)
    sooner_ms = headway_ms(tight, before, after) * 0.97
    second = Flight(second.text, 0, sooner_ms)
    assert (
        min(
            second.x(tight, at) - first.x(tight, at) - before
            for at in (sooner_ms, tight.duration_ms)
        )
        < 0
    )


@given(width=widths, other=widths, progress=st.floats(0, 1), density=st.floats(0.25, 1))
@settings(max_examples=100, deadline=None)
def test_headway_with_less_density_is_longer_in_proportion(
    width: float, other: float, progress: float, density: float
) -> None:
    thin = Geometry(STAGE.width, STAGE.height, STAGE.font, density=density)
    assert headway_ms(thin, width, other) >= headway_ms(STAGE, width, other)
    flight = Flight(text("a", width), 0, 0.0)
    # Another density changes nothing for what flies already.
    at_ms = progress * STAGE.duration_ms
    assert flight.x(thin, at_ms) == flight.x(STAGE, at_ms)


def test_a_larger_text_takes_adjacent_lanes() -> None:
    assert [text("a", scale=scale).rows for scale in (0.8, 1.0, 1.25, 2.0, 2.5)] == [1, 1, 2, 2, 3]
