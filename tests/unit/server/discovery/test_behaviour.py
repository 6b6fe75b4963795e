"""Acts to visits: one by one as they come, and all at once, with the same result."""

from __future__ import annotations

import numpy as np
import pytest

from server.discovery.behaviour import Behaviour, Caps, Kind, Visits, confidence, to_log
from server.discovery.loading import Gathered

START_MS = 1_700_000_000_000
HOUR_MS = 3_600_000


def row(
    at_ms: int, kind: Kind, amount: float = 1.0, *, user: str = "u", streamer: str = "s"
) -> Behaviour:
    return Behaviour(
        f"{user}{at_ms}{kind}", START_MS + at_ms, user, streamer, "r", kind, amount, "b"
    )


def log_of(rows: list[Behaviour]):
    gathered = Gathered()
    gathered.add(
        (one.user_id, one.streamer_id, one.at_unix_ms, one.kind, one.amount, one.broadcast_id)
        for one in sorted(rows, key=lambda one: one.at_unix_ms)
    )
    return to_log(gathered.columns())


def some_rows() -> list[Behaviour]:
    rng = np.random.default_rng(5)
    kinds: list[Kind] = ["entered", "watched", "liked", "said", "gave", "followed", "shared"]
    return [
        row(
            int(rng.integers(0, 50)) * HOUR_MS + at * 1_000,
            kinds[int(rng.integers(0, 7))],
            float(rng.integers(1, 900)),
            user=f"u{rng.integers(0, 4)}",
            streamer=f"s{rng.integers(0, 3)}",
        )
        for at in range(400)
    ]


def test_to_log_when_acts_are_close_then_one_visit_with_the_sum() -> None:
    log, _ = log_of(
        [
            row(0, "entered"), row(1_000, "watched", 600), row(2_000, "liked", 5),
            row(HOUR_MS, "entered"),
        ]
    )  # fmt: skip
    assert len(log) == 2
    assert log.amounts is not None
    assert log.amounts[0].tolist() == [10.0, 5.0, 0.0, 0.0]
    assert log.weights[0] == pytest.approx(np.log1p(10) + 0.3 * np.log1p(5))
    assert log.weights[1] == pytest.approx(-0.3), "it left at once"


def test_visits_when_added_one_by_one_then_as_all_at_once() -> None:
    rows = sorted(some_rows(), key=lambda one: one.at_unix_ms)
    log, caps = log_of(rows)
    visits, sums, begun = Visits(caps), {}, 0
    for one in rows:
        act, is_new = visits.add(one, int(one.user_id[1:]), int(one.streamer_id[1:]))
        begun += is_new
        key = (one.user_id, one.streamer_id)
        sums[key] = sums.get(key, 0.0) + act.weight
    assert begun == len(log)
    assert sum(sums.values()) == pytest.approx(np.maximum(log.weights, 0).sum())


def test_to_log_when_one_visit_is_enormous_then_cut_to_the_others() -> None:
    rows = [row(at * HOUR_MS, "gave", 10.0) for at in range(2_000)]
    rows[7] = rows[7]._replace(amount=1e9)
    log, caps = log_of(rows)
    assert caps.coins == 10.0
    assert log.weights.max() == pytest.approx(1.2 * np.log1p(10))


def test_to_log_when_a_broadcast_was_visited_then_its_span_is_when_it_could_be() -> None:
    log, _ = log_of([row(0, "entered"), row(5 * 60_000, "watched", 300, user="v")])
    assert log.live_from is not None
    assert log.live_to is not None
    assert log.live_from.tolist() == [START_MS / 1000] * 2
    assert log.live_to.tolist() == [START_MS / 1000 + 300] * 2


def test_to_log_when_there_is_nothing_then_empty() -> None:
    log, caps = log_of([])
    assert len(log) == 0
    assert caps == Caps()


def test_confidence_when_more_of_anything_then_higher() -> None:
    least = confidence(1, 0, 0, 0, bonus=0, caps=Caps())
    assert least < confidence(2, 0, 0, 0, bonus=0, caps=Caps())
    assert least < confidence(1, 1, 0, 0, bonus=0, caps=Caps())
    assert confidence(0.01, 0, 0, 0, bonus=0, caps=Caps()) < 0
    assert confidence(0.01, 0, 0, 0, bonus=3, caps=Caps()) > 3
