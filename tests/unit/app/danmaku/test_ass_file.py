from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.danmaku.ass_file import AssFont, escape_ass, write_ass, write_color, write_time
from app.danmaku.lanes import Mode
from app.danmaku.saying import Saying, clean_text, fly
from tests.unit.app.danmaku.sayings import SAYINGS, STAGE, measure

_LINE = re.compile(
    r"Dialogue: (?P<layer>\d),(?P<start>[\d:.]+),(?P<end>[\d:.]+),(?P<style>\w+),,0,0,0,,"
    r"\{(?P<tags>[^}]*)\}(?P<text>.*)"
)
_PLACE = re.compile(r"\\(move|pos)\(([^)]*)\)")


def write(sayings: list[Saying]) -> str:
    return write_ass(sayings, STAGE, measure, font=AssFont())


def read(document: str) -> list[re.Match[str]]:
    lines = [line for line in document.split("\r\n") if line.startswith("Dialogue")]
    found = [_LINE.fullmatch(line) for line in lines]
    assert all(found), lines
    return [one for one in found if one]


def seconds(time: str) -> float:
    hours, minutes, rest = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def test_ass_when_written_then_it_has_a_mark_and_line_ends_for_every_player() -> None:
    document = write([Saying(0, "hello")])
    assert document.startswith("\ufeff[Script Info]\r\n")
    assert document.count("\n") == document.count("\r\n")
    assert "PlayResX: 1280\r\nPlayResY: 720\r\n" in document


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n", "\u2028"])
def test_title_when_it_has_lines_or_no_text_then_stays_one_line_of_text(line_end: str) -> None:
    title = f"Late{line_end}[Events]{line_end}Dialogue: x\udcff"
    document = write_ass([], STAGE, measure, font=AssFont(), title=title)
    assert document == document.encode().decode()
    lines = document.split("\r\n")
    assert [line for line in lines if "Late" in line] == [
        f"Title: Late{' ' * len(line_end)}[Events]{' ' * len(line_end)}Dialogue: x"
    ]
    assert "\n" not in "".join(lines)


def test_scrolling_text_when_written_then_it_moves_over_the_whole_stage() -> None:
    (line,) = read(write([Saying(1000, "hello", color=0xFF8000)]))
    width = measure("hello", 24)
    assert line["tags"].startswith(f"\\move(1280.00,5.16,{-width:.2f},5.16)")
    assert "\\c&H0080FF&" in line["tags"]
    assert (line["start"], line["end"]) == ("0:00:01.00", "0:00:09.00")


def test_other_modes_when_written_then_they_stand_or_go_the_other_way() -> None:
    document = write(
        [
            Saying(0, "top", Mode.TOP),
            Saying(0, "bottom", Mode.BOTTOM),
            Saying(0, "left", Mode.SCROLL_LTR),
        ]
    )
    top, bottom, left = (line["tags"] for line in read(document))
    assert top.startswith("\\pos(")
    assert bottom.startswith("\\pos(")
    assert left.startswith(f"\\move({-measure('left', 24):.2f},")


def test_equal_texts_when_no_lane_is_free_then_the_count_is_shown_from_its_moment_on() -> None:
    stage_full = [Saying(0, f"different {number:03} {'x' * 40}") for number in range(18)]
    again = [Saying(100 * number, stage_full[0].text) for number in (1, 2)]
    counts = [line for line in read(write([*stage_full, *again])) if line["style"] == "Count"]
    assert [line["text"] for line in counts] == ["×2", "×3"]
    assert [line["start"] for line in counts] == ["0:00:00.10", "0:00:00.20"]
    assert counts[0]["end"] == counts[1]["start"]


@pytest.mark.parametrize(
    "text", ["{\\pos(0,0)}", "\\N", "a\\h", "}{", "{\\p1}m 0 0", "a,b,c", "\\", "{"]
)
def test_text_when_it_looks_like_a_command_then_it_is_shown(text: str) -> None:
    escaped = escape_ass(text)
    assert escaped.replace("\\\u2060", "\\").replace("\\{", "{").replace("\\}", "}") == text
    assert not re.search(r"(?<!\\)[{}]", escaped.replace("\\\u2060", ""))
    assert not re.search(r"\\[Nnh]", escaped)


@settings(max_examples=60, deadline=None)
@given(st.lists(SAYINGS, max_size=40))
def test_ass_when_read_then_every_flight_is_where_the_stage_has_it(sayings: list[Saying]) -> None:
    flights = [
        one
        for one in fly(sayings, STAGE, measure)
        if write_time(one.from_ms) != write_time(one.to_ms)
    ]
    lines = [line for line in read(write(sayings)) if line["style"] == "Danmaku"]
    assert len(lines) == len(flights)
    for line, one in zip(lines, flights, strict=True):
        assert line["text"] == escape_ass(one.flight.text.text)
        place = _PLACE.search(line["tags"])
        assert place is not None
        numbers = [float(number) for number in place[2].split(",")]
        start_s, end_s = seconds(line["start"]), seconds(line["end"])
        middle_ms = (start_s + end_s) / 2 * 1000
        x = numbers[0] if place[1] == "pos" else (numbers[0] + numbers[2]) / 2
        assert x == pytest.approx(one.flight.x(STAGE, middle_ms), abs=0.02)
        assert one.flight.lane == int(numbers[1] / STAGE.line_height)


@settings(max_examples=60, deadline=None)
@given(st.lists(SAYINGS, max_size=40))
def test_flights_when_all_have_flown_then_each_text_is_among_them_or_counted(
    sayings: list[Saying],
) -> None:
    flights = fly(sayings, STAGE, measure)
    last = {one.flight.serial: one.flight.count for one in flights}
    assert sum(last.values()) <= len(sayings)
    if len(sayings) <= 2:
        assert sum(last.values()) == len(sayings)


def test_time_and_color_when_written_then_they_are_as_ass_has_them() -> None:
    assert write_time(3_723_456) == "1:02:03.46"
    assert write_time(59_999) == "0:01:00.00"
    assert write_color(0x123456) == "&H563412&"


def test_clean_text_when_nothing_is_left_then_it_is_empty() -> None:
    assert clean_text("\x00\ud800\n") == ""
