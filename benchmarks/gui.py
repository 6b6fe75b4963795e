"""The window's thread: stalls, pictures a second, idle CPU, and what a switch while live loses.

Two programs with the real window, on the display at hand. The first hosts (the relay is its child
process), goes live from Studio with the test card or a clip, and watches its own room in the small
window beside the preview. The second watches in its Room page. A third, without a window, only
counts the pictures that reach a viewer. A stall is a time of more than 50 ms in which the GUI
thread did not answer; the worst are shown with the place where the thread stood. A round in which
other programs kept more than a quarter of a core busy is run again, twice at most.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from benchmarks.harness import gui_figures as figures
from benchmarks.harness import gui_report, report
from benchmarks.harness.gui_figures import GuiRound, LiveFigures, SwitchFigures
from benchmarks.harness.processes import (
    BenchProcess,
    ProcessFailed,
    children_cpu_s,
    display_cpu_s,
    machine_busy_s,
    wait_s,
)
from benchmarks.harness.quiet import run_undisturbed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES: Final = ((1280, 800), (1920, 1080))
SETTLE_S: Final = 2.0
AFTER_SWITCH_S: Final = 1.5
"""Longer than the viewer's delay, so that all that the switch did has been painted."""
WALK_PAGE_S: Final = 0.4
PAGES: Final = ("discover", "room", "studio", "replays", "me")
LAYOUTS: Final = ("Slides", "Screen + camera", "Screen", "Camera")
CHAT: Final = (
    "Hello!",
    "这首歌真好听, 主播加油",
    "How long have you been practising? " * 4,
    "今天的直播画面真好看, 我们都在这里听你唱歌" * 6,
)
SAY_INTERVAL_S: Final = 1.1
"""The relay takes no more of one writer."""
WORST_KEPT: Final = 8


def main() -> int:
    options = _parse_options()
    rounds: list[GuiRound] = []
    put_aside: list[GuiRound] = []
    try:
        for number in range(options.rounds):
            rounds.append(run_undisturbed(partial(_run_round, options), put_aside))
            report.progress(f"round {number + 1}/{options.rounds}")
    except ProcessFailed as failure:
        report.progress(f"gui: {failure}")
        return 1
    summary = figures.summarize(rounds)
    worst = [stall for one in rounds for stall in one.worst]
    whole = _to_json(options, rounds, summary)
    report.write_json(options.json, {**whole, "put_aside": [one._asdict() for one in put_aside]})
    gui_report.show(summary, worst, len(put_aside))
    return 0


def _run_round(options: argparse.Namespace) -> GuiRound:
    began_mono_s, machine_s = time.monotonic(), machine_busy_s()
    display_s = display_cpu_s()
    with (
        tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder,
        _Programs(Path(folder), options) as programs,
    ):
        idle, relay_cores = programs.measure_idle()
        programs.go_live()
        live = {
            f"{width}x{height}": programs.measure_live(width, height) for width, height in SIZES
        }
        walk = programs.walk()
        switches = {kind: programs.measure_switches(kind) for kind in figures.SWITCHES}
        own_s = programs.cpu_s()
        elapsed_s = time.monotonic() - began_mono_s
        machine_s = machine_busy_s() - machine_s
        display_s = display_cpu_s() - display_s
    return GuiRound(
        idle_cores=idle,
        relay_cores=relay_cores,
        live=live,
        walk_stalls=walk.stalls,
        walk_ms_max=round(walk.ms_max, 1),
        walk_worked_ms_max=round(walk.worked_ms_max, 1),
        switches=switches,
        worst=programs.worst(),
        others_load=round(max(0.0, machine_s - own_s - display_s) / elapsed_s, 2),
    )


class _Taken:
    """What both windows counted in one stretch."""

    def __init__(
        self, host: dict[str, Any], viewer: dict[str, Any], counted: dict[str, Any]
    ) -> None:
        self.host, self.viewer, self.counted = host, viewer, counted
        self.watched = [one["stalls"] for one in (host, viewer) if one["stalls"] is not None]
        self.stalls = sum(one["stalls"] for one in self.watched)
        self.ms_max = max((one["max_ms"] for one in self.watched), default=0.0)
        self.worked_ms_max = max((one["worked_ms_max"] for one in self.watched), default=0.0)
        self.ms_p99 = max((one["p99_ms"] for one in self.watched), default=0.0)

    def fps(self, which: dict[str, Any], name: str) -> float:
        return round(which[name] / which["seconds"], 2)


class _Programs:
    """The three programs of a round and what they are told."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self._folder = folder
        self._options = options
        self._programs = contextlib.ExitStack()
        self._worst: list[dict[str, Any]] = []
        self._room: dict[str, Any] = {}
        self._dropped = 0
        self._broadcast_id = ""

    def __enter__(self) -> Self:
        self._host = self._start("host", "--layers", "720p,360p")
        self._viewer: BenchProcess | None = None
        self._counter: BenchProcess | None = None
        return self

    def __exit__(self, *error: object) -> None:
        self._programs.close()

    def cpu_s(self) -> float:
        """Of all that the round has started."""
        started = [one for one in (self._host, self._viewer, self._counter) if one is not None]
        return sum(one.cpu_s() for one in started) + children_cpu_s(self._host.pid)

    def worst(self) -> list[dict[str, Any]]:
        return sorted(self._worst, key=lambda stall: -stall["length_ms"])[:WORST_KEPT]

    # --- idle -------------------------------------------------------------------------------------

    def measure_idle(self) -> tuple[dict[str, float], float]:
        """Cores of the window by what it shows, and of its relay."""
        host, idle = self._host, {}
        host.ask("size", width=1280, height=800)
        idle["first start"], _ = self._measure_cores()
        self._room = host.ask("host")
        host.ask("page", key="discover")
        idle["Discover"], relay_cores = self._measure_cores()
        host.ask("enter", room_id=self._room["room_id"])
        idle["Room, not live"], _ = self._measure_cores()
        return idle, relay_cores

    def _measure_cores(self) -> tuple[float, float]:
        wait_s(SETTLE_S)
        began_mono_s = time.monotonic()
        window_s, relay_s = self._host.cpu_s(), children_cpu_s(self._host.pid)
        wait_s(self._options.idle_seconds)
        elapsed_s = time.monotonic() - began_mono_s
        window_s, relay_s = self._host.cpu_s() - window_s, children_cpu_s(self._host.pid) - relay_s
        return round(window_s / elapsed_s, 4), round(relay_s / elapsed_s, 4)

    # --- live -------------------------------------------------------------------------------------

    def go_live(self) -> None:
        host, room = self._host, self._room
        viewer = self._viewer = self._start("viewer")
        host.ask("page", key="studio")
        if self._options.clip is not None:
            host.ask("source", kind="file", address=f"file:{self._options.clip}")
        self._broadcast_id = host.ask("go_live")["broadcast_id"]
        viewer.ask("join", link=room["invite"])
        viewer.ask("enter", room_id=room["room_id"])
        viewer.ask("await_picture")
        host.ask("page", key="room")
        host.ask("await_picture")
        host.ask("picture_in_picture")
        host.ask("page", key="studio")
        for window in (host, viewer):
            window.ask("watch_stalls")
        self._counter = self._programs.enter_context(
            BenchProcess(
                "the counting viewer",
                [
                    *(sys.executable, "-m", "benchmarks.harness.packet_viewer"),
                    *("--relay", room["url"], "--room", room["room_id"]),
                ],
            )
        )
        self._counter.read_event("ready")
        wait_s(SETTLE_S)

    def measure_live(self, width: int, height: int) -> LiveFigures:
        host, viewer = self._host, self._access(self._viewer)
        for window in (host, viewer):
            window.ask("size", width=width, height=height)
        wait_s(SETTLE_S)
        self._take()
        cpu = {"publisher": host.cpu_s, "viewer": viewer.cpu_s}
        began_mono_s = time.monotonic()
        before = {name: read() for name, read in cpu.items()}
        relay_s = children_cpu_s(host.pid)
        wait_s(self._options.seconds)
        elapsed_s = time.monotonic() - began_mono_s
        cores = {name: (read() - before[name]) / elapsed_s for name, read in cpu.items()}
        cores["relay"] = (children_cpu_s(host.pid) - relay_s) / elapsed_s
        taken = self._take()
        return LiveFigures(
            preview_fps=taken.fps(taken.host, "preview_painted"),
            stage_fps=taken.fps(taken.host, "stage_painted"),
            viewer_fps=taken.fps(taken.viewer, "stage_painted"),
            received_lost=taken.counted["lost"],
            stalls=taken.stalls,
            stall_ms_p99=round(taken.ms_p99, 1),
            stall_ms_max=round(taken.ms_max, 1),
            worked_ms_max=round(taken.worked_ms_max, 1),
            cores={name: round(value, 3) for name, value in cores.items()},
        )

    def walk(self) -> _Taken:
        """Both windows through all pages, twice: the first time each is laid out and dressed.

        Then a chat, while the viewer's picture moves to a small window and back.
        """
        self._take()
        for page in (*PAGES, *PAGES):
            for window in (self._host, self._access(self._viewer)):
                window.ask("page", key=page)
            wait_s(WALK_PAGE_S)
        self._host.ask("page", key="studio")
        self._access(self._viewer).ask("page", key="room")
        for text in CHAT:
            self._host.ask("say", text=text)
            self._access(self._viewer).ask("picture_in_picture")
            wait_s(SAY_INTERVAL_S)
        return self._take()

    # --- switching --------------------------------------------------------------------------------

    def measure_switches(self, kind: str) -> list[SwitchFigures]:
        switch = self._make_switch(kind)
        return [self._measure_switch(switch) for _ in range(self._options.switches)]

    def _measure_switch(self, switch: Callable[[], object]) -> SwitchFigures:
        self._take()
        dropped_before = self._dropped
        switch()
        wait_s(AFTER_SWITCH_S)
        taken = self._take()
        published = taken.host["published"]
        is_same = (
            published["broadcast_id"] == self._broadcast_id
            and published["reconnects"] == 0
            and taken.counted["broadcasts"] == 1
            and taken.counted["discontinuities"] == 0
        )
        return SwitchFigures(
            received_lost=taken.counted["lost"],
            painted_lost=taken.viewer["stage_lost"],
            sound_jumps=taken.counted["sound_jumps"],
            dropped=self._dropped - dropped_before,
            stalls=taken.stalls,
            stall_ms_max=round(taken.ms_max, 1),
            worked_ms_max=round(taken.worked_ms_max, 1),
            is_same_broadcast=is_same,
        )

    def _make_switch(self, kind: str) -> Callable[[], object]:
        """Each call switches once more."""
        turns = _turns(kind, self._options.clip)
        both = (self._host, self._access(self._viewer))

        def switch() -> None:
            turn = next(turns)
            if kind == "quality":
                self._access(self._viewer).ask("quality", layer=turn)
                self._access(self._counter).ask("layer", layer=turn)
            elif kind == "layout":
                self._host.ask("layout", name=turn)
            elif kind == "source":
                self._host.ask("source", kind=turn.partition(":")[0], address=turn)
            else:
                for window in both:
                    window.ask("prefer", name=kind, value=turn)

        return switch

    # --- within -----------------------------------------------------------------------------------

    def _take(self) -> _Taken:
        host = self._host.ask("take")
        viewer = self._access(self._viewer).ask("take")
        counted = self._access(self._counter).ask("take")
        taken = _Taken(host, viewer, counted)
        for name, one in (("publisher", host), ("viewer", viewer)):
            self._worst += [{"window": name, **stall} for stall in (one["stalls"] or {})["worst"]]
        published = host["published"]
        self._dropped = sum(published["pipeline"]["frames_dropped"].values()) + sum(
            published["link"]["dropped"].values()
        )
        return taken

    def _start(self, name: str, *arguments: str) -> BenchProcess:
        folder = self._folder / name
        folder.mkdir()
        program = BenchProcess(
            f"the window of the {name}",
            [
                *(sys.executable, "-m", "benchmarks.harness.gui_program"),
                *("--data-dir", str(folder), *arguments),
            ],
        )
        self._programs.enter_context(program)
        program.read_event("ready")
        return program

    def _access(self, program: BenchProcess | None) -> BenchProcess:
        if program is None:
            raise ProcessFailed("nothing is live yet")
        return program


def _turns(kind: str, clip: Path | None) -> Iterator[Any]:
    other = "testcard:640x360" if clip is None else f"file:{clip}"
    turns: dict[str, tuple[Any, ...]] = {
        "source": (other, "testcard:1280x720"),
        "layout": LAYOUTS,
        "quality": (0, 1),
        "language": ("zh_CN", "en"),
        "theme": ("light", "dark"),
    }
    return itertools.cycle(turns[kind])


def _to_json(
    options: argparse.Namespace, rounds: list[GuiRound], summary: figures.GuiFigures
) -> dict[str, Any]:
    return {
        "bench": "gui",
        "machine": report.describe_machine(),
        "parameters": {
            "seconds": options.seconds,
            "idle_seconds": options.idle_seconds,
            "rounds": options.rounds,
            "switches": options.switches,
            "source": "clip" if options.clip else "test card",
            "picture": "1280x720 and 640x360, 30 a second",
        },
        "targets": {
            "stall_ms_max": figures.STALL_MS_MAX,
            "fps_min": figures.FPS_MIN,
            "idle_cores_max": figures.IDLE_CORES_MAX,
            "lost_in_a_switch_max": figures.LOST_IN_A_SWITCH_MAX,
        },
        "figures": summary.to_json(),
        "meets": figures.judge(summary),
        "rounds": [json.loads(json.dumps(one._asdict())) for one in rounds],
    }


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench gui",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--seconds", type=float, default=10.0, help="live, in each size")
    parser.add_argument("--idle-seconds", type=float, default=20.0, help="idle, on each page")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--switches", type=int, default=4, help="of each kind in each round")
    parser.add_argument("--clip", type=Path, help="go live with this file instead of the test card")
    options = parser.parse_args()
    if min(options.seconds, options.idle_seconds) <= 0 or options.rounds < 1:
        parser.error("seconds and rounds are above 0")
    if options.switches < 0:
        parser.error("switches are not below 0")
    if options.clip is not None:
        options.clip = options.clip.resolve()
        if not options.clip.is_file():
            parser.error(f"there is no file {options.clip}")
    return options


if __name__ == "__main__":
    sys.exit(main())
