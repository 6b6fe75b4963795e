"""Newcomers of one room, and what ties them."""

import random

import pytest

from server.detection.raids import LINES_MAX, Newcomer, RaidFound, RaidWindow
from server.detection.rules import Thresholds
from wire.ids import UserId

LIMITS = Thresholds()
CHAT = (
    "who is winning so far",
    "nice colours on that track",
    "came here from the link, hello",
    "is this live or a replay?",
    "the sound is a bit low for me",
    "which car is yours",
    "I never saw this game before",
    "greetings from Porto",
)


def person(number: int, *, age_s: float = 60, device: str = "", address: str = "") -> Newcomer:
    devices = frozenset({device}) if device else frozenset[str]()
    return Newcomer(UserId(f"u{number}"), age_s, devices, address or f"a{number}")


def test_raid_when_all_say_nearly_the_same_then_found_with_the_eighth() -> None:
    window = RaidWindow()
    found = [
        window.add(person(n), f"leave this fraud and see room {n}", n * 0.1, LIMITS)
        for n in range(8)
    ]
    assert found[:7] == [None] * 7
    raid = found[7]
    assert raid is not None
    assert len(raid.suspects) == raid.newcomers == 8
    assert (raid.began_s, raid.found_s) == pytest.approx((0.0, 0.7))
    assert raid.reasons()[0].count == 8


def test_raid_when_accounts_were_made_long_ago_then_found_by_text_and_pace() -> None:
    window = RaidWindow()
    found = None
    for turn in range(3):
        for n in range(10):
            old = person(n, age_s=1e6)
            found = found or window.add(old, "everybody leave now please", turn, LIMITS)
    assert found is not None


def test_raid_when_from_one_device_then_found_whatever_is_said() -> None:
    window = RaidWindow()
    found = [window.add(person(n, device="d"), CHAT[n], n * 0.1, LIMITS) for n in range(len(CHAT))]
    assert found[-1] is not None


def test_busy_evening_when_hundreds_come_from_a_link_then_no_raid() -> None:
    chance, words = random.Random(4), " ".join(CHAT).split()
    window = RaidWindow()
    for second in range(120):
        for _ in range(30):
            n = chance.randrange(300)
            text = " ".join(chance.choices(words, k=5))
            assert window.add(person(n), text, second + chance.random(), LIMITS) is None


def test_room_when_its_regulars_shout_the_same_then_newcomers_join_in() -> None:
    window = RaidWindow()
    for n in range(6):
        window.note_regular(UserId(f"r{n}"), "goal for the home team", 1.0)
    for n in range(12):
        assert window.add(person(n), "goal for the home team", 1.5, LIMITS) is None


def test_sleeper_when_alone_in_saying_it_then_does_not_hide_the_raid() -> None:
    window = RaidWindow()
    window.note_regular(UserId("r1"), "everybody leave now please", 0.0)
    found = [window.add(person(n), "everybody leave now please", 0.5, LIMITS) for n in range(8)]
    assert found[-1] is not None


def test_short_cheer_when_all_newcomers_cheer_then_no_raid() -> None:
    window = RaidWindow()
    assert [window.add(person(n), "666", 0.1, LIMITS) for n in range(18)] == [None] * 18


def test_greeting_when_heard_from_newcomers_all_evening_then_ties_nobody() -> None:
    window = RaidWindow()
    for n in range(6):
        assert window.add(person(n), "hello everyone", n * 4.0, LIMITS) is None
    for n in range(10, 40):
        assert window.add(person(n), "hello everyone", 60.0, LIMITS) is None


def test_window_when_time_passes_then_forgets_and_keeps_its_bound() -> None:
    window = RaidWindow()
    for n in range(7):
        window.add(person(n, device="d"), CHAT[n], 0.0, LIMITS)
    assert window.add(person(8, device="d"), "late", LIMITS.raid_window_s + 1, LIMITS) is None
    for n in range(LINES_MAX * 2):
        window.add(person(n % 900 + 10), f"{n} {n * 7919}", 20.0, LIMITS)
    assert len(window._lines) == LINES_MAX
    window.clear()
    assert not any((window._people, window._addresses, window._devices, window._suspects))


def test_refused_messages_when_many_and_from_one_address_then_count_too() -> None:
    window = RaidWindow()
    found: RaidFound | None = None
    for _ in range(3):
        for n in range(16):
            found = found or window.add(person(n, address="a"), None, 1.0, LIMITS)
    assert found is not None
