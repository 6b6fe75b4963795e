"""Models that turn rows of features into scores. Scoring needs NumPy alone.

What one was fitted with (`fitting`) does not matter here: every model is a few arrays that can be
written as JSON and read again, so that the relay that serves never imports what the training
process needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from server.discovery.regression import LinearModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS_AT_ONCE: Final = 256
"""Rows whose distances to all examples are held together."""


class Model(Protocol):
    """(rows, features) -> (rows,); higher is better. Scores of two models are not comparable."""

    @property
    def kind(self) -> str: ...

    def score(self, x: NDArray[np.float64]) -> NDArray[np.float64]: ...

    def to_plain(self) -> dict[str, Any]:
        """Numbers, strings and lists only."""
        ...


@dataclass(frozen=True)
class Linear:
    """Least squares, or the logistic form of it: both are a weighted sum."""

    kind: str
    """"linear" or "logistic"."""
    model: LinearModel

    def score(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.model.score(x)

    def to_plain(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "names": list(self.model.names),
            "intercept": self.model.intercept,
            "weights": self.model.weights.tolist(),
            "means": self.model.means.tolist(),
            "scales": self.model.scales.tolist(),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Linear:
        return cls(
            plain["kind"],
            LinearModel(
                tuple(plain["names"]),
                float(plain["intercept"]),
                np.array(plain["weights"], dtype=np.float64),
                np.array(plain["means"], dtype=np.float64),
                np.array(plain["scales"], dtype=np.float64),
            ),
        )


@dataclass(frozen=True)
class Trees:
    """One tree, a forest, or boosted trees: base + rate * sum of the trees' leaves.

    Nodes of all trees stand one after another; a leaf is its own child, so that walking every row
    `depth` steps down ends in its leaf.
    """

    kind: str
    """"tree", "forest" or "boosting"."""
    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    """Left when the value is not above it."""
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]
    depth: int
    base: float
    rate: float

    def score(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        rows = np.arange(len(x))
        total = np.full(len(x), self.base)
        for root in self.roots:
            node = np.full(len(x), root)
            for _ in range(self.depth):
                goes_left = x[rows, self.feature[node]] <= self.threshold[node]
                node = np.where(goes_left, self.left[node], self.right[node])
            total += self.rate * self.value[node]
        return total

    def to_plain(self) -> dict[str, Any]:
        arrays = {
            name: getattr(self, name).tolist()
            for name in ("roots", "feature", "threshold", "left", "right", "value")
        }
        return {
            "kind": self.kind, **arrays, "depth": self.depth, "base": self.base, "rate": self.rate
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Trees:
        whole = {
            name: np.array(plain[name], dtype=np.int64)
            for name in ("roots", "feature", "left", "right")
        }
        return cls(
            kind=plain["kind"],
            threshold=np.array(plain["threshold"], dtype=np.float64),
            value=np.array(plain["value"], dtype=np.float64),
            depth=int(plain["depth"]),
            base=float(plain["base"]),
            rate=float(plain["rate"]),
            **whole,
        )


@dataclass(frozen=True)
class Nearest:
    """k nearest neighbours among kept examples, standardised; nearer ones weigh more."""

    k: int
    examples: NDArray[np.float64]
    """(examples, features), standardised."""
    outcomes: NDArray[np.float64]
    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    kind: str = "knn"

    def score(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        z = (x - self.means) / self.scales
        lengths = (self.examples**2).sum(axis=1)
        k = min(self.k, len(self.examples))
        parts = []
        for start in range(0, len(z), ROWS_AT_ONCE):
            part = z[start : start + ROWS_AT_ONCE]
            squares = (part**2).sum(axis=1)[:, None] + lengths - 2 * part @ self.examples.T
            nearest = np.argpartition(squares, k - 1, axis=1)[:, :k]
            distances = np.sqrt(np.maximum(np.take_along_axis(squares, nearest, axis=1), 0.0))
            closeness = 1.0 / (distances + 0.1)
            parts.append((closeness * self.outcomes[nearest]).sum(axis=1) / closeness.sum(axis=1))
        return np.concatenate(parts) if parts else np.zeros(0)

    def to_plain(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "k": self.k,
            "examples": self.examples.tolist(),
            "outcomes": self.outcomes.tolist(),
            "means": self.means.tolist(),
            "scales": self.scales.tolist(),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Nearest:
        return cls(
            int(plain["k"]),
            np.array(plain["examples"], dtype=np.float64),
            np.array(plain["outcomes"], dtype=np.float64),
            np.array(plain["means"], dtype=np.float64),
            np.array(plain["scales"], dtype=np.float64),
        )


@dataclass(frozen=True)
class Net:
    """A small neural net: layers of weights and biases, a ramp between them."""

    weights: tuple[NDArray[np.float64], ...]
    biases: tuple[NDArray[np.float64], ...]
    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    kind: str = "net"

    def score(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        z = (x - self.means) / self.scales
        for index, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            z = z @ weight + bias
            if index < len(self.weights) - 1:
                z = np.maximum(z, 0.0)
        return np.asarray(z[:, 0], dtype=np.float64)

    def to_plain(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "weights": [one.tolist() for one in self.weights],
            "biases": [one.tolist() for one in self.biases],
            "means": self.means.tolist(),
            "scales": self.scales.tolist(),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Net:
        return cls(
            tuple(np.array(one, dtype=np.float64) for one in plain["weights"]),
            tuple(np.array(one, dtype=np.float64) for one in plain["biases"]),
            np.array(plain["means"], dtype=np.float64),
            np.array(plain["scales"], dtype=np.float64),
        )


_READERS: Final[dict[str, Callable[[Mapping[str, Any]], Model]]] = {
    "linear": Linear.from_plain,
    "logistic": Linear.from_plain,
    "tree": Trees.from_plain,
    "forest": Trees.from_plain,
    "boosting": Trees.from_plain,
    "knn": Nearest.from_plain,
    "net": Net.from_plain,
}
KINDS: Final = tuple(_READERS)


def from_plain(plain: Mapping[str, Any]) -> Model:
    """Raises KeyError, TypeError or ValueError for what `to_plain` did not write."""
    return _READERS[plain["kind"]](plain)
