"""Sums that fade with time and are never rewritten.

A sum of weights w_i given at t_i, each halved every H seconds, is at time t

    S(t) = sum w_i 2^(-(t - t_i) / H) = exp(key - t / tau),  tau = H / ln 2,
    key = log sum w_i exp(t_i / tau)

The key changes only when something is added. The order of two keys of one half-life is the order
of their sums at any time, so a key can be indexed and rows need no touching while time passes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER: Final = -math.inf
"""The key of an empty sum."""


def tau_s(half_life_s: float) -> float:
    """The time in which a sum falls to 1/e."""
    return half_life_s / math.log(2)


def add(key: float, weight: float, at_s: float, tau: float) -> float:
    """The key with one more weight. A weight of zero or less adds nothing."""
    if weight <= 0:
        return key
    new = at_s / tau + math.log(weight)
    if key == NEVER:
        return new
    high, low = (key, new) if key > new else (new, key)
    return high + math.log1p(math.exp(low - high))


def value(key: float, now_s: float, tau: float) -> float:
    """The sum as it is at a time; before its last addition it is larger than it ever was."""
    return 0.0 if key == NEVER else math.exp(key - now_s / tau)


def values(keys: NDArray[np.float64], now_s: float, tau: float) -> NDArray[np.float64]:
    """`value` of many: same shape, same unit as the weights."""
    return np.exp(keys - now_s / tau)
