from app.media.encode.keyframe_schedule import KeyframeSchedule


def keyframes(schedule: KeyframeSchedule, first: int, last: int) -> list[int]:
    return [n for n in range(first, last) if schedule.is_due(round(n * 1_000_000 / 30))]


def test_schedule_when_nobody_asks_then_every_two_seconds() -> None:
    assert keyframes(KeyframeSchedule(), 0, 200) == [0, 60, 120, 180]


def test_schedule_when_somebody_asks_then_at_once_and_two_seconds_from_there() -> None:
    schedule = KeyframeSchedule()
    keyframes(schedule, 0, 30)
    schedule.request()
    assert keyframes(schedule, 30, 100) == [30, 90]


def test_schedule_when_a_crowd_asks_then_not_every_picture_is_one() -> None:
    schedule = KeyframeSchedule()
    found = []
    for number in range(60):
        schedule.request()
        found += keyframes(schedule, number, number + 1)
    assert len(found) <= 8


def test_schedule_when_time_goes_back_then_begins_anew() -> None:
    schedule = KeyframeSchedule()
    assert schedule.is_due(10_000_000)
    assert schedule.is_due(0)
