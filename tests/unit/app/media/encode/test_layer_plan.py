from __future__ import annotations

import random

import pytest

from app.media.encode.layer_plan import (
    LEAST_BPS,
    LayerRun,
    cap_bps,
    least_bps,
    plan_layers,
    whole,
)
from app.media.encode.layers import LADDER, parse_layers

ALONE = parse_layers("720p")
THREE = parse_layers(LADDER)


def plan(
    bit_rate_bps: int,
    layers: str = "720p",
    *,
    frame_rate: float = 30,
    before: tuple[LayerRun, ...] = (),
    steady_bps: int = 0,
) -> tuple[LayerRun, ...]:
    return plan_layers(
        bit_rate_bps,
        parse_layers(layers),
        frame_rate=frame_rate,
        before=before,
        steady_bps=steady_bps,
    )


@pytest.mark.parametrize(
    ("bit_rate_bps", "shape"),
    [
        (2_500_000, (1280, 720, 1)),
        (700_000, (1280, 720, 1)),
        (600_000, (1280, 720, 2)),  # fewer pictures first
        (370_000, (1280, 720, 2)),
        (360_000, (960, 540, 2)),  # then smaller ones
        (200_000, (640, 360, 2)),
        (80_000, (426, 240, 2)),
        (10_000, (426, 240, 2)),
    ],
)
def test_plan_when_one_quality_is_chosen_then_rate_pictures_and_size_fall_in_this_order(
    bit_rate_bps: int, shape: tuple[int, int, int]
) -> None:
    (run,) = plan(bit_rate_bps)
    assert run.shape == shape
    assert run.bit_rate_bps == max(bit_rate_bps, LEAST_BPS)


def test_plan_when_the_source_has_sixty_pictures_then_they_are_halved_twice() -> None:
    divisors = {plan(rate, frame_rate=60)[0].frame_divisor for rate in range(0, 2_500_000, 50_000)}
    assert divisors == {1, 2, 4}


def test_plan_when_the_source_has_few_pictures_then_none_is_left_out() -> None:
    assert {plan(rate, frame_rate=15)[0].frame_divisor for rate in range(0, 500_000, 10_000)} == {1}


@pytest.mark.parametrize(
    ("bit_rate_bps", "rates"),
    [
        (3_500_000, [500_000, 1_000_000, 2_000_000]),
        (2_500_000, [500_000, 1_000_000, 1_000_000]),
        (2_000_000, [500_000, 1_000_000]),
        (1_000_000, [500_000, 500_000]),
        (600_000, [500_000]),
        (300_000, [300_000]),
    ],
)
def test_plan_when_there_are_three_qualities_then_the_best_one_goes_first(
    bit_rate_bps: int, rates: list[int]
) -> None:
    assert [run.bit_rate_bps for run in plan(bit_rate_bps, LADDER)] == rates


def test_plan_when_a_rate_swings_around_a_step_then_the_shape_does_not() -> None:
    runs = plan(600_000)
    for rate in (620_000, 590_000, 700_000, 620_000):
        runs = plan(rate, before=runs)
        assert runs[0].frame_divisor == 2
    assert plan(770_000, before=runs)[0].frame_divisor == 1


def test_plan_when_a_layer_was_left_out_then_it_comes_back_with_room_to_spare() -> None:
    before = plan(800_000, LADDER)
    assert len(before) == 1
    assert len(plan(900_000, LADDER, before=before)) == 1
    assert len(plan(950_000, LADDER, before=before)) == 2


def test_plan_when_the_rate_is_low_for_a_moment_then_the_shape_is_that_of_after_it() -> None:
    (run,) = plan(100_000, steady_bps=700_000)
    assert run == LayerRun(0, 1280, 720, 100_000)
    runs = plan(700_000, LADDER, steady_bps=1_400_000)
    assert [run.bit_rate_bps for run in runs] == [250_000, 450_000]


def test_plan_when_the_machine_encodes_only_some_layers_then_their_numbers_stay() -> None:
    specs = (THREE[0], THREE[2])
    runs = plan_layers(cap_bps(specs), specs, frame_rate=30, before=whole(THREE))
    assert [run.layer for run in runs] == [0, 2]


@pytest.mark.parametrize("specs", [ALONE, THREE, parse_layers("1080p,360p"), parse_layers("360p")])
def test_plan_of_any_rate_then_it_is_kept_to_and_grows_with_it(specs) -> None:
    chance = random.Random(7)
    least = least_bps(specs, 30)
    before = whole(specs)
    for _ in range(500):
        rate = chance.randrange(cap_bps(specs) + 1)
        runs = plan_layers(rate, specs, frame_rate=30, before=before)
        assert sum(run.bit_rate_bps for run in runs) <= max(rate, least)
        for run in runs:
            spec = specs[run.layer]
            assert run.bit_rate_bps <= spec.bit_rate_bps
            assert run.width <= spec.width
            assert run.height % 2 == run.width % 2 == 0
        assert [run.layer for run in runs] == list(range(len(runs)))
        before = runs
    assert plan_layers(cap_bps(specs), specs, frame_rate=30, before=before) == whole(specs)
