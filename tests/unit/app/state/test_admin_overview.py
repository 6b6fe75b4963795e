from __future__ import annotations

import msgspec
import pytest

from app.state.admin_overview import (
    FIGURES,
    HOUR_MS,
    OverviewState,
    Seen,
    SpanChosen,
    describe_bytes,
    describe_figure,
    describe_rate,
)
from wire.admin_events import Overview


def overview(*at_unix_ms: int, started: int = 1) -> Overview:
    columns = {name: tuple(time // 1_000 for time in at_unix_ms) for name in FIGURES}
    return Overview(
        started_at_unix_ms=started, version="1", users=2, rooms=1, at_unix_ms=at_unix_ms, **columns
    )


def test_figures_when_compared_with_the_wire_then_all_are_shown_once() -> None:
    columns = {
        field.name
        for field in msgspec.structs.fields(Overview)
        if field.type == tuple[int, ...] and field.name != "at_unix_ms"
    }
    assert set(FIGURES) == columns
    assert len(FIGURES) == len(columns)


def test_seen_when_news_come_then_they_follow_what_was_there_and_only_news_are_asked() -> None:
    state = OverviewState().apply(Seen("hour", overview(5_000, 10_000)))
    assert state.since_unix_ms == 10_000
    state = state.apply(Seen("hour", overview(15_000)))
    assert state.series("viewers") == ((5_000, 5), (10_000, 10), (15_000, 15))


def test_seen_when_nothing_is_new_then_what_was_there_stays() -> None:
    before = OverviewState().apply(Seen("hour", overview(5_000)))
    assert before.apply(Seen("hour", overview())).series("coins") == ((5_000, 5),)


def test_seen_when_an_hour_is_over_then_the_oldest_go() -> None:
    state = OverviewState().apply(Seen("hour", overview(1_000, 2_000)))
    state = state.apply(Seen("hour", overview(1_500 + HOUR_MS)))
    assert [at for at, _ in state.series("sockets")] == [2_000, 1_500 + HOUR_MS]


def test_seen_when_the_relay_started_again_then_its_past_is_not_mixed_in() -> None:
    state = OverviewState().apply(Seen("hour", overview(5_000, started=1)))
    state = state.apply(Seen("hour", overview(9_000, started=2)))
    assert [at for at, _ in state.series("viewers")] == [9_000]


def test_seen_when_it_is_another_relay_then_all_of_its_hour_is_asked_for() -> None:
    state = OverviewState().apply(Seen("hour", overview(5_000, started=1)))
    state = state.apply(Seen("hour", overview(9_000, started=2)))
    assert state.since_unix_ms == 0
    state = state.apply(Seen("hour", overview(3_000, 9_000, 11_000, started=2)))
    assert [at for at, _ in state.series("viewers")] == [3_000, 9_000, 11_000]
    assert state.since_unix_ms == 11_000


def test_span_when_chosen_then_all_of_it_is_asked_and_late_answers_are_passed_over() -> None:
    state = OverviewState().apply(Seen("hour", overview(5_000))).apply(SpanChosen("day"))
    assert (state.overview, state.since_unix_ms) == (None, 0)
    assert state.apply(Seen("hour", overview(10_000))) is state
    state = state.apply(Seen("day", overview(1_000)))
    assert state.since_unix_ms == 0
    assert state.apply(Seen("day", overview(2_000))).series("viewers") == ((2_000, 2),)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_500, "1.5 kB"),
        (123_456_789, "123 MB"),
        (2 * 10**12, "2.0 TB"),
    ],
)
def test_bytes_when_described_then_in_few_characters(count: int, words: str) -> None:
    assert describe_bytes(count) == words


def test_figures_when_described_then_each_has_its_unit() -> None:
    assert describe_rate(0) == "0 bit/s"
    assert describe_rate(312_500) == "2.5 Mbit/s"
    assert describe_figure("cpu_permille", 123) == "12.3 %"
    assert describe_figure("lag_us_max", 1_540) == "1.5 ms"
    assert describe_figure("viewers", 1_234) == "1,234"
