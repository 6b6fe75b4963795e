"""One room with 1,000 viewers in its chat: how long a message takes, and what the picture feels.

The real relay on one core; writers and viewers in one other process, which reads raw sockets; a
publisher of 2.5 Mbit/s and a few who watch it, in two more. Delivery is from the writer's `send` to
the moment when a viewer has read the message's last byte, over all viewers and messages together,
with the relay's gathering of up to 50 ms in it. The first row is without chat: what the picture
takes by itself.

A round in which other programs kept more than a quarter of a core busy is run again, twice at most.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path

from benchmarks.harness import chat_figures, report
from benchmarks.harness.chat_round import ChatRound, run_round
from benchmarks.harness.processes import ProcessFailed, raise_open_files_limit, split_cores
from benchmarks.harness.quiet import run_undisturbed


def main() -> int:
    options = _parse_options()
    raise_open_files_limit()
    cores = split_cores()
    put_aside: list[ChatRound] = []
    rounds: dict[float, list[ChatRound]] = {rate: [] for rate in (0.0, *options.rates)}
    try:
        for number in range(options.rounds):
            for rate, done in rounds.items():
                one = run_undisturbed(
                    partial(
                        run_round,
                        rate,
                        options.viewers,
                        options.seconds,
                        options.media_viewers,
                        cores,
                    ),
                    put_aside,
                )
                done.append(one)
                said = json.dumps(one.to_json(), ensure_ascii=False)
                report.progress(f"round {number + 1}/{options.rounds} {said}")
    except ProcessFailed as failure:
        report.progress(f"chat: {failure}")
        return 1
    figures = [chat_figures.summarize(some) for some in rounds.values()]
    chat_figures.show(figures, len(put_aside))
    if cores.sender is None:
        report.say("\nNote: processes cannot be pinned here: all of them share all cores.")
    report.write_json(
        options.json,
        {
            "bench": "chat",
            "machine": report.describe_machine(),
            "parameters": {
                "viewers": options.viewers,
                "media_viewers": options.media_viewers,
                "seconds": options.seconds,
                "rounds": options.rounds,
                "rates": options.rates,
                "relay_has_a_core_of_its_own": cores.sender is not None,
            },
            "targets": {
                "delivery_p99_ms_max": chat_figures.DELIVERY_P99_MS_MAX,
                "media_p99_ms_max": chat_figures.MEDIA_P99_MS_MAX,
            },
            "figures": [one.to_json() for one in figures],
            "meets": chat_figures.judge(figures),
            "rounds": [one.to_json() for some in rounds.values() for one in some],
            "put_aside": [one.to_json() for one in put_aside],
        },
    )
    return 0


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench chat",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--viewers", type=int, default=1_000)
    parser.add_argument("--media-viewers", type=int, default=10)
    parser.add_argument("--rates", type=float, nargs="+", default=[100.0, 400.0])
    parser.add_argument("--seconds", type=float, default=10.0, help="measured in each round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if min(options.viewers, options.rounds, options.seconds, *options.rates) <= 0:
        parser.error("viewers, rates, rounds and seconds are above 0")
    return options


if __name__ == "__main__":
    sys.exit(main())
