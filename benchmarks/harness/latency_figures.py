"""What the rounds of the latency bench come to: spreads, all joins together, targets. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks.harness.report import Spread, percentile

if TYPE_CHECKING:
    from collections.abc import Sequence

LATENCY_P50_MS_MAX: Final = 60.0
LATENCY_P99_MS_MAX: Final = 120.0
FIRST_PICTURE_P95_MS_MAX: Final = 300.0


class LatencyRound(NamedTuple):
    watched: dict[str, Any]
    """What `livehouse watch --stats-json` wrote."""
    published: dict[str, Any]
    """What `livehouse publish --stats-json` wrote; empty where it could not."""
    cores: dict[str, float]
    """Cores that each process kept busy while the viewer watched."""
    others_load: float
    """Cores busy meanwhile with none of these."""
    joins: list[dict[str, float | None]]


class JoinFigures(NamedTuple):
    """First pictures of all joins together. A join without one has failed; it is not left out."""

    joins: int
    failed: int
    p50_ms: float | None
    p95_ms: float | None
    max_ms: float | None


def summarize_joins(joins: Sequence[dict[str, float | None]], figure: str) -> JoinFigures:
    values = [value for join in joins if (value := join[figure]) is not None]
    return JoinFigures(
        joins=len(joins),
        failed=len(joins) - len(values),
        p50_ms=percentile(values, 0.50) if values else None,
        p95_ms=percentile(values, 0.95) if values else None,
        max_ms=max(values, default=None),
    )


class LatencyFigures(NamedTuple):
    latency_ms: dict[str, Spread]
    """Capture to decoded and due: p50, p95, p99, max of each round."""
    av_offset_ms: dict[str, Spread]
    cores: dict[str, Spread]
    frames: int
    frames_dropped: int
    stalls: int
    others_load_max: float
    first_picture: JoinFigures
    """Any picture of the broadcast: the keyframe of the cached GOP stands at once."""
    first_live_picture: JoinFigures
    """The first that was due in time, after the cached GOP was decoded silently."""

    def to_json(self) -> dict[str, Any]:
        spreads = {
            name: {figure: spread.to_json() for figure, spread in getattr(self, name).items()}
            for name in ("latency_ms", "av_offset_ms", "cores")
        }
        return {
            **self._asdict(),
            **spreads,
            "first_picture": self.first_picture._asdict(),
            "first_live_picture": self.first_live_picture._asdict(),
        }


def summarize(rounds: Sequence[LatencyRound]) -> LatencyFigures:
    joins = [join for one in rounds for join in one.joins]
    return LatencyFigures(
        latency_ms=_spreads([one.watched["latency_ms"] for one in rounds]),
        av_offset_ms=_spreads(
            [{name: one.watched["av_offset_ms"][name] for name in ("p50", "p99")} for one in rounds]
        ),
        cores=_spreads([one.cores for one in rounds]),
        frames=sum(one.watched["frames"] for one in rounds),
        frames_dropped=sum(one.watched["frames_dropped"] for one in rounds),
        stalls=sum(one.watched["stalls"] for one in rounds),
        others_load_max=max(one.others_load for one in rounds),
        first_picture=summarize_joins(joins, "first_picture_ms"),
        first_live_picture=summarize_joins(joins, "first_live_picture_ms"),
    )


def judge(figures: LatencyFigures) -> dict[str, bool | None]:
    """Each target; a percentile of latency by its median over the rounds."""
    first = figures.first_picture
    return {
        "latency_p50": figures.latency_ms["p50"].median <= LATENCY_P50_MS_MAX,
        "latency_p99": figures.latency_ms["p99"].median <= LATENCY_P99_MS_MAX,
        "first_picture_p95": (
            None
            if first.joins == 0
            else not first.failed
            and first.p95_ms is not None
            and first.p95_ms <= FIRST_PICTURE_P95_MS_MAX
        ),
    }


def _spreads(rounds: Sequence[dict[str, float]]) -> dict[str, Spread]:
    return {name: Spread.of(one[name] for one in rounds) for name in rounds[0]}
