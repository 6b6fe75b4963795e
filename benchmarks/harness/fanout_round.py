"""One round of the fan-out bench: a sender, its viewers, and what it cost."""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from benchmarks.harness.processes import BenchProcess, CoreSplit, machine_busy_s, running_relay
from benchmarks.harness.room_publisher import PUBLISH_KEY_VARIABLE
from wire import SUBSCRIBE_PATH, commands, media_commands
from wire.ids import RoomId

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness.native_programs import NativePrograms

WARMUP_S: Final = 2.0
"""One GOP: what joining costs has passed by then."""
CONNECT_BATCH: Final = 50
CONNECT_TIMEOUT_S: Final = 60.0
MEASURE_GRACE_S: Final = 30.0

SenderName = Literal["c", "always", "never", "auto", "recording"]
"""The C sender, or the relay with this `--coalesce`; "recording": as "always", and it records."""


class Round(NamedTuple):
    sender: SenderName
    viewers: int
    connected: int
    cpu_ms_per_viewer_s: float
    """The sender's user and system time, while its viewers watched."""
    memory_bytes: int
    others_load: float
    """Cores busy meanwhile with neither sender, publisher nor viewers: what disturbed the round."""
    watched: dict[str, Any]
    """What the load generator measured, see native/viewers.c."""
    published: dict[str, Any]
    """What the publisher says of its own lateness; empty for the C sender, which has none."""
    writer_cpu_s: float = 0.0
    """Of the relay's children, on the relay's core: of the process that writes recordings."""

    @property
    def lost(self) -> int:
        return int(self.watched["lost"])

    @property
    def closed(self) -> int:
        return int(self.watched["closed"]) + self.viewers - self.connected

    @property
    def generator_load(self) -> float:
        """Share of one core that the load generator took: near 1 it is the bottleneck."""
        return float(self.watched["cpu_s"] / self.watched["seconds"])

    def delay_ms(self, kind: str, figure: str) -> float:
        return float(self.watched["delay_ms"][kind][figure])

    def to_json(self) -> dict[str, Any]:
        return {**self._asdict(), "cpu_ms_per_viewer_s": round(self.cpu_ms_per_viewer_s, 4)}


class Tools(NamedTuple):
    native: NativePrograms | None
    schedule_file: Path
    cores: CoreSplit


def run_round(sender: SenderName, viewers: int, seconds: float, tools: Tools) -> Round:
    """Raises ProcessFailed when a part of it does not work."""
    with ExitStack() as stack:
        if sender == "c":
            return _run_c_round(stack, viewers, seconds, tools)
        how: tuple[str, ...] = ("--coalesce", sender, "--no-record")
        if sender == "recording":
            how = ("--coalesce", "always", "--record")
        room = stack.enter_context(running_relay(*how, cores=tools.cores.sender))
        publisher = stack.enter_context(
            BenchProcess(
                "the publisher",
                [
                    *(sys.executable, "-m", "benchmarks.harness.room_publisher"),
                    *("--relay", room.url, "--room", room.room_id),
                ],
                cores=tools.cores.load,
                env={PUBLISH_KEY_VARIABLE: room.publish_key},
            )
        )
        publisher.read_event("publishing")
        subscribe = commands.pack(media_commands.Subscribe(room_id=RoomId(room.room_id)))
        address = urlsplit(room.url)
        load = _start_viewers(
            stack, address.hostname or "", address.port or 0, subscribe, viewers, seconds, tools
        )
        figures = _measure(room.process, load, [publisher], seconds)
        publisher.close_input()
        published = publisher.read_event("published")
    return Round(sender, viewers, **figures, published=published)


def _run_c_round(stack: ExitStack, viewers: int, seconds: float, tools: Tools) -> Round:
    if tools.native is None:
        raise ValueError("there is no C sender")
    process = stack.enter_context(
        BenchProcess(
            "the C sender",
            [str(tools.native.sender), str(tools.schedule_file)],
            cores=tools.cores.sender,
        )
    )
    port = process.read_event("ready")["port"]
    load = _start_viewers(stack, "127.0.0.1", port, "{}", viewers, seconds, tools)
    return Round("c", viewers, **_measure(process, load, [], seconds), published={})


def _start_viewers(
    stack: ExitStack,
    host: str,
    port: int,
    subscribe: str,
    viewers: int,
    seconds: float,
    tools: Tools,
) -> BenchProcess:
    program = (
        [str(tools.native.viewers)]
        if tools.native
        else [sys.executable, "-m", "benchmarks.harness.python_viewers"]
    )
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "path": SUBSCRIBE_PATH,
        "subscribe": subscribe,
        "viewers": viewers,
        "batch": CONNECT_BATCH,
        "warmup": WARMUP_S,
        "seconds": seconds,
        "connect-timeout": CONNECT_TIMEOUT_S,
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return stack.enter_context(
        BenchProcess("the load generator", [*program, *arguments], cores=tools.cores.load)
    )


def _measure(
    process: BenchProcess, load: BenchProcess, others: list[BenchProcess], seconds: float
) -> dict[str, Any]:
    connected = load.read_event("connected", CONNECT_TIMEOUT_S + MEASURE_GRACE_S)
    load.read_event("measuring", WARMUP_S + MEASURE_GRACE_S)
    ours = [process, load, *others]
    began_mono_s, cpu_s = time.monotonic(), process.cpu_s()
    children_cpu_s = process.children_cpu_s()
    ours_cpu_s, machine_cpu_s = sum(one.cpu_s() for one in ours), machine_busy_s()
    watched = load.read_event("measured", seconds + MEASURE_GRACE_S)
    cpu_s = process.cpu_s() - cpu_s
    children_cpu_s = process.children_cpu_s() - children_cpu_s
    elapsed_s = time.monotonic() - began_mono_s
    machine_cpu_s = machine_busy_s() - machine_cpu_s
    ours_cpu_s = sum(one.cpu_s() for one in ours) - ours_cpu_s
    viewer_s = max(1, watched["watching"]) * elapsed_s
    memory_bytes = process.memory_bytes()
    load.close_input()
    load.wait()
    watched["error"] = watched["error"] or connected["error"]
    return {
        "connected": connected["connected"],
        "cpu_ms_per_viewer_s": cpu_s * 1000 / viewer_s,
        "memory_bytes": memory_bytes,
        "others_load": round(max(0.0, machine_cpu_s - ours_cpu_s) / elapsed_s, 2),
        "watched": watched,
        "writer_cpu_s": round(children_cpu_s, 3),
    }


def as_json_line(result: Round) -> str:
    """For progress: one round in one line."""
    return json.dumps(
        {
            "sender": result.sender,
            "viewers": result.viewers,
            "cpu_ms_per_viewer_s": round(result.cpu_ms_per_viewer_s, 3),
            "video_p99_ms": result.delay_ms("video", "p99"),
            "audio_p99_ms": result.delay_ms("audio", "p99"),
            "lost": result.lost,
            "closed": result.closed,
            "generator_load": round(result.generator_load, 2),
            "others_load": result.others_load,
            **({"error": result.watched["error"]} if result.watched["error"] else {}),
        }
    )
