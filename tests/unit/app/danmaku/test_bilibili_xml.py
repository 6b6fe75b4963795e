from __future__ import annotations

import contextlib
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.danmaku.bilibili_xml import (
    BYTES_MAX,
    DanmakuFileRefused,
    hash_author,
    parse_xml,
    write_xml,
)
from app.danmaku.lanes import Mode
from app.danmaku.saying import CHARACTERS_MAX, Saying, clean_text
from tests.unit.app.danmaku.sayings import SAYINGS

SALT = b"salt"


def a_file(*lines: str) -> bytes:
    return ("<i>" + "".join(lines) + "</i>").encode()


@settings(max_examples=200)
@given(st.lists(SAYINGS, max_size=30))
def test_xml_when_written_and_read_again_then_all_is_there(sayings: list[Saying]) -> None:
    read = parse_xml(write_xml(sayings, salt=SALT).encode())
    assert read.skipped == 0
    expected = sorted(sayings, key=lambda one: one.at_ms)
    assert len(read.sayings) == len(expected)
    for got, given_one in zip(read.sayings, expected, strict=True):
        assert got.at_ms == given_one.at_ms
        assert got.text == clean_text(given_one.text)
        assert got.mode is given_one.mode
        assert got.color == given_one.color
        assert got.scale == pytest.approx(given_one.scale)
        assert got.said_at_unix_s == given_one.said_at_unix_s
        assert got.author == hash_author(given_one.author, SALT)


@given(st.lists(SAYINGS, max_size=10))
def test_xml_when_read_by_another_parser_then_it_has_as_many_lines(sayings: list[Saying]) -> None:
    root = ET.fromstring(write_xml(sayings, salt=SALT))  # noqa: S314 # our own document
    assert [len(line.get("p", "").split(",")) for line in root.findall("d")] == [8] * len(sayings)


def test_xml_when_written_then_a_line_is_as_bilibili_has_it() -> None:
    saying = Saying(1500, "a < b & c", Mode.TOP, 0xFF0000, 36 / 25, 1_700_000_000, author="u-1")
    line = write_xml([saying], salt=SALT).splitlines()[2]
    author = hash_author("u-1", SALT)
    assert line == f'<d p="1.500,5,36,16711680,1700000000,0,{author},1">a &lt; b &amp; c</d>'


def test_author_when_hashed_then_it_depends_on_the_salt_and_is_not_there() -> None:
    file = write_xml([Saying(0, "hello", author="u-alice", name="Alice")], salt=SALT)
    assert "alice" not in file.lower()
    assert hash_author("u-alice", b"one") != hash_author("u-alice", b"another")
    assert hash_author("u-alice", b"one") == hash_author("u-alice", b"one")


@pytest.mark.parametrize("mode", [7, 8, 9, 0, -1])
def test_modes_when_they_are_no_plain_texts_then_they_are_left_out(mode: int) -> None:
    read = parse_xml(
        a_file(f'<d p="1,{mode},25,1">Player.seek(0)</d>', '<d p="2,1,25,1">plain</d>')
    )
    assert [saying.text for saying in read.sayings] == ["plain"]
    assert read.skipped == 1


@pytest.mark.parametrize(
    "document",
    [
        b'<!DOCTYPE i [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><i><d p="1,1,25,1">&b;</d></i>',
        b'<!DOCTYPE i SYSTEM "http://example.org/x.dtd"><i></i>',
        b'<!DOCTYPE i [<!ENTITY x SYSTEM "file:///etc/passwd">]><i><d p="1,1,25,1">&x;</d></i>',
        b"<!DOCTYPE i><i></i>",
        b"<i>&undeclared;</i>",
        b"<i><d p='1,1,25,1'>open",
        b"<html><body/></html>",
        b"",
        b"[Script Info]",
        b'<?xml version="1.0" encoding="UTF-16"?><i><d p="1,1,25,1">\xff\xfe</d></i>',
        b"<i>" + b"<x>" * 100 + b"</x>" * 100 + b"</i>",
    ],
)
def test_file_when_it_is_hostile_or_no_danmaku_then_it_is_refused(document: bytes) -> None:
    with pytest.raises(DanmakuFileRefused):
        parse_xml(document)


def test_file_when_it_is_too_large_then_it_is_refused() -> None:
    with pytest.raises(DanmakuFileRefused, match="MB"):
        parse_xml(b" " * (BYTES_MAX + 1))


def test_lines_when_broken_then_they_are_counted_and_the_others_read() -> None:
    read = parse_xml(
        a_file(
            '<d p="x,1,25,1">no time</d>',
            '<d p="nan,1,25,1">no number</d>',
            '<d p="-1,1,25,1">before</d>',
            '<d p="1e300,1,25,1">never</d>',
            "<d>nothing</d>",
            '<d p="1,1">too few</d>',
            '<d p="1,1,25,1">  </d>',
            '<d p="3,1,99999,99999999999,x,0,,">good</d>',
            '<other><d p="2,4,25,255">within</d></other>',
        )
    )
    assert [saying.text for saying in read.sayings] == ["within", "good"]
    assert read.skipped == 7
    assert read.sayings[1].scale <= 2.0
    assert 0 <= read.sayings[1].color <= 0xFFFFFF


def test_text_when_long_or_with_controls_then_it_is_one_bounded_line() -> None:
    read = parse_xml(a_file(f'<d p="1,1,25,1">a\x01b\nc{"x" * 5000}</d>'))
    assert read.sayings[0].text.startswith("ab c")
    assert len(read.sayings[0].text) == CHARACTERS_MAX


@given(st.binary(max_size=200))
def test_bytes_when_arbitrary_then_read_or_refused(document: bytes) -> None:
    with contextlib.suppress(DanmakuFileRefused):
        assert parse_xml(document).skipped >= 0
