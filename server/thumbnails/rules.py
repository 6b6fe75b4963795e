"""Which rooms get a new thumbnail now. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wire.ids import BroadcastId, RoomId

INTERVAL_S: Final = 5.0
"""At most one picture of a room in this time."""
KEPT_MAX: Final = 1_000
JPEG_BYTES_MAX: Final = 128 * 1024
CODEC_NUMBERS: Final = {"h264": 1, "h265": 2, "av1": 3}
"""How the painter is told what it gets."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A live room and its newest keyframe."""

    room_id: RoomId
    broadcast_id: BroadcastId
    codec: str
    sequence: int
    read_keyframe: Callable[[], bytes]
    """Its bytes, copied only when they are wanted."""


@dataclass(frozen=True, slots=True)
class Painted:
    """What was made of a broadcast last."""

    at_s: float
    sequence: int
    jpeg: bytes | None
    """None where the keyframe could not be decoded or the room is not public."""


def choose_due(
    candidates: Iterable[Candidate], painted: dict[BroadcastId, Painted], now_s: float
) -> list[Candidate]:
    """Those whose picture is old and whose keyframe is new, the longest waiting first."""
    due = [
        candidate
        for candidate in candidates
        if (last := painted.get(candidate.broadcast_id)) is None
        or (now_s - last.at_s >= INTERVAL_S and last.sequence != candidate.sequence)
    ]
    return sorted(due, key=lambda candidate: _painted_at_s(painted, candidate))


def _painted_at_s(painted: dict[BroadcastId, Painted], candidate: Candidate) -> float:
    last = painted.get(candidate.broadcast_id)
    return last.at_s if last is not None else float("-inf")
