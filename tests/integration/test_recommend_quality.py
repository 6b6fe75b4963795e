"""Ours beside the usual baselines on the simulated audience's log, in one run."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from benchmarks.recommend_quality import write_log
from server.discovery.evaluation import OURS
from server.recommender import evaluate_file

if TYPE_CHECKING:
    from pathlib import Path


def test_list_when_the_audience_is_simulated_then_better_than_every_baseline(
    tmp_path: Path,
) -> None:
    log = tmp_path / "simulated.csv"
    wish = argparse.Namespace(people=80, rooms=24, days=8, seed=1)
    assert write_log(log, wish) > 5_000
    found = evaluate_file(log, seed=1, every_model=False, advance=lambda _step, _share: None)
    scores = {row.method: row.total.ndcg for row in found.rows}
    ours = scores.pop(OURS)
    scores.pop("own history")
    assert len(scores) == 5
    assert ours > max(scores.values()), scores
