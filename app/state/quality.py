"""How well recommendations do, as the admin's panel shows it. Frozen and pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from wire.discovery_events import ModelInfo, Models, QualityReport

DAY_MS: Final = 24 * 3_600_000
WEIGHTS_SHOWN: Final = 24

Figure = Literal["hit_rate", "ndcg", "coverage", "new_share"]
FIGURES: Final[tuple[Figure, ...]] = ("hit_rate", "ndcg", "coverage", "new_share")
_POPULAR: Final[dict[Figure, str]] = {"hit_rate": "popular_hit_rate", "ndcg": "popular_ndcg"}
_FOUNDED: Final[dict[Figure, str]] = {
    "hit_rate": "moments",
    "ndcg": "moments",
    "coverage": "lists",
    "new_share": "lists",
}
"""A day without any of it says nothing of the figure."""

Series = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class QualityState:
    report: QualityReport | None = None
    models: Models | None = None

    @property
    def is_training(self) -> bool:
        return self.models is not None and self.models.training.state == "running"

    @property
    def serving(self) -> ModelInfo | None:
        models = self.models.models if self.models is not None else ()
        return next((model for model in models if model.is_serving), None)

    @property
    def moments(self) -> int:
        return sum(day.moments for day in self.report.days) if self.report is not None else 0

    def series(self, figure: Figure) -> Series:
        """Times and values, the oldest first."""
        return self._read(figure, figure)

    def popular(self, figure: Figure) -> Series:
        """The same for a list of what is most popular; empty where that is not measured."""
        name = _POPULAR.get(figure)
        return self._read(figure, name) if name else ()

    def _read(self, figure: Figure, name: str) -> Series:
        days = self.report.days if self.report is not None else ()
        return tuple(
            (day.day * DAY_MS, float(getattr(day, name)))
            for day in days
            if getattr(day, _FOUNDED[figure])
        )


def sort_weights(model: ModelInfo | None) -> tuple[tuple[str, float], ...]:
    """Strongest first, whatever their sign."""
    weights = model.weights if model is not None else ()
    ordered = sorted(weights, key=lambda one: (-abs(one.weight), one.name))
    return tuple((one.name, one.weight) for one in ordered[:WEIGHTS_SHOWN])


def describe_share(value: float) -> str:
    return f"{100 * value:.1f} %"


def describe_score(value: float) -> str:
    return f"{value:.3f}"
