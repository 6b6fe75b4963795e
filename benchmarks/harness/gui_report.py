"""The tables of the window's bench."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.harness import gui_figures as figures
from benchmarks.harness import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.harness.gui_figures import GuiFigures

WORST_SHOWN = 5
STACK_SHOWN = 4


def show(summary: GuiFigures, worst: Sequence[dict[str, Any]], put_aside: int) -> None:
    _show_live(summary)
    _show_idle(summary)
    _show_switches(summary)
    report.say(
        f"Walking through all pages while live: {summary.walk_stalls} stalls, "
        f"longest {summary.walk_ms_max:.0f} ms, own work {summary.walk_worked_ms_max:.0f} ms.\n"
        f"Other programs kept at most {summary.others_load_max:.2f} cores busy; "
        f"{put_aside} rounds were run again because of them.\n"
    )
    _show_worst(worst)
    _show_targets(summary)


def _show_live(summary: GuiFigures) -> None:
    report.say("Live and watching; median (lowest-highest) of the rounds\n")
    sizes = list(summary.live)
    rows = [
        [words, *(summary.live[size][name].text(digits) for size in sizes)]
        for words, name, digits in (
            ("pictures a second, preview", "preview_fps", 1),
            ("pictures a second, small window beside it", "stage_fps", 1),
            ("pictures a second, Room page of a second program", "viewer_fps", 1),
            ("pictures lost on the way to a viewer", "received_lost", 0),
            ("GUI thread's answer, ms, p99", "stall_ms_p99", 1),
            ("GUI thread's answer, ms, max", "stall_ms_max", 1),
            ("... of which it worked itself, at most", "worked_ms_max", 1),
            ("stalls over 50 ms", "stalls", 0),
        )
    ]
    rows += [
        [f"cores, {name}", *(summary.live_cores[size][name].text() for size in sizes)]
        for name in summary.live_cores[sizes[0]]
    ]
    report.say(report.make_table(["", *sizes], rows) + "\n")


def _show_idle(summary: GuiFigures) -> None:
    rows = [[name, spread.text(3)] for name, spread in summary.idle_cores.items()]
    rows.append(["the relay that it hosts", summary.relay_cores.text(3)])
    report.say(report.make_table(["idle window", "cores"], rows) + "\n")


def _show_switches(summary: GuiFigures) -> None:
    header = [
        "switch while live",
        "times",
        "never came",
        "not painted",
        "sound",
        "dropped",
        "stalls",
        "ms",
        "worked",
    ]
    rows = [
        [
            kind,
            str(one.switches),
            str(one.received_lost_max),
            str(one.painted_lost_max),
            str(one.sound_jumps),
            str(one.dropped_max),
            str(one.stalls),
            f"{one.stall_ms_max:.0f}",
            f"{one.worked_ms_max:.0f}",
        ]
        for kind, one in summary.switches.items()
    ]
    report.say(report.make_table(header, rows))
    report.say("Pictures, the most of one switch: that never came to a viewer, that its window did")
    report.say(
        "not paint, that the publisher dropped; holes in the sound; the GUI threads' longest"
    )
    report.say("answer, and how much of an answer was their own work.\n")


def _show_worst(worst: Sequence[dict[str, Any]]) -> None:
    longest = sorted(worst, key=lambda stall: -stall["length_ms"])[:WORST_SHOWN]
    for stall in longest:
        report.say(
            f"{stall['length_ms']:.0f} ms in the {stall['window']}'s window, of which it worked "
            f"{stall['worked_ms']:.0f} ms and had no core for {_tell(stall['starved_ms'])} ms, at"
        )
        for place in stall["stack"][-STACK_SHOWN:]:
            report.say(f"    {place}")
    if longest:
        report.say()


def _tell(starved_ms: float | None) -> str:
    return "?" if starved_ms is None else f"{starved_ms:.0f}"


def _show_targets(summary: GuiFigures) -> None:
    live = summary.live.values()
    fps = min(
        one[name].median for one in live for name in ("preview_fps", "stage_fps", "viewer_fps")
    )
    stalls = sum(one["stalls"].high for one in live) + summary.walk_stalls
    measured = {
        "no_stall_while_live": (f"<= {figures.STALL_MS_MAX:.0f} ms", f"{stalls:.0f} over it"),
        "preview_and_stage_fps": (f">= {figures.FPS_MIN}", f"{fps:.1f}"),
        "idle_cores": (
            f"< {figures.IDLE_CORES_MAX}",
            f"{max(one.median for one in summary.idle_cores.values()):.3f}",
        ),
        **{
            f"switch_{kind}": (
                f"<= {figures.LOST_IN_A_SWITCH_MAX} lost",
                str(max(one.received_lost_max, one.painted_lost_max)),
            )
            for kind, one in summary.switches.items()
        },
    }
    meets = figures.judge(summary)
    rows = [
        [name.replace("_", " "), *words, report.tell_meets(meets=meets[name])]
        for name, words in measured.items()
    ]
    report.say(report.make_table(["target", "", "measured", "met"], rows))
