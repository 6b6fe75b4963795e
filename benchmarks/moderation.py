"""Automatic moderation: what it catches, what it holds in vain, and how long a line takes.

50 words in twelve disguises each, set between clean words; 10,000 clean lines in Chinese and
English; all against a list of 20,000 entries. Levels, links and caps are on, floods too while time
is taken. A clean line that has an entry of the list in it, as it is written there, is held rightly
and told apart.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from benchmarks.harness import report
from benchmarks.harness.clean_lines import NoTexts, clean_lines
from benchmarks.harness.disguises import HAN_DISGUISES, LATIN_DISGUISES
from benchmarks.harness.word_lists import HAN, LATIN, make_word_list
from server.moderation.floods import Floods, print_of
from server.moderation.rules import NOTHING_LISTED, Listed, Verdict, judge
from wire.words_events import TextRules

CAUGHT_MIN: Final = 0.95
FALSE_MAX: Final = 0.005
LINE_US_MAX: Final = 200.0
TURNS: Final = 3
"""A line's time is the least of so many: what other programs take is not its."""
_RULES: Final = TextRules(links="hold", caps="hold", flood_one="hold", flood_many="hold")


@dataclass
class Figures:
    entries: int
    built_s: float
    caught: dict[str, tuple[int, int]]
    missed: list[str]
    clean: dict[str, int]
    falsely_held: dict[str, int]
    rightly_held: dict[str, int]
    examples: list[str]
    line_us: dict[str, dict[str, float]]


def main() -> int:
    options = _parse_options()
    words = make_word_list()
    began_s = time.perf_counter()
    listed = Listed.of(dict.fromkeys(words, "hold"), _RULES)
    built_s = time.perf_counter() - began_s
    try:
        chinese, english = clean_lines(options.lines // 2)
    except NoTexts as failure:
        report.progress(f"moderation: {failure}")
        return 1
    caught, missed = _count_caught(listed, chinese, english, options.seed)
    clean, falsely, rightly, examples = _count_held(listed, words, chinese, english)
    timed = {"chinese": chinese, "english": english, "hostile": _hostile(options.seed)}
    line_us = {name: _time_lines(listed, lines) for name, lines in timed.items()}
    figures = Figures(
        len(words), built_s, caught, missed, clean, falsely, rightly, examples, line_us
    )
    _show(figures, is_verbose=options.verbose)
    report.write_json(
        options.json,
        {"bench": "moderation", "machine": report.describe_machine(), **asdict(figures)},
    )
    return 0


def _count_caught(
    listed: Listed, chinese: list[str], english: list[str], seed: int
) -> tuple[dict[str, tuple[int, int]], list[str]]:
    chance = random.Random(seed)  # noqa: S311 # the same disguises each time
    caught: dict[str, tuple[int, int]] = {}
    missed: list[str] = []
    for language, words, disguises, around in (
        ("Latin", LATIN, LATIN_DISGUISES, english),
        ("Chinese", HAN, HAN_DISGUISES, chinese),
    ):
        # What stands around a word is itself met by nothing.
        quiet = [
            start
            for start in (line[:20].strip() for line in around[:1_000])
            if judge(start, listed, NOTHING_LISTED).level == "off"
        ]
        for name, disguise in disguises.items():
            found = 0
            for word in words:
                written = disguise(word, chance)
                before, after = chance.choice(quiet), chance.choice(quiet)
                verdict = judge(f"{before} {written} {after}", listed, NOTHING_LISTED)
                is_caught = verdict.rule == "word" and verdict.entry == word
                # Another entry may be met as well; what counts is that the text is held for a word.
                is_caught = is_caught or _is_within(verdict, len(before) + 1, len(written))
                found += is_caught
                if not is_caught:
                    missed.append(f"{name}: {written}")
            caught[f"{language}: {name}"] = (found, len(words))
    return caught, missed


def _is_within(verdict: Verdict, start: int, length: int) -> bool:
    return verdict.rule == "word" and start <= verdict.start and verdict.end <= start + length


def _count_held(
    listed: Listed, words: list[str], chinese: list[str], english: list[str]
) -> tuple[dict[str, int], dict[str, int], dict[str, int], list[str]]:
    latin = {word for word in words if word.isascii()}
    han = [word for word in words if not word.isascii()]
    clean, falsely, rightly, examples = {}, {}, {}, []
    for name, lines in (("chinese", chinese), ("english", english)):
        clean[name], falsely[name], rightly[name] = len(lines), 0, 0
        for line in lines:
            verdict = judge(line, listed, NOTHING_LISTED)
            if verdict.level == "off":
                continue
            tokens = re.findall(r"[a-z0-9.]+", line.lower())
            is_listed = _meets_plainly(verdict, line) or (
                any(word in line for word in han)
                or any(token.rstrip(".") in latin for token in tokens)
            )
            if is_listed:
                rightly[name] += 1
            else:
                falsely[name] += 1
            examples.append(
                f"{'right' if is_listed else 'FALSE'} {verdict.rule} {verdict.entry!r} "
                f"{verdict.words!r}: {line[:80]}"
            )
    return clean, falsely, rightly, examples


def _meets_plainly(verdict: Verdict, line: str) -> bool:
    """A written out address, or nothing but capitals."""
    if verdict.rule == "link":
        return any(sign in line for sign in ("http", "www.", "@"))
    return verdict.rule == "caps" and not re.search("[a-z一-龥]", line)


def _hostile(seed: int) -> list[str]:
    """Lines of 200 characters that give every rule most to do."""
    chance = random.Random(seed)  # noqa: S311 # the same lines each time
    pieces = [
        "f u c",
        "a s",
        "4s5",
        "sh1",
        "赌 博",
        "ass",
        "妈妈",
        "hao2",
        "\u0301" * 3,
        "$",
        "l!l",
        ".",
    ]
    return ["".join(chance.choice(pieces) for _ in range(120))[:200] for _ in range(500)]


def _time_lines(listed: Listed, lines: list[str]) -> dict[str, float]:
    """The whole verdict, floods included; each line as if it came to a busy room."""
    floods = Floods()
    taken = [float("inf")] * len(lines)
    for turn in range(TURNS):
        gc.collect()
        gc.disable()
        for number, line in enumerate(lines, turn * len(lines)):
            began = time.perf_counter_ns()
            found = print_of(line)
            repeated = floods.count("room", number % 50, found, number * 0.1)
            judge(line, listed, NOTHING_LISTED, repeated=repeated, letters=found.letters)
            at = number - turn * len(lines)
            taken[at] = min(taken[at], (time.perf_counter_ns() - began) / 1000)
        gc.enable()
    return {
        "median": report.percentile(taken, 0.5),
        "p95": report.percentile(taken, 0.95),
        "p99": report.percentile(taken, 0.99),
        "mean": sum(taken) / len(taken),
    }


def _show(figures: Figures, *, is_verbose: bool) -> None:
    rows = [[name, f"{found} of {of}"] for name, (found, of) in figures.caught.items()]
    found, of = (sum(counts) for counts in zip(*figures.caught.values(), strict=True))
    share = found / of
    rows.append(["all", f"{found} of {of} = {share:.1%}"])
    report.say(report.make_table(["disguise", "caught"], rows))
    if figures.missed:
        report.say("\nmissed: " + " | ".join(figures.missed))
    false, clean = sum(figures.falsely_held.values()), sum(figures.clean.values())
    right = sum(figures.rightly_held.values())
    table = [
        ["caught", f"{share:.1%}", f">= {CAUGHT_MIN:.0%}", _tell(share >= CAUGHT_MIN)],
        [
            f"held in vain, of {clean - right} clean lines",
            f"{false} = {false / (clean - right):.2%}",
            f"<= {FALSE_MAX:.1%}",
            _tell(false / (clean - right) <= FALSE_MAX),
        ],
        ["lines with a listed word, an address or only capitals", str(right), "", ""],
    ]
    for name, us in figures.line_us.items():
        for which in ("median", "p95", "p99"):
            bound = f"<= {LINE_US_MAX:.0f}" if name != "hostile" else ""
            meets = _tell(us[which] <= LINE_US_MAX) if bound else ""
            table.append([f"{name} line, {which}, us", f"{us[which]:.0f}", bound, meets])
    table.append([f"list of {figures.entries} built, s", f"{figures.built_s:.2f}", "", ""])
    report.say("\n" + report.make_table(["figure", "result", "bound", "meets"], table))
    if is_verbose:
        report.say("\n" + "\n".join(figures.examples))


def _tell(meets: bool) -> str:  # noqa: FBT001 # yes or no, as a word
    return report.tell_meets(meets=meets)


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench moderation", description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000, help="clean lines, half of each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="also print each clean line held")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
