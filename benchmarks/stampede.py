"""The relay is killed under 1,000 sockets and started again: how soon 99 % of them are back.

500 people in a process of their own, each with a control socket (resumed by its token, in a room)
and a viewer's socket, with the app's own links and its policy of coming back. The relay gets no
warning, and starts again at once with the same folder and port. Told: when 99 % and all stood
again, the longest that the relay's loop stood still meanwhile, and how many passwords it hashed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

from benchmarks.harness import report
from benchmarks.harness.processes import ProcessFailed, raise_open_files_limit
from benchmarks.harness.stampede_round import StampedeRound, run_round
from tests.support.relay_process import RelayProcess

BACK_S_MAX: Final = 30.0
STALL_MS_MAX: Final = 250.0


def main() -> int:
    options = _parse_options()
    raise_open_files_limit()
    rounds: list[StampedeRound] = []
    try:
        for number in range(options.rounds):
            with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
                rounds.append(run_round(RelayProcess(Path(folder) / "data"), options.sockets))
            report.progress(f"stampede: round {number + 1}/{options.rounds} {rounds[-1]}")
    except ProcessFailed as failure:
        report.progress(f"stampede: {failure}")
        return 1
    _show(rounds)
    report.write_json(
        options.json,
        {
            "bench": "stampede",
            "machine": report.describe_machine(),
            "parameters": {"sockets": options.sockets, "rounds": options.rounds},
            "rounds": [asdict(one) for one in rounds],
        },
    )
    return 0


def _show(rounds: list[StampedeRound]) -> None:
    back = [one.back_s for one in rounds if one.back_s is not None]
    is_back = len(back) == len(rounds) and max(back) <= BACK_S_MAX
    stalls = [one.stall_ms_max for one in rounds]
    hashes = sum(one.password_hashes for one in rounds)
    rows = [
        [
            "99 % back after",
            f"{report.Spread.of(back).text(1)} s" if back else "never",
            f"<= {BACK_S_MAX:.0f} s",
            report.tell_meets(meets=is_back),
        ],
        [
            "of that, the relay was down",
            f"{report.Spread.of(one.down_s for one in rounds).text(1)} s",
            "",
            "",
        ],
        [
            "longest stall of its loop",
            f"{report.Spread.of(stalls).text(0)} ms",
            f"<= {STALL_MS_MAX:.0f} ms",
            report.tell_meets(meets=max(stalls) <= STALL_MS_MAX),
        ],
        ["passwords hashed", str(hashes), "0", report.tell_meets(meets=hashes == 0)],
        [
            "CPU of the new relay",
            f"{report.Spread.of(one.cpu_s for one in rounds).text(1)} s",
            "",
            "",
        ],
        [
            "ready but without a core",
            f"{report.Spread.of(one.without_core_s or 0.0 for one in rounds).text(1)} s",
            "",
            "",
        ],
    ]
    report.say(report.make_table(["figure", "median (low-high)", "promise", "meets"], rows))


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench stampede",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--sockets", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.sockets < 2 or options.rounds < 1:  # a person has two
        parser.error("there are two sockets or more, and a round")
    return options


if __name__ == "__main__":
    sys.exit(main())
