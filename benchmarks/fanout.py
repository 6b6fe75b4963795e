"""One 2.5 Mbit/s room and its viewers: the relay's CPU beside a C sender's, and the added delay.

The real relay, a publisher and a load generator, each in a process of its own; the C sender sends
the same bytes to the same generator in the same run, in turns with the relay. CPU is user and
system time of the sending process alone. Added delay is from the moment when the publisher sends a
packet to the moment when a viewer has read its last byte, over all viewers together.

Afterwards: the largest number of viewers whose p99 for video stays within 50 ms while the relay has
one core, and publisher and viewers have the others. A number counts when two rounds of at most
three held, with nobody cut and nothing lost.

A round in which other programs kept more than a quarter of a core busy is run again, twice at most.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.harness import fanout_figures, packet_schedule, report
from benchmarks.harness.fanout_report import FanoutResult
from benchmarks.harness.fanout_round import Round, SenderName, Tools, as_json_line, run_round
from benchmarks.harness.native_programs import build_native_programs
from benchmarks.harness.processes import ProcessFailed, raise_open_files_limit, split_cores
from benchmarks.harness.quiet import run_undisturbed


def main() -> int:
    options = _parse_options()
    raise_open_files_limit()
    try:
        with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
            result = _run(options, Path(folder))
    except ProcessFailed as failure:
        report.progress(f"fanout: {failure}")
        return 1
    result.show()
    report.write_json(options.json, result.to_json())
    return 0


def _run(options: argparse.Namespace, folder: Path) -> FanoutResult:
    built = build_native_programs(folder)
    native = None if isinstance(built, str) else built
    schedule_file = folder / "schedule"
    packet_schedule.write_file(packet_schedule.make_schedule(), schedule_file)
    tools = Tools(native, schedule_file, split_cores())
    notes = [] if native else [f"{built}: no ratio, and a slower load generator in plain Python."]
    if tools.cores.sender is None:
        notes.append("Processes cannot be pinned here: all of them share all cores.")
    put_aside: list[Round] = []
    result = FanoutResult(
        parameters={
            "viewers": options.viewers,
            "seconds": options.seconds,
            "rounds": options.rounds,
            "search_seconds": options.search_seconds,
            "relay_has_a_core_of_its_own": tools.cores.sender is not None,
            "load_generator": "c" if native else "python",
        },
        rounds=_run_rounds(options, tools, put_aside),
        search=_search_most(options, tools, put_aside) if options.find_most else None,
        c_at_most=None,
        put_aside=put_aside,
        notes=notes,
    )
    if native and result.most:
        c_at_most = run_undisturbed(
            partial(run_round, "c", result.most, options.search_seconds, tools), put_aside
        )
        result = result._replace(c_at_most=c_at_most)
    return result


def _run_rounds(
    options: argparse.Namespace, tools: Tools, put_aside: list[Round]
) -> dict[SenderName, list[Round]]:
    senders: tuple[SenderName, ...] = ("always", "never")
    if options.record:
        senders = ("always", "recording", "never")
    if tools.native:
        senders = ("c", *senders)
    rounds: dict[SenderName, list[Round]] = {sender: [] for sender in senders}
    for number in range(options.rounds):
        for sender in senders:
            one = run_undisturbed(
                partial(run_round, sender, options.viewers, options.seconds, tools), put_aside
            )
            rounds[sender].append(one)
            report.progress(f"round {number + 1}/{options.rounds} {as_json_line(one)}")
    return rounds


def _search_most(options: argparse.Namespace, tools: Tools, put_aside: list[Round]) -> list[Round]:
    rounds: list[Round] = []
    while True:
        outcomes = fanout_figures.collect_outcomes(rounds)
        size = fanout_figures.find_next_size(outcomes)
        if size is None:
            return rounds
        one = run_undisturbed(
            partial(run_round, "auto", size, options.search_seconds, tools), put_aside
        )
        rounds.append(one)
        verdict = "holds" if fanout_figures.holds(one) else "does not hold"
        report.progress(f"search: {size} viewers, {verdict} {as_json_line(one)}")


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench fanout",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0, help="measured in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--search-seconds", type=float, default=8.0, help="in each search round")
    parser.add_argument(
        "--find-most",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="search the largest number of viewers on one core",
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="also a relay that records, beside the same one that does not",
    )
    options = parser.parse_args()
    if min(options.viewers, options.rounds, options.seconds, options.search_seconds) <= 0:
        parser.error("viewers, rounds and seconds are above 0")
    return options


if __name__ == "__main__":
    sys.exit(main())
