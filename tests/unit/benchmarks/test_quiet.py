from __future__ import annotations

from typing import NamedTuple

import pytest

from benchmarks.harness import quiet


class FakeRound(NamedTuple):
    others_load: float


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "wait_until_quiet", lambda: None)


@pytest.mark.parametrize(
    ("loads", "chosen", "put_aside"),
    [
        ([0.0], 0, []),
        ([0.9, 0.1], 1, [0]),
        ([0.9, 0.8, 0.1], 2, [0, 1]),
        ([0.7, 0.8, 0.9], 2, [0, 1]),  # it stays busy: the last try stands
    ],
)
def test_disturbed_round_is_run_again_twice_at_most(
    loads: list[float], chosen: int, put_aside: list[int]
) -> None:
    rounds = [FakeRound(load) for load in loads]
    waiting = iter(rounds)
    aside: list[FakeRound] = []
    assert quiet.run_undisturbed(lambda: next(waiting), aside) is rounds[chosen]
    assert aside == [rounds[index] for index in put_aside]
    assert list(waiting) == []
