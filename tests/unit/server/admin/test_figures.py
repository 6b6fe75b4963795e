from __future__ import annotations

from dataclasses import replace

from server.admin.figures import (
    COARSE_MS,
    FINE_MAX,
    POINTS_MAX,
    STORED_MS,
    History,
    Reading,
    Sample,
    columns,
    measure,
    merge,
    thin,
)

FIRST = Reading(
    at_mono_s=100.0,
    at_unix_ms=1_000_000,
    viewers=3,
    rooms_live=1,
    sockets=9,
    bytes_in=1_000,
    bytes_out=5_000,
    cpu_s=10.0,
    memory_bytes=70_000_000,
    lag_s_max=0.0,
    messages=40,
    coins=100,
    refusals=2,
    sanctions=1,
)


def sample(at_unix_ms: int, viewers: int = 0, messages: int = 0) -> Sample:
    return Sample(at_unix_ms, viewers, 0, 0, 0, 0, 0, 0, 0, messages, 0, 0, 0)


def test_measure_when_five_seconds_passed_then_gauges_as_they_are_and_counters_as_paces() -> None:
    after = replace(
        FIRST,
        at_mono_s=105.0,
        at_unix_ms=1_005_000,
        viewers=7,
        bytes_in=1_500,
        bytes_out=105_000,
        cpu_s=11.25,
        lag_s_max=0.0042,
        messages=50,
        coins=160,
        refusals=2,
    )
    seen = measure(FIRST, after)
    assert (seen.at_unix_ms, seen.viewers, seen.sockets) == (1_005_000, 7, 9)
    assert (seen.bytes_in_per_s, seen.bytes_out_per_s) == (100, 20_000)
    assert (seen.cpu_permille, seen.lag_us_max) == (250, 4_200)
    assert (seen.messages, seen.coins, seen.refusals) == (120, 720, 0)


def test_measure_when_no_time_passed_or_a_counter_fell_then_no_nonsense() -> None:
    seen = measure(FIRST, replace(FIRST, bytes_in=0))
    assert seen.bytes_in_per_s == 0
    assert seen.cpu_permille == 0


def test_merge_when_several_then_peaks_stay_and_paces_are_averaged() -> None:
    merged = merge([sample(1, viewers=9, messages=10), sample(2, viewers=2, messages=30)])
    assert (merged.at_unix_ms, merged.viewers, merged.messages) == (2, 9, 20)


def test_thin_when_too_many_then_bounded_without_losing_the_peak() -> None:
    many = [sample(number, viewers=99 if number == 501 else 1) for number in range(1_000)]
    kept = thin(many)
    assert len(kept) <= POINTS_MAX
    assert max(one.viewers for one in kept) == 99
    assert kept[-1].at_unix_ms == 999
    assert thin(many[:5]) == many[:5]


def test_columns_when_empty_then_every_figure_has_an_empty_list() -> None:
    assert set(columns([]).values()) == {()}
    assert columns([sample(5, viewers=3)])["viewers"] == (3,)
    assert columns([]).keys() == columns([sample(5)]).keys()


def test_history_when_an_hour_is_over_then_bounded() -> None:
    history = History()
    for number in range(FINE_MAX + 100):
        history.add(sample(number * 5_000))
    assert history.hour(0)[-1].at_unix_ms == (FINE_MAX + 99) * 5_000
    assert len(history._fine) == FINE_MAX


def test_history_when_asked_since_then_only_what_is_newer() -> None:
    history = History()
    for number in range(10):
        history.add(sample(number * 5_000))
    assert [one.at_unix_ms for one in history.hour(35_000)] == [40_000, 45_000]


def test_history_when_a_quarter_is_over_then_it_is_given_to_be_stored_once() -> None:
    history = History()
    stored = [
        done
        for number in range(2 * STORED_MS // 5_000 + 2)
        if (done := history.add(sample(number * 5_000, viewers=number)))
    ]
    assert [one.at_unix_ms for one in stored] == [STORED_MS - 5_000, 2 * STORED_MS - 5_000]
    assert stored[0].viewers == STORED_MS // 5_000 - 1


def test_history_when_a_day_is_asked_then_it_ends_with_the_step_under_way() -> None:
    history = History()
    steps = COARSE_MS // 5_000
    for number in range(steps + 3):
        history.add(sample(number * 5_000))
    assert [one.at_unix_ms for one in history.day(0)] == [
        COARSE_MS - 5_000,
        (steps + 2) * 5_000,
    ]


def test_history_when_stored_samples_come_back_then_the_week_begins_with_them() -> None:
    history = History()
    history.put_back([sample(1, viewers=4), sample(2, viewers=5)])
    history.add(sample(3, viewers=6))
    assert [one.viewers for one in history.week(0)] == [4, 5, 6]
