"""How well rooms are recommended: ours beside the usual baselines, on the simulated audience's log.

The audience is that of `livehouse simulate`, planned for days instead of minutes: the same people
with favourites, hours of the day and whims. Rooms are live on some evenings; visits to a dark room
do not happen. With `--events FILE` the same table for a log of your own.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.state import audience
from benchmarks.harness import report
from server.discovery.evaluation import OURS
from server.discovery.report import to_plain, to_table
from server.recommender import evaluate_file

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGAN_UNIX_S: Final = 1_767_225_600
"""2026-01-01, midnight UTC: any midnight would do."""
CATEGORIES: Final = ("music", "games", "talk", "food", "travel", "craft")
LIVE_SHARE: Final = 0.55
"""Of the evenings, for each room."""
LIVE_S: Final = (5_400, 14_400)
DAY_S: Final = 86_400


def main() -> int:
    options = _parse_options()
    began_s = time.monotonic()
    if options.events:
        found = evaluate_file(options.events, seed=options.seed, every_model=False, advance=_quiet)
    else:
        with tempfile.TemporaryDirectory(prefix="livehouse-bench-") as folder:
            log = Path(folder) / "simulated.csv"
            visits = write_log(log, options)
            report.progress(f"{visits} visits simulated in {time.monotonic() - began_s:.0f} s")
            found = evaluate_file(log, seed=options.seed, every_model=False, advance=_quiet)
    report.say(to_table(found))
    plain = to_plain(found)
    ours, best = _ours_and_best(plain)
    report.say(
        f"\nours {ours:.4f}, the best baseline {best:.4f}; {time.monotonic() - began_s:.0f} s"
    )
    report.write_json(options.json, {"machine": report.describe_machine(), **plain})
    return 0 if ours > best else 1


def write_log(file: Path, options: Any) -> int:
    """The simulated visits as `user,item,timestamp,weight,live_from,live_to`. Returns how many."""
    chance = random.Random(options.seed)  # noqa: S311 # a simulation that can be repeated
    shows = [list(_shows(chance, options.days)) for _ in range(options.rooms)]
    categories = [CATEGORIES[room % len(CATEGORIES)] for room in range(options.rooms)]
    people = audience.make_people(
        options.people, categories, accounts_max=0, picture_share=0.0, random=chance.random
    )
    visits = 0
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("user", "item", "timestamp", "weight", "live_from", "live_to"))
        there: dict[int, tuple[int, float, tuple[float, float]]] = {}
        acts = audience.plan(people, options.rooms, chance.random, began_hour=0.0)
        for act in acts:
            if act.at_s > options.days * DAY_S:
                break
            if isinstance(act, audience.Arrive):
                show = _show_at(shows[act.room], act.at_s)
                if show is not None:
                    there[act.person] = (act.room, act.at_s, show)
            elif isinstance(act, audience.Leave) and act.person in there:
                room, came_s, show = there.pop(act.person)
                minutes = (min(act.at_s, show[1]) - came_s) / 60
                times = (BEGAN_UNIX_S + value for value in (came_s, *show))
                at_s, live_from, live_to = (round(value, 3) for value in times)
                writer.writerow(
                    (f"u{act.person}", f"r{room}", at_s, round(minutes, 3), live_from, live_to)
                )
                visits += 1
    return visits


def _shows(chance: random.Random, days: int) -> Iterator[tuple[float, float]]:
    usual_hour = chance.uniform(17, 22)
    for day in range(days):
        if chance.random() < LIVE_SHARE:
            begins_s = day * DAY_S + (usual_hour + chance.uniform(-0.5, 0.5)) * 3_600
            yield begins_s, begins_s + chance.uniform(*LIVE_S)


def _show_at(shows: list[tuple[float, float]], at_s: float) -> tuple[float, float] | None:
    return next((show for show in shows if show[0] <= at_s < show[1]), None)


def _ours_and_best(plain: dict[str, Any]) -> tuple[float, float]:
    scores = {row["method"]: float(row["ndcg_at_10"]) for row in plain["methods"]}
    ours = scores.pop(OURS)
    scores.pop("own history", None)
    return ours, max(scores.values())


def _quiet(_step: str, _share: float) -> None:
    """The table comes within a minute or two."""


def _parse_options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--events", type=Path, help="a log of your own, as CSV")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rooms", type=int, default=30)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
