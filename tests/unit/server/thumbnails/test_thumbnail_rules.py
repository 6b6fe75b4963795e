from __future__ import annotations

from server.thumbnails.rules import INTERVAL_S, Candidate, Painted, choose_due
from wire.ids import BroadcastId, RoomId


def candidate(name: str, sequence: int = 0) -> Candidate:
    return Candidate(RoomId(name), BroadcastId(name), "h264", sequence, lambda: b"")


def test_a_room_that_never_had_one_comes_first() -> None:
    painted = {BroadcastId("old"): Painted(0.0, 0, b"")}
    due = choose_due([candidate("old", 1), candidate("new")], painted, INTERVAL_S)
    assert [one.broadcast_id for one in due] == ["new", "old"]


def test_no_room_is_painted_more_often_than_each_five_seconds() -> None:
    painted = {BroadcastId("a"): Painted(10.0, 0, b"")}
    assert choose_due([candidate("a", 7)], painted, 10.0 + INTERVAL_S - 0.1) == []
    assert choose_due([candidate("a", 7)], painted, 10.0 + INTERVAL_S) != []


def test_the_same_keyframe_is_not_painted_twice() -> None:
    painted = {BroadcastId("a"): Painted(0.0, 7, b"")}
    assert choose_due([candidate("a", 7)], painted, 100.0) == []
