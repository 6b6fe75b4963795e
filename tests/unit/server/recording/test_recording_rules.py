from __future__ import annotations

import pytest

from server.recording.rules import (
    DENSITY_STEPS_MAX,
    Density,
    Known,
    choose_deleted,
    count_density,
    density_step_ms,
    find_peaks,
    is_replay_id,
    make_chapters,
)


@pytest.mark.parametrize(
    ("duration_ms", "step_ms"),
    [(0, 1_000), (299_000, 1_000), (301_000, 2_000), (7_200_000, 24_000)],
)
def test_density_step_when_asked_then_is_whole_seconds_that_fit(
    duration_ms: int, step_ms: int
) -> None:
    assert density_step_ms(duration_ms) == step_ms
    assert duration_ms <= step_ms * DENSITY_STEPS_MAX


def test_count_density_when_something_lies_beyond_the_end_then_it_counts_in_the_last_step() -> None:
    assert count_density([(0, 2), (2, 1), (9, 4)], 2_500, 1_000) == Density(1_000, (2, 0, 5))
    assert count_density([(0, 2)], 0, 1_000) == Density(1_000, ())


def test_find_peaks_when_the_chat_was_livelier_twice_then_both_in_order() -> None:
    counts = [1] * 300
    counts[200], counts[20], counts[22] = 40, 30, 29
    assert find_peaks(Density(2_000, tuple(counts))) == [40_000, 400_000]


def test_find_peaks_when_little_was_said_then_none() -> None:
    assert find_peaks(Density(1_000, (0, 4, 0, 0, 0, 0))) == []


def test_make_chapters_when_they_are_near_each_other_then_a_title_stays() -> None:
    chapters = make_chapters(
        Density(1_000, ()), pins=[(1_000, "pin"), (60_000, "p" * 200)], titles=[(2_000, "title")]
    )
    assert [(one.at_ms, one.source) for one in chapters] == [(2_000, "title"), (60_000, "pin")]
    assert len(chapters[1].title) == 80


def test_choose_deleted_when_all_are_too_much_then_the_oldest_but_for_kept_and_growing() -> None:
    known = [
        Known("a", 10, is_kept=True, is_growing=False),
        Known("b", 10, is_kept=False, is_growing=False),
        Known("c", 10, is_kept=False, is_growing=False),
        Known("d", 10, is_kept=False, is_growing=True),
    ]
    assert choose_deleted(known, 40) == ((), True)
    assert choose_deleted(known, 30) == (("b",), True)
    assert choose_deleted(known, 5) == (("b", "c"), False)


@pytest.mark.parametrize("text", ["", "../a", "a.b", "A", "a" * 65, "a/b", "é"])
def test_is_replay_id_when_it_could_be_another_path_then_not(text: str) -> None:
    assert not is_replay_id(text)
