"""What is usual, and who is far from it."""

import random

from server.detection.outliers import DAY_S, SAMPLES_MAX, Outliers, Sample
from server.detection.rules import Thresholds

LIMITS = Thresholds()
FLOOD = Sample(messages=40, repeats=35, refused=30, joins=12, letters=150)
USUAL = Sample(messages=3, repeats=1, refused=0, joins=1, letters=12)


def usual(chance: random.Random) -> Sample:
    return Sample(
        messages=chance.choice((1, 1, 2, 3, 4, 6)),
        repeats=chance.choice((1, 1, 1, 2)),
        refused=chance.choice((0, 0, 0, 0, 1)),
        joins=chance.choice((1, 1, 2)),
        letters=chance.randint(4, 30),
    )


def learned(*, days: float, count: int = 600, floods: int = 0) -> Outliers:
    chance, found = random.Random(5), Outliers()
    for n in range(count):
        sample = FLOOD if n < floods else usual(chance)
        found.add(sample, n * days * DAY_S / (count - 1), LIMITS)
    return found


def test_outlier_when_a_week_is_known_then_the_flood_is_far_and_the_usual_near() -> None:
    found = learned(days=8)
    assert found.points(FLOOD) == 2
    assert found.points(USUAL) == 0


def test_usual_ones_when_asked_about_then_nearly_all_are_near() -> None:
    found, chance = learned(days=8), random.Random(6)
    assert sum(found.points(usual(chance)) > 0 for _ in range(1_000)) <= 20


def test_floods_when_a_fifth_of_what_is_known_then_still_far() -> None:
    assert learned(days=8, floods=120).points(FLOOD) == 2


def test_nobody_when_too_few_days_or_samples_are_known_then_unusual() -> None:
    assert learned(days=6).points(FLOOD) == 0
    assert learned(days=8, count=400).points(FLOOD) == 0


def test_samples_when_many_then_bounded() -> None:
    found = Outliers()
    for n in range(SAMPLES_MAX + 10):
        found.add(USUAL, float(n), LIMITS)
    assert len(found) == SAMPLES_MAX
