"""The states of the panel "Recommendations"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.state.quality import QualityState
from wire import discovery_events as seen

NOW_MS: Final = 1_700_000_000_000
TODAY: Final = NOW_MS // 86_400_000
WEIGHTS: Final = (
    ("own_long", 0.412),
    ("own_short", 0.233),
    ("own_due", 0.101),
    ("own_hour", 0.084),
    ("item_knn", 0.07),
    ("popular", 0.066),
    ("category", 0.04),
    ("minutes", -0.021),
    ("newness", -0.055),
)
SCORES: Final = (
    ("linear", 0.412, 0.55, False, ""),
    ("boosting", 0.431, 0.562, True, ""),
    ("forest", 0.398, 0.53, False, ""),
    ("knn", 0.351, 0.48, False, ""),
    ("net", 0.0, 0.0, False, "no scikit-learn"),
)


def report(days: int = 24) -> seen.QualityReport:
    return seen.QualityReport(
        re=1,
        days=tuple(
            seen.QualityDay(
                day=TODAY - days + number,
                moments=40 + number,
                hit_rate=0.42 + 0.005 * number + 0.02 * (number % 3),
                ndcg=0.3 + 0.004 * number,
                popular_hit_rate=0.28 + 0.01 * (number % 4),
                popular_ndcg=0.19 + 0.005 * (number % 4),
                lists=900 + number,
                coverage=0.6 + 0.01 * (number % 5),
                new_share=0.16 + 0.01 * (number % 3),
            )
            for number in range(days)
        ),
        events_stored=1_204_332,
        events_dropped=0,
    )


def models(
    say: Callable[[str], str],
    state: seen.TrainingState = "done",
    step: str = "checking forest",
) -> seen.Models:
    def model(number: int) -> seen.ModelInfo:
        return seen.ModelInfo(
            model_id=f"m{number}",
            kind="linear" if number != 2 else say("later kind"),
            made_at_unix_ms=NOW_MS - number * 86_400_000,
            from_unix_ms=NOW_MS - 90 * 86_400_000,
            to_unix_ms=NOW_MS,
            visits=84_120 - 900 * number,
            users=1_204,
            streamers=77,
            seconds=12.5,
            is_serving=number == 0,
            weights=tuple(
                seen.FeatureWeight(name=name, weight=weight)
                for name, weight in (*WEIGHTS, (say("later feature"), 0.01))
            ),
            scores=tuple(
                seen.ModelScore(
                    kind=kind, ndcg=ndcg, hit_rate=hits, is_better=is_better, failed=failed
                )
                for kind, ndcg, hits, is_better, failed in SCORES
            ),
        )

    return seen.Models(
        re=1,
        models=tuple(model(number) for number in range(3)),
        training=seen.TrainingInfo(state=state, step=step, share=0.4, words=say("no space")),
    )


def quality(say: Callable[[str], str], state: seen.TrainingState = "done") -> QualityState:
    return QualityState(report(), models(say, state))


def nothing_yet() -> QualityState:
    return QualityState(seen.QualityReport(re=1), seen.Models(re=1, training=seen.TrainingInfo()))
