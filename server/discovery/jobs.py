"""One training from the rows of behaviour to an artefact: the work of the training process."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from server.discovery import artefact, queries
from server.discovery.behaviour import to_log
from server.discovery.features import NAMES
from server.discovery.loading import Gathered
from server.discovery.models import Linear
from server.discovery.training import NUMPY_FITS, Fit, Trained, train

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from server.discovery.models import Model
    from server.store.session import Session

VISITS_MAX: Final = 1_500_000
"""The newest; older ones have faded."""
ARTEFACT_FILE: Final = "artefact.json"
STREAMERS_FILE: Final = "streamers.json"
NEIGHBOURS_FILE: Final = "neighbours.npz"


@dataclass(frozen=True)
class Made:
    artefact: str
    streamer_ids: tuple[str, ...]
    neighbours: bytes

    def write(self, folder: Path) -> None:
        (folder / ARTEFACT_FILE).write_text(self.artefact, encoding="utf-8")
        (folder / STREAMERS_FILE).write_text(json.dumps(self.streamer_ids), encoding="utf-8")
        (folder / NEIGHBOURS_FILE).write_bytes(self.neighbours)

    @classmethod
    def read(cls, folder: Path) -> Made:
        """Raises OSError or ValueError."""
        return cls(
            (folder / ARTEFACT_FILE).read_text(encoding="utf-8"),
            tuple(json.loads((folder / STREAMERS_FILE).read_text(encoding="utf-8"))),
            (folder / NEIGHBOURS_FILE).read_bytes(),
        )


def gather(session: Session, advance: Callable[[str, float], None]) -> Gathered:
    """All rows of taste, from one consistent state."""
    advance("reading", 0.0)
    gathered = Gathered()
    gathered.add(queries.stream_taste(session))
    return gathered


def learn(
    gathered: Gathered,
    *,
    seed: int,
    fits: Mapping[str, Fit] = NUMPY_FITS,
    advance: Callable[[str, float], None],
) -> Made:
    """`advance` may raise to stop. Raises ValueError where there is too little to learn from."""
    began_s = time.monotonic()
    users, streamers = len(gathered.users), len(gathered.streamers)
    log, caps = to_log(gathered.columns())
    if len(log) > VISITS_MAX:
        log = log.since(len(log) - VISITS_MAX)
    trained = train(log, seed=seed, fits=fits, advance=advance)
    plain = {
        **artefact.model_plain(
            linear=trained.linear,
            model=trained.model,
            half_lives=trained.tastes.half_lives,
            caps=caps,
        ),
        "visits": len(log),
        "users": users,
        "streamers": streamers,
        "from_unix_ms": int(log.at_s[0] * 1000),
        "to_unix_ms": int(log.at_s[-1] * 1000),
        "seconds": round(time.monotonic() - began_s, 1),
        "scores": _scores(trained),
        "importances": _importances(trained.model),
    }
    ids = tuple(gathered.streamers.name(one) for one in range(streamers))
    neighbours = artefact.pack_rows(trained.neighbours.items, trained.neighbours.ease)
    return Made(artefact.to_json(plain), ids, neighbours)


def _scores(trained: Trained) -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind,
            "ndcg": one.quality.ndcg,
            "hit_rate": one.quality.hit_rate,
            "moments": one.quality.moments,
            "is_better": one.is_better_than_default,
            "failed": one.failed,
        }
        for one in trained.scores
    ]


def _importances(model: Model) -> dict[str, float]:
    """Weights of a weighted sum; of trees, how often each feature decides."""
    if isinstance(model, Linear):
        return dict(zip(NAMES, model.model.weights.tolist(), strict=True))
    features = getattr(model, "feature", None)
    if features is None:
        return {}
    inner = features[model.left != np.arange(len(features))]  # type: ignore[attr-defined] # it has leaves where it has features
    counts = np.bincount(inner, minlength=len(NAMES))
    return dict(zip(NAMES, (counts / max(1, counts.sum())).tolist(), strict=True))
