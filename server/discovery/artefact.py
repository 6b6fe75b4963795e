"""What a training leaves behind, as JSON and plain arrays: nothing in it is ever executed."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from server.discovery import models, ranking
from server.discovery.behaviour import Caps
from server.discovery.features import NAMES
from server.discovery.models import Linear
from server.discovery.similarity import Rows
from server.discovery.taste import HalfLives

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from server.discovery.models import Model

VERSION: Final = 1
NO_MODEL: Final = ""
NOTHING: Final = Rows(
    np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float64), 0
)


class BrokenArtefact(ValueError):
    """It was not written by this version of the program."""


@dataclass(frozen=True)
class Serving:
    """The model in use."""

    model_id: str
    linear: Linear
    model: Model | None
    """One that is no weighted sum, for the best; None where the linear one is all."""
    half_lives: HalfLives
    caps: Caps
    streamer_ids: tuple[str, ...]
    """Whom the numbers in `items` and `ease` mean."""
    items: Rows
    ease: Rows


def starting() -> Serving:
    """Before the first training."""
    return Serving(
        NO_MODEL, ranking.starting_model(), None, HalfLives(), Caps(), (), NOTHING, NOTHING
    )


def to_json(plain: Mapping[str, Any]) -> str:
    return json.dumps({"version": VERSION, "features": list(NAMES), **plain})


def model_plain(
    *, linear: Linear, model: Model, half_lives: HalfLives, caps: Caps
) -> dict[str, Any]:
    is_sum = isinstance(model, Linear)
    return {
        "kind": model.kind,
        "linear": (model if is_sum else linear).to_plain(),
        "model": None if is_sum else model.to_plain(),
        "half_lives": asdict(half_lives),
        "caps": {name: value for name, value in asdict(caps).items() if np.isfinite(value)},
    }


def pack_rows(items: Rows, ease: Rows) -> bytes:
    file = io.BytesIO()
    arrays: dict[str, Any] = {
        f"{name}_{part}": values.astype(kind)
        for name, rows in (("items", items), ("ease", ease))
        for part, values, kind in (
            ("starts", rows.starts, np.int32),
            ("columns", rows.columns, np.int32),
            ("values", rows.values, np.float32),
        )
    }
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def read(model_id: str, artefact: str, streamer_ids: Sequence[str], neighbours: bytes) -> Serving:
    """Raises BrokenArtefact."""
    try:
        plain = json.loads(artefact)
        if plain["version"] != VERSION or tuple(plain["features"]) != NAMES:
            raise BrokenArtefact("it was made by another version")
        linear = models.from_plain(plain["linear"])
        if not isinstance(linear, Linear):
            raise BrokenArtefact("its linear model is none")
        with np.load(io.BytesIO(neighbours), allow_pickle=False) as arrays:
            items, ease = (
                _read_rows(arrays, name, len(streamer_ids)) for name in ("items", "ease")
            )
        return Serving(
            model_id,
            linear,
            models.from_plain(plain["model"]) if plain["model"] is not None else None,
            HalfLives(**plain["half_lives"]),
            Caps(**plain["caps"]),
            tuple(streamer_ids),
            items,
            ease,
        )
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise BrokenArtefact(str(error)) from None


def _read_rows(arrays: Mapping[str, Any], name: str, width: int) -> Rows:
    rows = Rows(
        arrays[f"{name}_starts"].astype(np.int64),
        arrays[f"{name}_columns"].astype(np.int64),
        arrays[f"{name}_values"].astype(np.float64),
        width,
    )
    if len(rows.columns) and int(rows.columns.max()) >= width:
        raise BrokenArtefact("it names streamers that it does not list")
    return rows
