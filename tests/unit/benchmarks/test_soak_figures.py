"""What a soak concludes from its samples."""

from __future__ import annotations

import pytest

from benchmarks.harness.soak_figures import (
    SLOPE_NEEDS_S,
    Outcome,
    Sample,
    range_of,
    slope_per_h,
)


def _sample(at_s: float, memory_mb: float, *, tasks: int = 10) -> Sample:
    return Sample(at_s, memory_mb, open_files=20, tasks=tasks, sockets=5, lag_max_s=0.0)


def test_slope_when_memory_grows_evenly_then_is_that_in_an_hour() -> None:
    samples = [_sample(second, 100 + second / 100) for second in range(0, 1200, 5)]
    assert slope_per_h(samples) == pytest.approx(36)


def test_slope_when_only_the_beginning_grows_then_is_flat() -> None:
    samples = [_sample(second, 100 + min(second, 300) / 10) for second in range(0, 1200, 5)]
    assert slope_per_h(samples) == 0


def test_slope_when_one_sample_is_a_peak_then_is_not_moved_by_it() -> None:
    samples = [_sample(second, 400 if second == 900 else 100) for second in range(0, 1200, 5)]
    assert slope_per_h(samples) == 0


@pytest.mark.parametrize("samples", [[], [_sample(0, 1)]])
def test_slope_when_there_are_too_few_samples_then_is_nothing(samples: list[Sample]) -> None:
    assert slope_per_h(samples) == 0


def test_range_when_figures_grow_then_says_by_how_much() -> None:
    found = range_of([1, 1, 1, 2, 2, 2, 5, 5, 9])
    assert (found.early, found.late, found.highest, found.grown) == (2, 5, 9, 3)


def test_range_when_there_is_nothing_then_raises() -> None:
    with pytest.raises(ValueError, match="no samples"):
        range_of([])


def test_outcome_when_nothing_went_wrong_then_has_no_failures() -> None:
    outcome = Outcome(1, before=_sample(0, 100), after=_sample(60, 130), broadcasts=1)
    assert outcome.failures() == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"unhandled": 1}, "unhandled"),
        ({"wrong": {"garbled": 2}}, "2 packets"),
        ({"broadcasts": 2}, "1 broadcasts too many"),
        ({"chat_lost": 1}, "never saw"),
        ({"chat_doubled": 1}, "twice"),
        ({"stuck": 1}, "without an answer"),
        ({"gifts_unanswered": 1}, "never answered"),
        ({"coins_wrong": 3}, "3 coins"),
        ({"ledger_problems": ("a chain broke",)}, "ledger"),
        ({"never_healed": ["cut"]}, "did not heal"),
        ({"bench_errors": ["a peer"]}, "bench"),
    ],
)
def test_outcome_when_something_went_wrong_then_says_what(
    fields: dict[str, object], words: str
) -> None:
    (failure,) = Outcome(1, **fields).failures()  # type: ignore[arg-type]  # its own fields
    assert words in failure


def test_outcome_when_tasks_are_left_over_then_says_how_many() -> None:
    outcome = Outcome(1, before=_sample(0, 100), after=_sample(60, 100, tasks=30))
    assert outcome.failures() == ["20 tasks left over when everybody had gone"]


@pytest.mark.parametrize(("seconds", "fails"), [(SLOPE_NEEDS_S - 1, 0), (SLOPE_NEEDS_S, 1)])
def test_outcome_when_memory_grows_then_only_a_long_run_fails(seconds: float, fails: int) -> None:
    samples = [_sample(second, 100 + second / 10) for second in range(0, 1200, 5)]
    assert len(Outcome(1, seconds=seconds, samples=samples).failures()) == fails
