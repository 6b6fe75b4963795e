from __future__ import annotations

from benchmarks.harness.latency_figures import LatencyRound, judge, summarize


def make_round(
    *, p50: float = 30.0, p99: float = 60.0, first_ms: tuple[float | None, ...] = (100.0,)
) -> LatencyRound:
    return LatencyRound(
        watched={
            "latency_ms": {"p50": p50, "p95": p99 - 1, "p99": p99, "max": p99 + 1},
            "av_offset_ms": {"p50": 2.0, "p99": 9.0, "samples": 600},
            "frames": 600,
            "frames_dropped": 1,
            "stalls": 0,
        },
        published={},
        cores={"publisher": 0.5, "relay": 0.02, "viewer": 0.3},
        others_load=0.1,
        joins=[
            {"first_packet_ms": 9.0, "first_picture_ms": each, "first_live_picture_ms": each}
            for each in first_ms
        ],
    )


def test_judge_when_all_is_well_meets_every_target() -> None:
    figures = summarize([make_round(), make_round(p50=35.0)])
    assert judge(figures) == {
        "latency_p50": True,
        "latency_p99": True,
        "first_picture_p95": True,
    }
    assert figures.latency_ms["p50"].median == 32.5
    assert (figures.frames, figures.frames_dropped) == (1200, 2)


def test_judge_when_too_slow_says_which() -> None:
    figures = summarize([make_round(p50=61.0, p99=119.0, first_ms=(100.0,) * 9 + (301.0,))])
    assert judge(figures) == {
        "latency_p50": False,
        "latency_p99": True,
        "first_picture_p95": False,
    }


def test_join_without_a_picture_misses_the_target() -> None:
    figures = summarize([make_round(first_ms=(100.0,) * 99 + (None,))])
    assert figures.first_picture.failed == 1
    assert figures.first_picture.p95_ms == 100.0
    assert judge(figures)["first_picture_p95"] is False


def test_no_joins_leave_the_target_open() -> None:
    assert judge(summarize([make_round(first_ms=())]))["first_picture_p95"] is None
