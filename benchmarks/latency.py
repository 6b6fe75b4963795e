"""Capture to due on this machine, 720p30 at the "instant" setting, and how fast a joiner sees.

Publisher (test card and tone), relay and viewer are the real programs, each in its own process.
Latency is from a picture's capture to the moment when it is decoded and due, by the viewer's own
statistics; both clocks are this machine's. Joins come at random moments of the 2 s GOP, from a
program that runs already, so that its start is not measured. A round in which other programs kept
more than a quarter of a core busy is run again, twice at most.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness import latency_figures as figures
from benchmarks.harness import report
from benchmarks.harness.latency_figures import LatencyRound
from benchmarks.harness.processes import (
    BenchProcess,
    ProcessFailed,
    RelayRoom,
    machine_busy_s,
    running_relay,
    wait_s,
)
from benchmarks.harness.quiet import run_undisturbed
from benchmarks.harness.room_publisher import PUBLISH_KEY_VARIABLE

if TYPE_CHECKING:
    from benchmarks.harness.latency_figures import JoinFigures, LatencyFigures

START_S = 3.0
"""From the viewer's start until its CPU is measured: imports and the first GOP are behind it."""
END_S = 1.0
JOIN_SECONDS = 1.0
FINISH_TIMEOUT_S = 60.0


def main() -> int:
    options = _parse_options()
    rounds: list[LatencyRound] = []
    put_aside: list[LatencyRound] = []
    try:
        for number in range(options.rounds):
            one = run_undisturbed(partial(_run_round, options, number), put_aside)
            rounds.append(one)
            latency = one.watched["latency_ms"]
            report.progress(
                f"round {number + 1}/{options.rounds} latency {json.dumps(latency)} "
                f"cores {json.dumps(one.cores)} others {one.others_load}"
            )
    except ProcessFailed as failure:
        report.progress(f"latency: {failure}")
        return 1
    summary = figures.summarize(rounds)
    _show(summary, put_aside)
    whole = _to_json(options, rounds, summary)
    report.write_json(options.json, {**whole, "put_aside": [one._asdict() for one in put_aside]})
    return 0


def _run_round(options: argparse.Namespace, number: int) -> LatencyRound:
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder, running_relay() as room:
        published = Path(folder) / "published.json"
        publisher = BenchProcess(
            "the publisher",
            [
                *(sys.executable, "-m", "app", "publish"),
                *("--relay", room.url, "--room", room.room_id),
                *("--source", "testcard", "--audio", "tone", "--stats-json", str(published)),
            ],
            env={PUBLISH_KEY_VARIABLE: room.publish_key},
        )
        with publisher:
            watched, cores, others_load = _watch(options, room, publisher, Path(folder))
            joins = _join(options, room, number)
        return LatencyRound(
            watched=watched,
            published=json.loads(published.read_bytes()) if published.exists() else {},
            cores=cores,
            others_load=others_load,
            joins=joins,
        )


def _watch(
    options: argparse.Namespace, room: RelayRoom, publisher: BenchProcess, folder: Path
) -> tuple[dict[str, Any], dict[str, float], float]:
    """The viewer's statistics, the cores of each process, and of everything else."""
    stats = folder / "watched.json"
    viewer = BenchProcess(
        "the viewer",
        [
            *(sys.executable, "-m", "app", "watch", "--relay", room.url, "--room", room.room_id),
            *("--delay-ms", str(options.delay_ms), "--seconds", str(options.seconds)),
            *("--stats-json", str(stats)),
        ],
    )
    processes = {"publisher": publisher, "relay": room.process, "viewer": viewer}
    with viewer:
        wait_s(START_S)
        began_mono_s, machine_s = time.monotonic(), machine_busy_s()
        before = {name: process.cpu_s() for name, process in processes.items()}
        wait_s(max(1.0, options.seconds - START_S - END_S))
        elapsed_s = time.monotonic() - began_mono_s
        machine_s = machine_busy_s() - machine_s
        spent = {name: process.cpu_s() - before[name] for name, process in processes.items()}
        if viewer.wait(FINISH_TIMEOUT_S) != 0 or not stats.exists():
            raise viewer.failure("did not watch to the end")
    cores = {name: round(cpu_s / elapsed_s, 3) for name, cpu_s in spent.items()}
    others_load = round(max(0.0, machine_s - sum(spent.values())) / elapsed_s, 2)
    return json.loads(stats.read_bytes()), cores, others_load


def _join(
    options: argparse.Namespace, room: RelayRoom, number: int
) -> list[dict[str, float | None]]:
    joins = math.ceil(options.joins / options.rounds)
    if not joins:
        return []
    command = [
        *(sys.executable, "-m", "benchmarks.harness.joining"),
        *("--relay", room.url, "--room", room.room_id, "--joins", str(joins)),
        *("--seconds", str(JOIN_SECONDS), "--delay-ms", str(options.delay_ms)),
        *("--seed", str(number)),
    ]
    with BenchProcess("the joiner", command) as joiner:
        return [joiner.read_event("joined", FINISH_TIMEOUT_S) for _ in range(joins)]


def _to_json(
    options: argparse.Namespace, rounds: list[LatencyRound], summary: LatencyFigures
) -> dict[str, Any]:
    return {
        "bench": "latency",
        "machine": report.describe_machine(),
        "parameters": {
            "seconds": options.seconds,
            "rounds": options.rounds,
            "joins": options.joins,
            "delay_ms": options.delay_ms,
            "picture": "1280x720, 30 a second",
        },
        "targets": {
            "latency_p50_ms_max": figures.LATENCY_P50_MS_MAX,
            "latency_p99_ms_max": figures.LATENCY_P99_MS_MAX,
            "first_picture_p95_ms_max": figures.FIRST_PICTURE_P95_MS_MAX,
        },
        "figures": summary.to_json(),
        "meets": figures.judge(summary),
        "rounds": [one._asdict() for one in rounds],
    }


def _show(summary: LatencyFigures, put_aside: list[LatencyRound]) -> None:
    meets = figures.judge(summary)
    report.say("Capture to due, ms; median (lowest-highest) of the rounds\n")
    report.say(
        report.make_table(
            ["", "p50", "p95", "p99", "max"],
            [
                ["latency", *(spread.text(1) for spread in summary.latency_ms.values())],
                [
                    "A/V offset",
                    summary.av_offset_ms["p50"].text(1),
                    "",
                    summary.av_offset_ms["p99"].text(1),
                    "",
                ],
            ],
        )
    )
    report.say(
        f"\n{summary.frames} pictures, {summary.frames_dropped} dropped, {summary.stalls} stalls. "
        f"Other programs kept at most {summary.others_load_max:.2f} cores busy; "
        f"{len(put_aside)} rounds were run again because of them.\n"
    )
    report.say(
        report.make_table(
            ["joining, ms", "joins", "failed", "p50", "p95", "max"],
            [
                _join_row("first picture", summary.first_picture),
                _join_row("first picture in time", summary.first_live_picture),
            ],
        )
    )
    report.say()
    cores = [[name, spread.text()] for name, spread in summary.cores.items()]
    report.say(report.make_table(["process", "cores"], cores))
    report.say()
    report.say(report.make_table(["target", "", "measured", "met"], _target_rows(summary, meets)))


def _join_row(name: str, joins: JoinFigures) -> list[str]:
    values = [_tell_ms(value) for value in (joins.p50_ms, joins.p95_ms, joins.max_ms)]
    return [name, str(joins.joins), str(joins.failed), *values]


def _target_rows(summary: LatencyFigures, meets: dict[str, bool | None]) -> list[list[str]]:
    rows = [
        (
            "latency p50",
            figures.LATENCY_P50_MS_MAX,
            summary.latency_ms["p50"].text(1),
            "latency_p50",
        ),
        (
            "latency p99",
            figures.LATENCY_P99_MS_MAX,
            summary.latency_ms["p99"].text(1),
            "latency_p99",
        ),
        (
            "first picture p95",
            figures.FIRST_PICTURE_P95_MS_MAX,
            _tell_ms(summary.first_picture.p95_ms),
            "first_picture_p95",
        ),
    ]
    return [
        [name, f"<= {bound:.0f} ms", measured, report.tell_meets(meets=meets[key])]
        for name, bound, measured, key in rows
    ]


def _tell_ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench latency",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--seconds", type=float, default=20.0, help="watched in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--joins", type=int, default=24, help="over all rounds; 0 for none")
    parser.add_argument("--delay-ms", type=int, default=40, help="the viewer's; 40 is instant")
    options = parser.parse_args()
    if options.seconds <= 0 or options.rounds < 1 or options.joins < 0:
        parser.error("seconds and rounds are above 0, joins are not below")
    return options


if __name__ == "__main__":
    sys.exit(main())
