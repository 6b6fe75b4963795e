from __future__ import annotations

from pathlib import Path

from app.live.replay_places import PLACES_MAX, ReplayPlaces


def test_find_when_a_recording_was_left_then_the_next_start_knows_where(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "places.json"
    places = ReplayPlaces(path)
    places.keep("a", 65_000)
    places.keep("b", 5)
    places.keep("b", 0)
    places.save()
    again = ReplayPlaces(path)
    assert again.find("a") == 65_000
    assert again.find("b") == 0


def test_keep_when_there_are_many_then_the_oldest_is_forgotten(tmp_path: Path) -> None:
    places = ReplayPlaces(tmp_path / "places.json")
    for number in range(PLACES_MAX + 1):
        places.keep(f"v{number}", 20_000)
    assert places.find("v0") == 0
    assert places.find("v1") == 20_000


def test_find_when_the_file_is_broken_then_nothing_was_left(tmp_path: Path) -> None:
    path = tmp_path / "places.json"
    path.write_bytes(b"[1, 2")
    assert ReplayPlaces(path).find("a") == 0
