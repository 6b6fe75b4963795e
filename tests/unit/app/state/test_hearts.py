from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.hearts import (
    COLORS,
    HEARTS_MAX,
    HEARTS_PER_NEWS_MAX,
    LIFE_MS,
    OWN_UNSEEN_MAX,
    Hearts,
    OthersTaps,
)

STEPS = st.lists(st.tuples(st.floats(0, 800), st.booleans(), st.integers(0, 10_000)), max_size=150)


@given(STEPS)
def test_hearts_when_everybody_taps_then_never_more_than_the_bound_and_all_on_the_stage(
    steps: list[tuple[float, bool, int]],
) -> None:
    hearts, now = Hearts(random.Random(7).random), 0.0
    for gap, is_own, taps in steps:
        now += gap
        if is_own:
            hearts.tap(now)
            assert hearts.visible(now)[-1][0].is_own
        else:
            hearts.hear(taps, now)
        assert len(hearts) <= HEARTS_MAX
        for heart, place in hearts.visible(now):
            assert 0 <= heart.color < COLORS
            assert 0.0 < place.right < 0.25
            assert 0.0 < place.up < 0.75
            assert 0.0 < place.size < 0.1
            assert 0.0 <= place.opacity <= 1.0
    assert hearts.visible(now + LIFE_MS + 250) == []
    assert not hearts.is_moving(now + LIFE_MS + 250)


@pytest.mark.parametrize(("taps", "shown"), [(0, 0), (1, 1), (3, 3), (1_000, HEARTS_PER_NEWS_MAX)])
def test_hear_when_others_tap_then_as_many_hearts_up_to_the_bound(taps: int, shown: int) -> None:
    hearts = Hearts(lambda: 0.5)
    hearts.hear(taps, 0.0)
    assert len(hearts.visible(249.0)) == shown


def test_tap_when_the_stage_is_full_then_ones_own_takes_anothers_place() -> None:
    hearts = Hearts(lambda: 0.5)
    for _ in range(20):
        hearts.hear(4, 0.0)
    assert len(hearts) == HEARTS_MAX
    hearts.tap(1.0)
    assert len(hearts) == HEARTS_MAX
    assert hearts.visible(1.0)[-1][0].is_own


def test_heart_when_time_passes_then_it_rises_and_fades() -> None:
    hearts = Hearts(lambda: 0.5)
    hearts.tap(0.0)
    places = [hearts.visible(at)[0][1] for at in (0.0, 500.0, 1_500.0, 2_400.0)]
    heights = [place.up for place in places]
    assert heights == sorted(heights)
    assert places[0].opacity == 1.0
    assert places[-1].opacity < 0.2


def test_hearts_when_the_same_chance_and_times_then_the_same_picture() -> None:
    def play() -> list[object]:
        hearts = Hearts(random.Random(3).random)
        hearts.tap(0.0)
        hearts.hear(3, 100.0)
        return [hearts.visible(at) for at in (100.0, 700.0)]

    assert play() == play()


def test_others_when_a_total_holds_own_taps_then_only_the_rest_is_theirs() -> None:
    others = OthersTaps(100)
    others.tap()
    others.tap()
    assert others.hear(101) == 0
    assert others.hear(106) == 4
    assert others.hear(106) == 0
    assert others.hear(3) == 0, "another count began"
    others.begin(50)
    assert others.hear(51) == 1


def test_others_when_own_taps_are_never_counted_then_theirs_show_again_soon() -> None:
    others = OthersTaps()
    for _ in range(1_000):
        others.tap()
    assert others.hear(OWN_UNSEEN_MAX + 5) == 5
