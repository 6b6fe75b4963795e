"""Raids: how fast one is found, what is seen of it, and how often a crowd is taken for one.

Raids are at a real relay in a process of its own: 30 accounts made just now, in a room whose
regulars go on talking; what a guest in the room sees is counted. Ordinary crowds are made up, many
evenings of each, and played to the watch at once: hundreds who come by a link and greet alike, and
a class behind one address. At the end, what the watch takes of a message's time.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Final

from benchmarks.harness import report
from benchmarks.harness.clean_lines import NoTexts, clean_lines
from benchmarks.harness.crowds import EVENING, ROOM, SCHOOL_CLASS, SURGE, Alarms, Crowd, Stage
from tests.support.raids import Outcome, house, newcomers, raid

RAIDERS: Final = 30
SHOWN_AFTER_MAX: Final = 1
Texts = Callable[[Sequence[str]], Iterator[str]]


def _one_text(_lines: Sequence[str]) -> Iterator[str]:
    return (f"this stream is a fraud, all come to room {n}" for n in itertools.count())


def _short_text(_lines: Sequence[str]) -> Iterator[str]:
    return itertools.repeat("垃圾主播")


def _own_words(lines: Sequence[str]) -> Iterator[str]:
    return itertools.cycle(lines)


RAIDS: Final[tuple[tuple[str, Texts, bool, float], ...]] = (
    ("nearly one text, 10 a second in all", _one_text, False, 5),
    ("nearly one text, 10 a second each", _one_text, True, 5),
    ("four characters, 10 a second in all", _short_text, False, 5),
    ("each other words, one address, 10 in all", _own_words, False, 20),
    ("each other words, one address, 10 each", _own_words, True, 5),
)


def main() -> int:
    options = _parse_options()
    try:
        chinese, english = clean_lines(2_000)
    except NoTexts as failure:
        report.progress(f"raid: {failure}")
        return 1
    lines = [line[:60] for pair in zip(chinese, english, strict=False) for line in pair]
    raids = {
        name: asyncio.run(_meet(lines, texts, is_each=is_each, seconds=seconds))
        for name, texts, is_each, seconds in RAIDS
    }
    _show_raids(raids)
    crowds = {
        crowd.name: _play(crowd, options.evenings, lines)
        for crowd in (EVENING, SURGE, SCHOOL_CLASS)
    }
    _show_crowds(crowds, options.evenings)
    costs = {crowd.name: _time(crowd, lines) for crowd in (EVENING, SURGE)}
    for name, (p50_us, p99_us) in costs.items():
        report.say(f"\nthe watch, a message, {name}: p50 {p50_us:.0f} us, p99 {p99_us:.0f} us")
    report.write_json(
        options.json,
        {
            "bench": "raid",
            "machine": report.describe_machine(),
            "raids": {name: asdict(one) for name, one in raids.items()},
            "crowds": {name: asdict(one) for name, one in crowds.items()},
            "watch_us": {name: {"p50": a, "p99": b} for name, (a, b) in costs.items()},
            "meets": all(one.shown_after <= SHOWN_AFTER_MAX for one in raids.values()),
        },
    )
    return 0


async def _meet(lines: Sequence[str], texts: Texts, *, is_each: bool, seconds: float) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        async with house(Path(folder) / "data") as place, AsyncExitStack() as stack:
            raiders = await newcomers(stack, place, RAIDERS)
            return await raid(
                place, raiders, texts(lines), per_s=10, seconds=seconds, is_each=is_each
            )


def _play(crowd: Crowd, evenings: int, lines: Sequence[str]) -> Alarms:
    total = Alarms()
    for seed in range(evenings):
        one = Stage(crowd, seed, lines).play()
        total.messages += one.messages
        total.raids += one.raids
        total.held += one.held
        total.muted += one.muted
        for words, count in one.held_by.items():
            total.held_by[words] = total.held_by.get(words, 0) + count
    return total


def _time(crowd: Crowd, lines: Sequence[str]) -> tuple[float, float]:
    """Microseconds of `judge`, p50 and p99."""
    stage = Stage(crowd, 99, lines)
    judge, took = stage.watch.judge, []

    def timed(*arguments: object) -> object:
        began = time.thread_time()
        try:
            return judge(ROOM, *arguments[1:])  # type: ignore[arg-type]  # as they came
        finally:
            took.append((time.thread_time() - began) * 1e6)

    stage.watch.judge = timed  # type: ignore[method-assign,assignment]  # a stopwatch around it
    stage.play()
    return report.percentile(took, 0.5), report.percentile(took, 0.99)


def _show_raids(raids: dict[str, Outcome]) -> None:
    rows = [
        [
            name,
            "not found" if one.took_s is None else f"{one.took_s:.2f} s",
            str(one.sent),
            str(one.shown_before),
            str(one.removed),
            str(one.shown_after),
            f"{len(one.regular_refused)} of {one.regular_said}",
        ]
        for name, one in raids.items()
    ]
    header = ["raid of 30", "found after", "sent", "seen before", "removed", "seen after"]
    report.say(report.make_table([*header, "regulars refused"], rows))


def _show_crowds(crowds: dict[str, Alarms], evenings: int) -> None:
    rows = [
        [name, str(evenings), str(one.messages), str(one.raids), str(one.held), str(one.muted)]
        for name, one in crowds.items()
    ]
    report.say()
    header = ["ordinary crowd", "evenings", "messages", "taken for raids", "held", "muted"]
    report.say(report.make_table(header, rows))
    for one in crowds.values():
        for words, count in sorted(one.held_by.items(), key=lambda item: -item[1])[:3]:
            report.say(f"{count} times: {words}")


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench raid",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--evenings", type=int, default=10, help="of each ordinary crowd")
    options = parser.parse_args()
    if options.evenings <= 0:
        parser.error("evenings are above 0")
    return options


if __name__ == "__main__":
    sys.exit(main())
