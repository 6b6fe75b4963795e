from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.errors import BadInput
from app.live.stats_file import check_writable, write_stats


def test_file_when_it_is_written_then_it_is_whole_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "stats.json"
    path.write_text("old", "utf-8")
    write_stats(path, {"frames": 3, "latency_ms": {"p50": 1.5}})
    assert json.loads(path.read_text("utf-8")) == {"frames": 3, "latency_ms": {"p50": 1.5}}
    assert [entry.name for entry in tmp_path.iterdir()] == ["stats.json"]


def test_file_when_values_cannot_be_written_then_the_old_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "stats.json"
    path.write_text("old", "utf-8")
    with pytest.raises(TypeError):
        write_stats(path, {"frames": object()})
    assert path.read_text("utf-8") == "old"


def test_place_when_it_is_no_file_then_it_is_refused_at_once(tmp_path: Path) -> None:
    check_writable(tmp_path / "stats.json")
    for path in (tmp_path, tmp_path / "missing" / "stats.json"):
        with pytest.raises(BadInput):
            check_writable(path)
