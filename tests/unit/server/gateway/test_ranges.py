from __future__ import annotations

import pytest

from server.gateway.ranges import NotSatisfiable, Span, find_span


@pytest.mark.parametrize(
    ("wanted", "span"),
    [
        ("bytes=0-9", Span(0, 9)),
        ("bytes=90-", Span(90, 99)),
        ("bytes=90-1000", Span(90, 99)),
        ("bytes=-7", Span(93, 99)),
        ("bytes=-1000", Span(0, 99)),
        (" bytes=99-99 ", Span(99, 99)),
        (None, None),
        ("", None),
        ("bytes=-", None),
        ("bytes=1-2,5-6", None),
        ("items=1-2", None),
        ("bytes=a-b", None),
        ("bytes=" + "9" * 100 + "-", None),
    ],
)
def test_find_span_when_of_a_hundred_bytes_then_as_the_standard_says(
    wanted: str | None, span: Span | None
) -> None:
    assert find_span(wanted, 100) == span


@pytest.mark.parametrize("wanted", ["bytes=100-", "bytes=5-4", "bytes=-0"])
def test_find_span_when_nothing_lies_there_then_not_satisfiable(wanted: str) -> None:
    with pytest.raises(NotSatisfiable):
        find_span(wanted, 100)


def test_find_span_when_the_file_is_empty_then_nothing_can_be_had() -> None:
    with pytest.raises(NotSatisfiable):
        find_span("bytes=0-", 0)
    assert find_span(None, 0) is None
