"""An evaluation as a table, and as plain values for `--json`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.discovery.evaluation import Evaluation
    from server.discovery.metrics import Quality


def to_plain(found: Evaluation) -> dict[str, Any]:
    return {
        "visits": found.acts,
        "users": found.users,
        "items": found.streamers,
        "cut_at": _time(found.cut_at_s),
        "model": found.model,
        "methods": [
            {
                "method": row.method,
                "ndcg_at_10": row.total.ndcg,
                "hit_rate_at_10": row.total.hit_rate,
                "moments": row.total.moments,
                "repeat": _quality(row.repeat),
                "novel": _quality(row.novel),
                "coverage": row.coverage,
            }
            for row in found.rows
        ],
        "models": [
            {
                "kind": one.kind,
                "ndcg_at_10": one.quality.ndcg,
                "hit_rate_at_10": one.quality.hit_rate,
                "moments": one.quality.moments,
                "beats_linear": one.is_better_than_default,
                "failed": one.failed,
            }
            for one in found.scores
        ],
    }


def to_table(found: Evaluation) -> str:
    """For a terminal, at most 100 wide."""
    lines = [
        (
            f"{found.acts} visits, {found.users} users, {found.streamers} items; "
            f"taught before {_time(found.cut_at_s)}, ranked after it; model: {found.model}"
        ),
        "",
        (
            f"{'':22}{'NDCG@10':>9}{'HR@10':>8}   {'repeat NDCG':>12}{'HR':>7}"
            f"   {'novel NDCG':>11}{'HR':>7}{'coverage':>10}"
        ),
    ]
    lines.extend(
        f"{row.method:22}{row.total.ndcg:9.4f}{row.total.hit_rate:8.4f}   "
        f"{row.repeat.ndcg:12.4f}{row.repeat.hit_rate:7.4f}   "
        f"{row.novel.ndcg:11.4f}{row.novel.hit_rate:7.4f}{row.coverage:10.3f}"
        for row in found.rows
    )
    first = found.rows[0]
    lines += [
        "",
        (
            f"moments: {first.total.moments}, of them {first.repeat.moments} with a streamer seen "
            f"before and {first.novel.moments} with a new one"
        ),
        "",
        "models in time-ordered cross-validation (one replaces linear only beyond chance):",
    ]
    lines.extend(
        f"  {one.kind:10}"
        + (
            f" could not be taught: {one.failed}"
            if one.failed
            else f"{one.quality.ndcg:9.4f}{one.quality.hit_rate:8.4f}"
            + ("  beats linear" if one.is_better_than_default else "")
        )
        for one in found.scores
    )
    return "\n".join(lines)


def _quality(quality: Quality) -> dict[str, float]:
    return {
        "ndcg_at_10": quality.ndcg,
        "hit_rate_at_10": quality.hit_rate,
        "moments": quality.moments,
    }


def _time(unix_s: float) -> str:
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
