from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.text import (
    MARKS_PER_BASE_MAX,
    check_line,
    check_paragraphs,
    clean_line,
    fold,
    is_storable,
    skeleton,
)
from wire.errors import ErrorCode, WireError

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
HEART_ON_FIRE = "\u2764\ufe0f\u200d\U0001f525"


@pytest.mark.parametrize(
    "bad",
    [
        "a\x00b",
        "a\x1b[31m",
        "a\nb",
        "a\u2028b",
        "a\u202eb",
        "a\u2066b",
        "a\u200bb",
        "a\u200db",
        "\u200d\U0001f525",
        "a\ufeff",
        "a\u3164b",
        "a\ud800",
        "a" + "\u0336" * 4,
        "\u00e1" + "\u0301" * 3,
        "x" * 41,
    ],
)
def test_check_line_when_something_hides_or_turns_then_refused(bad: str) -> None:
    with pytest.raises(WireError) as caught:
        check_line(bad, characters_max=40, field="title")
    assert (caught.value.code, caught.value.field) == (ErrorCode.INVALID_VALUE, "title")


@pytest.mark.parametrize(
    "good",
    [
        "Hello",
        "你好，世界",
        "שָׁלוֹם",
        "หนี้สิน",
        "tiếng Việt",
        "क्षत्रिय",
        FAMILY,
        HEART_ON_FIRE,
        "a" + "\u0323" * 3,
    ],
)
def test_check_line_when_people_write_so_then_kept(good: str) -> None:
    assert check_line(good, characters_max=40, field="x") == unicodedata.normalize("NFC", good)


def test_check_paragraphs_when_lines_are_broken_then_kept() -> None:
    assert check_paragraphs(" a\r\nb\n", characters_max=10, field="x") == "a\nb"


def test_clean_line_when_something_hides_then_it_is_left_out() -> None:
    text = f"  a\u200b\u202eb\ufeff {FAMILY} c\u0301\u0301\u0301\u0301\u0301 \u3164 "
    cleaned = clean_line(text, characters_max=100, field="text")
    assert cleaned == unicodedata.normalize("NFC", f"ab {FAMILY} c\u0301\u0301\u0301")


def test_clean_line_when_marks_are_a_megabyte_then_refused_at_once() -> None:
    text = "a" + "\u0301\u0323" * 500_000
    started = time.perf_counter()
    with pytest.raises(WireError):
        clean_line(text, characters_max=200, field="text")
    assert time.perf_counter() - started < 0.5


@given(st.text(max_size=60))
def test_clean_line_when_given_anything_then_safe_or_refused(text: str) -> None:
    try:
        line = clean_line(text, characters_max=60, field="text")
    except WireError:
        return
    assert is_storable(line)
    assert line == line.strip()
    decomposed = unicodedata.normalize("NFD", line)
    marks = 0
    for character in decomposed:
        category = unicodedata.category(character)
        assert category not in {"Cc", "Cs", "Zl", "Zp"}
        marks = marks + 1 if category[0] == "M" else 0
        assert marks <= MARKS_PER_BASE_MAX


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "ADA"), ("\uff21\uff44\uff41", "ada"), ("stra\u00dfe", "STRASSE"), ("a  b", " A B ")],
)
def test_fold_when_only_the_form_differs_then_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paul", "pauI"),
        ("paul", "pau1"),
        ("paul", "pau|"),
        ("admin", "\u0430dmin"),
        ("OMEGA", "\u039f\u039cEGA"),
        ("bob", "b0b"),
        ("a_b", "ab"),
        ("Scott", "$cott"),
    ],
)
def test_skeleton_when_names_look_alike_then_equal(one: str, other: str) -> None:
    assert skeleton(one).casefold() == skeleton(other).casefold()


@pytest.mark.parametrize(
    ("one", "other"), [("bili", "bill"), ("li", "il"), ("Ann", "Anna"), ("张伟", "张玮")]
)
def test_skeleton_when_names_differ_then_not_equal(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)
    assert fold(one) != fold(other)


@given(st.text(max_size=40))
def test_fold_when_done_twice_then_the_same(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("bad", ["\ud800", "x\udc00y", "a\0"])
def test_is_storable_when_a_database_would_choke_then_false(bad: str) -> None:
    assert not is_storable(bad)
