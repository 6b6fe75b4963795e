from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.moderation import floods
from server.moderation.floods import WINDOW_S, Floods, Repeated, print_of

SPAM = "come and watch my stream tonight, there are prizes 123"


def test_count_when_nearly_the_same_then_counted_by_sender_and_by_all() -> None:
    counts = Floods()
    texts = [SPAM, SPAM.upper(), SPAM + "!!!", SPAM.replace("123", "98765")]
    for number, text in enumerate(texts):
        counts.count("room", f"sender {number % 2}", print_of(text), float(number))
    assert counts.count("room", "sender 0", print_of(SPAM), 5.0) == Repeated(3, 2)


def test_count_when_another_room_or_too_long_ago_then_not_counted() -> None:
    counts = Floods()
    counts.count("room", "ada", print_of(SPAM), 0.0)
    assert counts.count("other", "ada", print_of(SPAM), 1.0) == Repeated(1, 1)
    assert counts.count("room", "ada", print_of(SPAM), WINDOW_S + 1) == Repeated(1, 1)


def test_count_when_something_else_is_said_then_not_counted() -> None:
    counts = Floods()
    counts.count("room", "ada", print_of(SPAM), 0.0)
    other = "what a goal that was in the last minute of the game"
    assert counts.count("room", "ada", print_of(other), 1.0) == Repeated(1, 1)


def test_count_when_short_then_only_the_same_counts() -> None:
    counts = Floods()
    counts.count("room", "ada", print_of("gg wp"), 0.0)
    assert counts.count("room", "ada", print_of("gg wl"), 1.0).by_sender == 1
    assert counts.count("room", "ada", print_of("GG, WP!"), 2.0).by_sender == 2


def test_count_when_many_rooms_then_the_oldest_are_forgotten() -> None:
    counts = Floods()
    for number in range(floods.ROOMS_MAX + 1):
        counts.count(number, "ada", print_of(SPAM), 0.0)
    assert counts.count(0, "ada", print_of(SPAM), 1.0).by_sender == 1
    assert counts.count(floods.ROOMS_MAX, "ada", print_of(SPAM), 1.0).by_sender == 2


@given(st.text(max_size=200))
def test_print_of_when_any_text_then_64_bits_that_repeat(text: str) -> None:
    assert 0 <= print_of(text).bits < 2**64
    assert print_of(text) == print_of(text)
