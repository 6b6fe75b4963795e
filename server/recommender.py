"""What `livehouse-relay recommender` does with a file of events: evaluate, train, explain."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from server.discovery.csv_log import read_csv
from server.discovery.evaluation import evaluate
from server.discovery.training import NUMPY_FITS, Fit
from server.errors import RelayError

if TYPE_CHECKING:
    from pathlib import Path

    from server.discovery.evaluation import Evaluation

Advance = Callable[[str, float], None]


def known_fits() -> Mapping[str, Fit]:
    """All kinds of models that can be taught here."""
    if importlib.util.find_spec("sklearn") is None:
        return NUMPY_FITS
    from server.discovery.fitting_trees import FITS  # noqa: PLC0415 # 2 s and 80 MB, only to train

    return {**NUMPY_FITS, **FITS}


def evaluate_file(path: Path, *, seed: int, every_model: bool, advance: Advance) -> Evaluation:
    """Raises RelayError with one line where the file cannot be used."""
    log = read_csv(path)
    try:
        return evaluate(
            log, seed=seed, fits=known_fits() if every_model else NUMPY_FITS, advance=advance
        )
    except ValueError as error:
        raise RelayError(str(error)) from None
