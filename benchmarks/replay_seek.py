"""A recording of two hours: how long to the first picture of any moment, and what memory does.

The clip is copied over and over into fragments of a second, once as a relay leaves it that was
killed (no index) and once as it is when the broadcast has ended (an index in its head). A server
in a process of its own gives ranges over loopback, a connection for each, as the relay does. The
player of the window plays, with pictures and sound decoded and nothing painted, and jumps to random
moments while it does. First: something of the other place shows. Exact: the picture of the very
moment does. Memory is counted after the first tenth of the jumps and at the end.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psutil

from app.media.playback.audio_output import NullAudioOutput
from app.media.replay.replay_player import ReplayPlayer
from app.net.address import parse_relay_address
from app.net.ranged_source import RangedSource
from benchmarks.harness import report
from benchmarks.harness.long_recording import write_index, write_long_recording
from benchmarks.harness.processes import machine_busy_s

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FIRST_MS_MAX: Final = 500.0
MEMORY_MIB_MAX: Final = 16.0
"""Of growth over all jumps but the first few."""
PATIENCE_S: Final = 15.0
PLAY_S: Final = 0.3
"""After each jump it plays for so long, so that buffers fill."""
CLIP: Final = Path(__file__).resolve().parents[2] / "shared" / "media" / "bigbuckbunny.mp4"


class SeekRound(NamedTuple):
    name: str
    seeks: int
    first_ms: tuple[float, ...]
    exact_ms: tuple[float, ...]
    reads_a_seek: float
    memory_mib: float
    memory_grown_mib: float
    queued_mib_max: float
    others_load: float


def main() -> int:
    options = _parse_options()
    with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
        plain, indexed = Path(folder) / "killed.mp4", Path(folder) / "ended.mp4"
        began_s = time.monotonic()
        write_long_recording(options.clip, plain, seconds=options.minutes * 60)
        write_index(plain, indexed)
        size_mib = plain.stat().st_size / 2**20
        took_s = time.monotonic() - began_s
        report.progress(f"{options.minutes:g} min, {size_mib:.0f} MiB, made in {took_s:.0f} s")
        rounds = [
            _run(name, path, options)
            for name, path in (("with index", indexed), ("without index", plain))
        ]
    sys.stdout.write(_to_table(rounds) + "\n")
    report.write_json(options.json, _to_json(options, rounds))
    return 0 if all(_meets(one) for one in rounds) else 1


def _run(name: str, path: Path, options: argparse.Namespace) -> SeekRound:
    chance = random.Random(options.seed)  # noqa: S311 # where to jump, not a secret
    shown = threading.Event()
    process = psutil.Process()
    first_ms: list[float] = []
    exact_ms: list[float] = []
    queued_max, base_mib = 0, 0.0
    with _serving(path) as url, _playing(url, shown) as player:
        _await_exact(player)
        reads = player.figures().reads
        busy_s, own_s, began_s = machine_busy_s(), _cpu_s(process), time.monotonic()
        for number in range(options.seeks):
            player.seek(chance.randrange(round((options.minutes * 60 - 5) * 1_000_000)))
            _await_exact(player)
            figures = player.figures()
            first_ms.append((figures.first_picture_us or 0) / 1000)
            exact_ms.append((figures.exact_picture_us or 0) / 1000)
            time.sleep(PLAY_S)
            queued_max = max(queued_max, player.figures().queued_bytes)
            if number == options.seeks // 10:
                base_mib = process.memory_info().rss / 2**20
        passed_s = time.monotonic() - began_s
        others = machine_busy_s() - busy_s - (_cpu_s(process) - own_s)
        memory_mib = process.memory_info().rss / 2**20
        return SeekRound(
            name,
            options.seeks,
            tuple(first_ms),
            tuple(exact_ms),
            round((player.figures().reads - reads) / options.seeks, 1),
            round(memory_mib, 1),
            round(memory_mib - base_mib, 1),
            round(queued_max / 2**20, 2),
            round(max(0.0, others) / passed_s, 2),
        )


@contextmanager
def _serving(path: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.harness.range_files", str(path)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if server.stdout is None:
        raise RuntimeError("the server has no output")
    try:
        yield f"ws://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.communicate()


@contextmanager
def _playing(url: str, shown: threading.Event) -> Iterator[ReplayPlayer]:
    player = ReplayPlayer(
        RangedSource(parse_relay_address(url), "/recording.mp4", "ticket"),
        output=NullAudioOutput(monotonic_us=_monotonic_us),
        monotonic_us=_monotonic_us,
        on_picture=lambda _frame, _pts: shown.set(),
        on_status=lambda _status: None,
    )
    player.start()
    try:
        yield player
    finally:
        player.stop()


def _await_exact(player: ReplayPlayer) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while player.figures().exact_picture_us is None:
        if time.monotonic() > until_s:
            raise SystemExit(f"no picture within {PATIENCE_S:.0f} s: {player.status}")
        time.sleep(0.005)


def _to_table(rounds: Sequence[SeekRound]) -> str:
    header = ["", *(one.name for one in rounds), "promised"]

    def line(words: str, cells: Sequence[str], promised: str = "") -> list[str]:
        return [words, *cells, promised]

    def spread(values: Sequence[float]) -> str:
        shares = (0.5, 0.95, 1.0)
        return " / ".join(f"{report.percentile(values, share):.0f}" for share in shares)

    return report.make_table(
        header,
        [
            line("jumps", [str(one.seeks) for one in rounds]),
            line(
                "first picture, ms (p50 / p95 / most)",
                [spread(one.first_ms) for one in rounds],
                f"<= {FIRST_MS_MAX:.0f}",
            ),
            line("exact picture, ms", [spread(one.exact_ms) for one in rounds]),
            line("reads a jump, playing included", [f"{one.reads_a_seek:g}" for one in rounds]),
            line("memory at the end, MiB", [f"{one.memory_mib:.0f}" for one in rounds]),
            line(
                "memory grown, MiB",
                [f"{one.memory_grown_mib:.1f}" for one in rounds],
                f"<= {MEMORY_MIB_MAX:.0f}",
            ),
            line("most queued, MiB", [f"{one.queued_mib_max:.2f}" for one in rounds]),
            line("others' load, cores", [f"{one.others_load:.2f}" for one in rounds]),
            line("kept", [report.tell_meets(meets=_meets(one)) for one in rounds]),
        ],
    )


def _meets(one: SeekRound) -> bool:
    return max(one.first_ms) <= FIRST_MS_MAX and one.memory_grown_mib <= MEMORY_MIB_MAX


def _to_json(options: argparse.Namespace, rounds: Sequence[SeekRound]) -> dict[str, Any]:
    return {
        "bench": "replay_seek",
        "machine": report.describe_machine(),
        "parameters": {
            "minutes": options.minutes,
            "seeks": options.seeks,
            "seed": options.seed,
        },
        "targets": {"first_ms_max": FIRST_MS_MAX, "memory_mib_max": MEMORY_MIB_MAX},
        "rounds": [one._asdict() for one in rounds],
        "meets": {one.name: _meets(one) for one in rounds},
    }


def _cpu_s(process: psutil.Process) -> float:
    """Of this process and the server."""
    total = 0.0
    for one in (process, *process.children()):
        times = one.cpu_times()
        total += times.user + times.system
    return total


def _monotonic_us() -> int:
    return time.monotonic_ns() // 1000


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="dev.py bench replay_seek",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--clip", type=Path, default=CLIP, help="H.264 with sound")
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--seeks", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not options.clip.is_file():
        parser.error("there is no clip; name one with --clip")
    if min(options.minutes, options.seeks) <= 0:
        parser.error("minutes and seeks are above 0")
    return options


if __name__ == "__main__":
    sys.exit(main())
