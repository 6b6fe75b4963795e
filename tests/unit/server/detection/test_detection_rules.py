"""Points, the words for them, and what follows."""

import dataclasses

import pytest

from server.detection.rules import (
    Conduct,
    Score,
    Thresholds,
    check_thresholds,
    in_code,
    is_raid,
    is_suspect,
    level_of,
    raid_in_code,
    weigh_person,
    weigh_suspect,
)
from wire.detection_events import Signal
from wire.errors import WireError

LIMITS = Thresholds()
DAY_S = 86_400.0


def test_thresholds_when_as_they_come_then_within_their_own_bounds() -> None:
    assert check_thresholds(LIMITS) is LIMITS
    assert all(one.metadata or one.type == "bool" for one in dataclasses.fields(LIMITS))


@pytest.mark.parametrize(
    ("field", "value"),
    [("raid_window_s", 1.0), ("raid_share", 1.5), ("mute_s", 0), ("hold_points", 5)],
)
def test_threshold_when_out_of_bounds_then_named(field: str, value: float) -> None:
    with pytest.raises(WireError) as caught:
        check_thresholds(dataclasses.replace(LIMITS, **{field: value}))  # type: ignore[arg-type]  # one number
    assert caught.value.field == field


def test_newcomer_when_young_and_eager_but_tied_to_nobody_then_no_suspect() -> None:
    eager = Conduct(account_age_s=60, is_new_here=True, tried=9, refused=5)
    assert weigh_suspect(eager, LIMITS) == ()


def test_newcomer_when_one_of_many_with_one_text_then_suspect_with_reasons() -> None:
    reasons = weigh_suspect(Conduct(account_age_s=60, is_new_here=True, text_people=4), LIMITS)
    assert is_suspect(reasons, LIMITS)
    assert [one.name for one in reasons] == ["young_account", "same_text", "came_just_now"]


def test_pupil_when_new_behind_the_schools_address_then_no_suspect() -> None:
    pupil = Conduct(account_age_s=300, is_new_here=True, tried=2, address_people=30)
    assert not is_suspect(weigh_suspect(pupil, LIMITS), LIMITS)


@pytest.mark.parametrize(
    ("suspects", "newcomers", "expected"),
    [(7, 7, False), (8, 8, True), (8, 14, False), (19, 60, False), (20, 300, True)],
)
def test_raid_when_counted_then_many_and_most_or_very_many(
    suspects: int, newcomers: int, *, expected: bool
) -> None:
    assert is_raid(suspects, newcomers, LIMITS) is expected


def test_score_when_time_passes_then_fades_and_a_reason_counts_once() -> None:
    score = Score()
    found = (Signal(name="repeats_itself", count=4, points=4),)
    score.note(found, 100.0, 60.0)
    score.note(found, 100.0, 60.0)
    assert score.points(100.0, 60.0) == pytest.approx(4)
    assert score.points(160.0, 60.0) == pytest.approx(2)
    assert score.reasons(160.0, 60.0) == found
    assert score.reasons(400.0, 60.0) == ()


def test_score_when_a_weaker_reason_comes_then_the_stronger_stays_until_it_has_faded() -> None:
    score = Score()
    score.note((Signal(name="reported", count=3, points=6),), 0.0, 60.0)
    score.note((Signal(name="reported", count=1, points=2),), 30.0, 60.0)
    assert score.reasons(30.0, 60.0)[0].count == 3
    score.note((Signal(name="reported", count=1, points=2),), 120.0, 60.0)
    assert score.reasons(120.0, 60.0)[0].count == 1


def test_level_when_an_outlier_or_an_address_is_all_there_is_then_calm() -> None:
    quiet = Conduct(account_age_s=60, is_new_here=True, has_banned_address=True, unusual=2)
    reasons = weigh_person(quiet, LIMITS)
    assert level_of(99.0, reasons, LIMITS) == "calm"


def test_level_when_the_device_is_of_somebody_banned_then_held_and_not_muted() -> None:
    reasons = weigh_person(Conduct(account_age_s=60, has_banned_device=True), LIMITS)
    assert level_of(sum(one.points for one in reasons), reasons, LIMITS) == "hold"


@pytest.mark.parametrize(
    ("points", "level"), [(4.9, "calm"), (5.0, "watch"), (9.0, "hold"), (13.0, "mute")]
)
def test_level_when_points_rise_then_follows(points: float, level: str) -> None:
    reasons = (Signal(name="reported", points=6),)
    assert level_of(points, reasons, LIMITS) == level


def test_reasons_when_told_then_each_stands_there_with_its_number() -> None:
    reasons = weigh_person(Conduct(account_age_s=180, tried=12, repeats=8, reports=2), LIMITS)
    assert in_code(reasons) == (
        "auto:score young_account=3 writes_fast=12 repeats_itself=8 reported=2"
    )
    assert in_code((Signal(name="banned_device"),), name="Ada 2") == (
        "auto:return banned_device=0 Ada 2"
    )


def test_raid_when_told_then_names_what_most_of_them_have_in_common() -> None:
    reasons = (Signal(name="same_text", count=9), Signal(name="refused", count=3))
    assert raid_in_code(10, reasons) == "auto:raid x10 same_text=9"


def test_regular_when_talking_a_lot_then_not_even_watched() -> None:
    regular = Conduct(account_age_s=90 * DAY_S, tried=8, repeats=3, refused=1)
    assert weigh_person(regular, LIMITS) == ()
