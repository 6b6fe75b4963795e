"""Models that scikit-learn teaches: tree, forest, boosting, neighbours, a small net.

Only the training process imports this, and only where the extra `models` is installed. What comes
out are plain arrays (`models`), so serving needs nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.tree import DecisionTreeRegressor

from server.discovery.models import Model, Nearest, Net, Trees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from server.discovery.lists import Examples
    from server.discovery.training import Fit

ROWS_MAX: Final = 60_000
"""Rows that teach; whole lists beyond it are left out."""
NEAREST_ROWS_MAX: Final = 4_000
"""Examples that a neighbour model keeps, and compares every candidate with."""
NET_ROUNDS: Final = 25
SEED: Final = 20_260_101


def fit_tree(examples: Examples) -> Model:
    part = _enough(examples)
    tree = DecisionTreeRegressor(max_depth=8, min_samples_leaf=50, random_state=SEED)
    tree.fit(part.x, part.y, sample_weight=_weights(part))
    return _to_trees("tree", [tree.tree_], base=0.0, rate=1.0)


def fit_forest(examples: Examples) -> Model:
    part = _enough(examples)
    forest = RandomForestRegressor(
        60, max_depth=9, min_samples_leaf=20, max_features=0.4, random_state=SEED, n_jobs=1
    )
    forest.fit(part.x, part.y, sample_weight=_weights(part))
    trees = [one.tree_ for one in forest.estimators_]
    return _to_trees("forest", trees, base=0.0, rate=1.0 / len(trees))


def fit_boosting(examples: Examples) -> Model:
    part = _enough(examples)
    boosting = GradientBoostingRegressor(
        n_estimators=80, max_depth=4, learning_rate=0.1, subsample=0.6, min_samples_leaf=30,
        random_state=SEED,
    )  # fmt: skip
    boosting.fit(part.x, part.y, sample_weight=_weights(part))
    base = float(boosting.init_.constant_.ravel()[0])
    return _to_trees(
        "boosting", [one.tree_ for one in boosting.estimators_[:, 0]], base=base, rate=0.1
    )


def fit_nearest(examples: Examples) -> Model:
    part = _enough(examples)
    rng = np.random.default_rng(SEED)
    # Neighbours cannot be weighted, so rows are drawn as often as they weigh; the chosen ones,
    # few among many, are all kept and given what the draw would have given them.
    weights = _weights(part)
    count = min(NEAREST_ROWS_MAX, len(part.y))
    drawn = rng.choice(len(part.y), count, p=weights / weights.sum())
    chosen = np.flatnonzero(part.y > 0)[: count // 4]
    rows = np.concatenate([drawn, chosen])
    means, scales = _standard(part.x)
    return Nearest(
        k=40,
        examples=(part.x[rows] - means) / scales,
        outcomes=part.y[rows],
        means=means,
        scales=scales,
    )


def fit_net(examples: Examples) -> Model:
    part = _enough(examples)
    rng = np.random.default_rng(SEED)
    means, scales = _standard(part.x)
    weights = _weights(part)
    # The net takes no weights either: half of what it sees are choices, half draws.
    drawn = rng.choice(len(part.y), min(30_000, len(part.y)), p=weights / weights.sum())
    chosen = np.flatnonzero(part.y > 0)
    rows = np.concatenate([drawn, np.resize(chosen, len(drawn) // 3)])
    rng.shuffle(rows)
    net = MLPRegressor(
        hidden_layer_sizes=(24, 12),
        alpha=1e-3,
        batch_size=min(512, len(rows)),
        random_state=SEED,
    )
    for _ in range(NET_ROUNDS):
        net.partial_fit((part.x[rows] - means) / scales, part.y[rows])
    return Net(
        tuple(np.asarray(one, dtype=np.float64) for one in net.coefs_),
        tuple(np.asarray(one, dtype=np.float64) for one in net.intercepts_),
        means,
        scales,
    )


FITS: Final[Mapping[str, Fit]] = {
    "tree": fit_tree,
    "knn": fit_nearest,
    "forest": fit_forest,
    "boosting": fit_boosting,
    "net": fit_net,
}


def _enough(examples: Examples) -> Examples:
    if not len(examples):
        raise ValueError("there is nothing to learn from")
    return examples.part(ROWS_MAX)


def _weights(examples: Examples) -> NDArray[np.float64]:
    """Each list counts the same."""
    totals = np.add.reduceat(examples.weights, examples.groups[:-1])
    weights = examples.weights / np.repeat(totals, np.diff(examples.groups))
    return np.asarray(weights / weights.mean(), dtype=np.float64)


def _standard(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    means, deviations = x.mean(axis=0), x.std(axis=0)
    return means, np.where(deviations > 1e-9, deviations, 1.0)


def _to_trees(kind: str, trees: list[Any], *, base: float, rate: float) -> Trees:
    """scikit-learn's trees, one after another, leaves made their own children."""
    roots, feature, threshold, left, right, value = [], [], [], [], [], []
    at, depth = 0, 0
    for tree in trees:
        nodes = np.arange(tree.node_count)
        is_leaf = tree.children_left < 0
        roots.append(at)
        feature.append(np.where(is_leaf, 0, tree.feature))
        threshold.append(np.where(is_leaf, 0.0, tree.threshold))
        left.append(at + np.where(is_leaf, nodes, tree.children_left))
        right.append(at + np.where(is_leaf, nodes, tree.children_right))
        value.append(tree.value[:, 0, 0])
        at += tree.node_count
        depth = max(depth, int(tree.max_depth))
    return Trees(
        kind=kind,
        roots=np.array(roots, dtype=np.int64),
        feature=np.concatenate(feature).astype(np.int64),
        threshold=np.concatenate(threshold).astype(np.float64),
        left=np.concatenate(left).astype(np.int64),
        right=np.concatenate(right).astype(np.int64),
        value=np.concatenate(value).astype(np.float64),
        depth=depth,
        base=base,
        rate=rate,
    )
