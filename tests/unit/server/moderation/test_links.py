from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.moderation.links import find_link

ALLOWED = ("livehouse.example", "bilibili.com")


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("see example.com", "example.com"),
        ("HTTPS://Example.ORG/path?x", "example.org"),
        ("example。com", "example.com"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("example 点 com", "example.com"),
        ("example[.]com", "example.com"),
        ("example (dot) net", "example.net"),
        ("e x a m p l e . c o m", "example.com"),
        ("𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦", "example.com"),
        ("t.me/somebody", "t.me"),
        ("win88.top", "win88.top"),
        ("http://192.0.2.7/x", "192.0.2.7"),
        ("notbilibili.com", "notbilibili.com"),
        ("bilibili.com and then example.com", "example.com"),
    ],
)
def test_find_link_when_written_in_any_way_then_found(text: str, domain: str) -> None:
    link = find_link(text, ALLOWED)
    assert link is not None
    assert link.domain == domain


@pytest.mark.parametrize(
    "text",
    [
        *("bilibili.com", "https://m.bilibili.com/video/1", "live.bilibili.com"),
        *("no.", "hello.is it", "ok.me too", "3.14", "v1.2.3", "Node.js", "Mr.Smith", "e.g. this"),
        *("到点了。com 是什么", "polka dot dress", "现在几点", "well done...so good"),
    ],
)
def test_find_link_when_allowed_or_none_then_none(text: str) -> None:
    assert find_link(text, ALLOWED) is None


@given(st.text(max_size=300))
def test_find_link_when_any_text_then_answers(text: str) -> None:
    link = find_link(text, ALLOWED)
    assert link is None or "." in link.domain
