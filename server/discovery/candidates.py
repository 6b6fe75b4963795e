"""The rooms that are live now, as arrays: what is the same for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from server.discovery import ranking
from server.discovery.features import CROWD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from server.discovery.asking import LiveRoom

POPULAR_ROW: Final = CROWD.index("popular")
MOMENTUM_ROW: Final = CROWD.index("momentum")
LATELY_WEIGHT: Final = 0.02
"""How many viewers one visit of the last week is worth."""


@dataclass
class Candidates:
    """Places are those of `rooms`."""

    rooms: list[LiveRoom] = field(default_factory=list)
    streamers: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    categories: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    popular: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    """0 to 1."""
    much: float = 1.0
    """What is popular is above it."""
    places: dict[str, int] = field(default_factory=dict)
    all_streamers: frozenset[str] = frozenset()
    of_streamer: dict[str, list[int]] = field(default_factory=dict)
    crowd: NDArray[np.float64] = field(default_factory=lambda: np.zeros((len(CROWD), 0)))
    is_new: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    stayed: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    left: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    is_now: bool = True
    """False for recordings: nothing is popular or rising now, and nobody is in them."""
    recency: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    """As in `ranking.Moment`."""


def gather(
    rooms: Sequence[LiveRoom],
    streamers: Sequence[int],
    categories: Sequence[int],
    *,
    watching: Sequence[float],
    crowd: NDArray[np.float64],
    visitors: Sequence[float],
    stays: Mapping[int, Sequence[float]],
) -> Candidates:
    """`watching`: how much each is watched now, by those who are trusted; `stays`: how first
    visits to a streamer ended."""
    live = Candidates(list(rooms), crowd=crowd, recency=np.zeros(len(rooms)))
    live.streamers = np.array(streamers, dtype=np.int64)
    live.categories = np.array(categories, dtype=np.int64)
    live.all_streamers = frozenset(room.streamer_id for room in rooms)
    live.places = {room.room_id: place for place, room in enumerate(rooms)}
    for place, room in enumerate(rooms):
        live.of_streamer.setdefault(room.streamer_id, []).append(place)
    # What was watched lately steadies what is watched now, which is easily made up.
    popular = np.array(watching, dtype=np.float64) + LATELY_WEIGHT * np.expm1(crowd[POPULAR_ROW])
    most = float(popular.max(initial=0.0))
    if most > 0:
        # On a scale of its own, so that the first viewers of a small house count too.
        live.popular = np.log1p(popular / most * 100) / np.log1p(100)
    else:
        live.popular = popular
    live.much = max(1e-9, float(np.quantile(live.popular, 0.7))) if len(rooms) else 1.0
    known = np.zeros(len(rooms))
    known_to = live.streamers < len(visitors)
    if known_to.any():
        known[known_to] = np.array(visitors)[live.streamers[known_to]]
    live.is_new = known < ranking.NEW_VISITORS * min(1.0, _typical(visitors) / 10 + 0.1)
    found = [stays.get(number, (0.0, 0.0)) for number in streamers]
    live.stayed = np.array([one[0] for one in found])
    live.left = np.array([one[1] for one in found])
    return live


def _typical(visitors: Sequence[float]) -> float:
    """How many know a well-known streamer of this house: in a small one ten is a crowd."""
    return float(np.quantile(np.array(visitors), 0.9)) if len(visitors) else 0.0
