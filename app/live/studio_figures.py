"""One set of the studio's figures, from what the pipeline, the uplink and the scene count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from app.state.studio_health import Figures
from app.state.studio_scene import MISSING

if TYPE_CHECKING:
    from app.live.publishing import Publishing
    from app.live.studio_stage import StudioStage
    from app.live.upstream import UpstreamStatus
    from app.state.studio import StudioState

RATE_SAMPLES: Final = 4


class UpstreamFigures(TypedDict, total=False):
    """Fields of Figures."""

    cap_kbps: float
    allowed_kbps: float
    is_widening: bool
    height: int
    qualities: int
    qualities_chosen: int
    is_machine_short: bool
    is_starved: bool


def measure(
    publishing: Publishing | None,
    stage: StudioStage,
    state: StudioState,
    *,
    elapsed_s: float,
    interval_s: float,
) -> Figures:
    """The totals of the broadcast; without one, only what the scene costs."""
    compose_ms = stage.scene.compose_ms_p95()
    lost = tuple(
        item.label or item.kind
        for item in state.items
        if item.is_visible and item.signal in {"no_signal", MISSING}
    )
    if publishing is None:
        return Figures(compose_ms=compose_ms, sources_lost=lost)
    pipeline, link = publishing.pipeline_stats(), publishing.link_stats()
    # Over two seconds, the distance of keyframes: one alone would look like a burst.
    past = state.history[-RATE_SAMPLES:]
    sent = max(0, link.bytes_sent - past[0].bytes_sent) if past else 0
    return Figures(
        elapsed_s=elapsed_s,
        viewers=link.subscribers,
        fps=pipeline.fps,
        bit_rate_kbps=round(sent * 8 / 1000 / (interval_s * max(1, len(past))), 1),
        bytes_sent=link.bytes_sent,
        round_trip_ms=round(link.round_trip_ms, 1),
        queued_ms=round(link.queued_ms, 1),
        late_ms=link.late_ms,
        unacknowledged_ms=round(link.unacknowledged_ms, 1),
        encode_ms=pipeline.encode_ms_p95,
        compose_ms=compose_ms,
        dropped_uplink=sum(link.dropped.values()),
        dropped_encoder=pipeline.frames_dropped["encoder_slow"],
        dropped_scene=pipeline.frames_dropped["source_late"],
        audio_blocks_lost=pipeline.audio_blocks_lost,
        sources_lost=lost,
        reconnects=publishing.reconnects,
        **_of_upstream(publishing.upstream_status()),
    )


def _of_upstream(status: UpstreamStatus | None) -> UpstreamFigures:
    """What may be sent, and what is."""
    if status is None:
        return {}
    return {
        "cap_kbps": status.cap_bps / 1000,
        "allowed_kbps": status.bit_rate_bps / 1000,
        "is_widening": status.reason == "uplink_calm",
        "height": status.layers[-1].height,
        "qualities": len(status.layers),
        "qualities_chosen": status.layers_chosen,
        "is_machine_short": status.is_cpu_short,
        "is_starved": status.is_starved,
    }
