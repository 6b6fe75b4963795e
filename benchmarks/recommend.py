"""10,000 users, 10,000 live rooms, 5 million acts: how long a list, a training and a packet take.

Three parts, each in a process of its own. Lists: the memory that serves, asked by one user after
another, with every room live. Training: from all acts as the training process has them once they
are read, with its peak memory; reading is timed apart, on a sample in a SQLite file. Media: the
added delay of a 2.5 Mbit/s room's packets while a training of low priority runs, and without one.

Acts are made up: users with tastes in a few of twenty categories, who come back to what they know,
four acts a visit.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from benchmarks.harness import report
from benchmarks.harness.chat_round import run_round
from benchmarks.harness.made_acts import fill, sample_database
from benchmarks.harness.processes import raise_open_files_limit, split_cores
from server.discovery import artefact
from server.discovery.asking import Asked, LiveRoom
from server.discovery.behaviour import to_log
from server.discovery.jobs import gather, learn
from server.discovery.memory import Memory
from server.store.offline import look

MEDIA_VIEWERS = 20
MEDIA_S = 15.0
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def main() -> int:
    options = _parse_options()
    if options.part:
        sys.stdout.write(json.dumps(_PARTS[options.part](options)) + "\n")
        return 0
    found: dict[str, dict[str, float]] = {}
    for part in _PARTS:
        report.progress(f"recommend: {part}")
        found[part] = _run_part(part, options)
        report.progress(f"recommend: {part} {json.dumps(found[part])}")
    _show(found, options)
    report.write_json(
        options.json,
        {
            "bench": "recommend",
            "machine": report.describe_machine(),
            "parameters": {
                "users": options.users,
                "streamers": options.streamers,
                "acts": options.acts,
            },
            "targets": {"request_p99_ms_max": 10, "training_s_max": 120, "training_mb_max": 2_048},
            "found": found,
        },
    )
    return 0


def _run_part(part: str, options: argparse.Namespace) -> dict[str, float]:
    done = subprocess.run(
        [
            sys.executable, "-m", "benchmarks.recommend", "--part", part,
            "--users", str(options.users), "--streamers", str(options.streamers),
            "--acts", str(options.acts),
        ],
        env={**os.environ, **ONE_THREAD},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


# --- the parts ------------------------------------------------------------------------------------


def measure_lists(options: argparse.Namespace) -> dict[str, float]:
    acts = min(options.acts, 1_000_000)  # more of them change no list's cost
    gathered = fill(options.users, options.streamers, acts)
    log, _ = to_log(gathered.columns())
    users = [gathered.users.name(one) for one in range(len(gathered.users))]
    streamers = [gathered.streamers.name(one) for one in range(len(gathered.streamers))]
    memory = Memory(artefact.starting())
    began = time.perf_counter()
    for _ in memory.build(log, users, streamers, {}):
        pass
    build_s = time.perf_counter() - began
    now_s = float(log.at_s[-1])
    memory.refresh_alike(now_s)
    rooms = [
        LiveRoom(f"room-{one}", one, f"category {at % 20}", at % 50)
        for at, one in enumerate(streamers)
    ]
    began = time.perf_counter()
    memory.set_live(rooms, {}, now_s)
    refresh_s = time.perf_counter() - began
    wall, cpu = [], []
    for user in users[: min(len(users), 2_000)]:
        asked = Asked(user, frozenset(streamers[:30]), {}, {}, limit=50)
        began, began_cpu = time.perf_counter(), time.thread_time()
        memory.rank(asked, now_s)
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.thread_time() - began_cpu) * 1000)
    return {
        "requests": len(wall),
        "p50_ms": float(np.percentile(wall, 50)),
        "p99_ms": float(np.percentile(wall, 99)),
        "p99_cpu_ms": float(np.percentile(cpu, 99)),
        "refresh_ms": refresh_s * 1000,
        "build_s": build_s,
        "visits": len(log),
    }


def measure_training(options: argparse.Namespace) -> dict[str, float]:
    gathered = fill(options.users, options.streamers, options.acts)
    step, step_s, began = "", time.perf_counter(), time.perf_counter()

    def advance(now: str, _share: float) -> None:
        nonlocal step, step_s
        if now != step:
            report.progress(f"recommend:   {step} {time.perf_counter() - step_s:.1f} s")
            step, step_s = now, time.perf_counter()

    made = learn(gathered, seed=1, advance=advance)
    plain = json.loads(made.artefact)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "train_s": time.perf_counter() - began,
        "train_cpu_s": time.process_time(),
        "peak_mb": peak / (1024 * 1024 if sys.platform == "darwin" else 1024),
        "visits": plain["visits"],
        "artefact_mb": (len(made.artefact) + len(made.neighbours)) / 1e6,
    }


def measure_reading(options: argparse.Namespace) -> dict[str, float]:
    rows = min(options.acts, 200_000)
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
        url = sample_database(Path(folder) / "bench.db", options.users, options.streamers, rows)
        began = time.perf_counter()
        count = len(look(url, lambda session: gather(session, lambda _step, _share: None)))
        passed = time.perf_counter() - began
    return {"rows": count, "s_per_million": passed / max(1, count) * 1e6}


def measure_media(options: argparse.Namespace) -> dict[str, float]:
    """The added delay of the picture's packets, alone and beside a training of low priority."""
    raise_open_files_limit()
    found: dict[str, float] = {}
    for name in ("alone", "training"):
        with ExitStack() as stack:
            if name == "training":
                acts = max(10_000, options.acts // 5)
                stack.enter_context(_training_beside(options, acts))
            one = run_round(0.0, MEDIA_VIEWERS, MEDIA_S, MEDIA_VIEWERS, split_cores())
        found[f"{name}_p99_ms"] = float(one.media["delay_ms"]["video"]["p99"])
        found[f"{name}_others_load"] = one.others_load
    return found


@contextmanager
def _training_beside(options: argparse.Namespace, acts: int) -> Iterator[None]:
    child = subprocess.Popen(
        [
            "nice", "-n", "15", sys.executable, "-m", "benchmarks.recommend",
            "--part", "training", "--acts", str(acts),
            "--users", str(options.users), "--streamers", str(options.streamers),
        ],
        env={**os.environ, **ONE_THREAD},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        child.kill()
        child.wait()


_PARTS = {
    "lists": measure_lists,
    "reading": measure_reading,
    "training": measure_training,
    "media": measure_media,
}


def _show(found: dict[str, dict[str, float]], options: argparse.Namespace) -> None:
    lists, reading = found["lists"], found["reading"]
    training, media = found["training"], found["media"]
    report.say(
        f"{options.users} users, {options.streamers} live rooms, {options.acts} acts\n"
        f"list:     p50 {lists['p50_ms']:.1f} ms, p99 {lists['p99_ms']:.1f} ms "
        f"(p99 of its own CPU {lists['p99_cpu_ms']:.1f} ms; target 10 ms)\n"
        f"refresh:  {lists['refresh_ms']:.0f} ms, at most once a second, off the loop\n"
        f"training: {training['train_s']:.0f} s ({training['train_cpu_s']:.0f} s CPU; target 120), "
        f"peak {training['peak_mb']:.0f} MB (target 2,048), {training['visits']:.0f} visits\n"
        f"reading:  {reading['s_per_million']:.1f} s for a million rows of SQLite, before it\n"
        f"media:    video p99 {media['alone_p99_ms']:.1f} ms alone, "
        f"{media['training_p99_ms']:.1f} ms beside a training"
    )


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--streamers", type=int, default=10_000)
    parser.add_argument("--acts", type=int, default=5_000_000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--part", choices=tuple(_PARTS), help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
