from __future__ import annotations

import pytest

from server.chat.rules import check_danmaku
from wire.errors import ErrorCode, WireError


def test_check_when_ordinary_then_as_written() -> None:
    assert check_danmaku("  前方高能 <b>!</b> ") == "前方高能 <b>!</b>"


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b", "\u3164", "x" * 201, "a\nb", "\ud800"])
def test_check_when_empty_long_or_broken_then_refused(text: str) -> None:
    with pytest.raises(WireError) as caught:
        check_danmaku(text)
    assert (caught.value.code, caught.value.field) == (ErrorCode.INVALID_VALUE, "text")


def test_check_when_as_long_as_allowed_then_kept() -> None:
    assert check_danmaku("弹" * 200) == "弹" * 200


def test_check_when_marks_pile_up_then_three_are_left() -> None:
    assert check_danmaku("x" + "\u0336" * 100) == "x" + "\u0336" * 3
