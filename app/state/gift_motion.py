"""How a full-stage gift moves: poses and sparks as functions of progress alone.

Places are in shares of the stage, from its upper left corner; sizes in shares of its height.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SPARKS: Final = 36
_ENTERS: Final = 0.18
_LEAVES: Final = 0.85


@dataclass(frozen=True, slots=True)
class Pose:
    x: float
    y: float
    size: float
    turn_degrees: float
    opacity: float


@dataclass(frozen=True, slots=True)
class Spark:
    x: float
    y: float
    size: float
    hue: float
    """From 0 to 1."""
    opacity: float


def pose(gift_id: str, progress: float) -> Pose:
    """Where the gift stands at `progress` from 0 to 1."""
    moves = {"rocket": _fly_up, "dragon": _wind_across, "whale": _swim, "castle": _rise}
    return moves.get(gift_id, _pop)(min(1.0, max(0.0, progress)))


def sparks(seed: str, progress: float) -> Iterator[Spark]:
    """Rising bits around the gift; the same for the same seed."""
    salt = zlib.crc32(seed.encode()) % 1000 / 1000
    for number in range(SPARKS):
        one, two, three, four, five = (_scattered(number, salt, way) for way in range(5))
        begins, lasts = one * 0.5, 0.35 + two * 0.15
        angle, reach = three * math.tau, 0.2 + four * 0.45
        size, hue = 0.008 + five * 0.014, (one + five) % 1.0
        age = (progress - begins) / lasts
        if not 0.0 <= age <= 1.0:
            continue
        out = 1.0 - (1.0 - age) ** 2
        yield Spark(
            x=0.5 + math.cos(angle) * reach * out * 0.6,
            y=0.5 + math.sin(angle) * reach * out + 0.25 * age * age,
            size=size * (1.0 - 0.5 * age),
            hue=hue,
            opacity=1.0 - age * age,
        )


def veil(progress: float) -> float:
    """How dark the stage gets behind the gift, from 0 to 1."""
    return _fade(progress)


def _pop(t: float) -> Pose:
    grown = _overshoot(min(1.0, t / _ENTERS))
    sway = math.sin(t * math.tau * 2) * 4
    return Pose(0.5, 0.5, 0.46 * grown, sway, _fade(t))


def _fly_up(t: float) -> Pose:
    """Shakes on the ground, then leaves through the upper right corner."""
    if t < 0.3:
        shake = math.sin(t * 220) * 0.004
        return Pose(0.28 + shake, 0.72, 0.4 * _overshoot(min(1.0, t / _ENTERS)), 0, _fade(t))
    way = ((t - 0.3) / 0.7) ** 2
    return Pose(0.28 + 0.95 * way, 0.72 - 1.15 * way, 0.4 + 0.1 * way, 0, 1.0)


def _wind_across(t: float) -> Pose:
    """From the right to the left, where it looks, up and down."""
    x = 1.25 - 1.5 * t
    y = 0.48 + 0.16 * math.sin(t * math.tau * 1.5)
    turn = 14 * math.cos(t * math.tau * 1.5)
    return Pose(x, y, 0.5, turn, 1.0)


def _swim(t: float) -> Pose:
    """From the right to the left, slowly, and leaps once."""
    leap = math.sin(math.pi * min(1.0, max(0.0, (t - 0.25) / 0.5)))
    x = 1.25 - 1.5 * (t - 0.12 * math.sin(t * math.tau))
    return Pose(x, 0.66 - 0.28 * leap, 0.46, 16 * math.cos(math.pi * t), 1.0)


def _rise(t: float) -> Pose:
    risen = _overshoot(min(1.0, t / 0.35))
    return Pose(0.5, 1.3 - 0.75 * risen, 0.62, 0, 1.0 if t < _LEAVES else _fade(t))


def _fade(t: float) -> float:
    if t < _ENTERS:
        return max(0.0, t / _ENTERS)
    return 1.0 if t < _LEAVES else max(0.0, (1.0 - t) / (1.0 - _LEAVES))


def _scattered(number: int, salt: float, way: int) -> float:
    """From 0 to 1, evenly: shares of the golden ratio and its like never line up."""
    return (
        salt * (way + 1) + (number + 1) * (0.618034, 0.754878, 0.569840, 0.819173, 0.671044)[way]
    ) % 1.0


def _overshoot(t: float) -> float:
    """From 0 a little over 1 and back to it."""
    back = 1.70158
    return 1 + (back + 1) * (t - 1) ** 3 + back * (t - 1) ** 2
