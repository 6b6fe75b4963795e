from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from benchmarks.harness.report import Spread, describe_machine, make_table, percentile, write_json

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.5, 5), (0.51, 6), (0.95, 10), (1.0, 10)]
)
def test_percentile_is_the_nearest_rank(share: float, expected: int) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share) == expected


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_spread_tells_its_ends_only_where_they_differ() -> None:
    assert Spread.of([3, 1, 2]).text(0) == "2 (1-3)"
    assert Spread.of([2, 2]).text(1) == "2.0"


def test_table_puts_figures_to_the_right() -> None:
    assert make_table(["name", "ms"], [["a", "1"], ["long name", "100"]]) == (
        "name        ms\n---------  ---\na            1\nlong name  100"
    )


def test_machine_is_described_without_its_name_or_paths(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("platform.node", lambda: "a-name-of-this-machine")
    path = tmp_path / "report.json"
    write_json(path, {"machine": describe_machine()})
    text = path.read_text(encoding="utf-8")
    assert "a-name-of-this-machine" not in text
    assert "/home" not in text
    assert json.loads(text)["machine"]["cores"] >= 1
