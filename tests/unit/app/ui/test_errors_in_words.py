"""Whatever the relay or this computer says, the window has words for it, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from app.errors import (
    BadInput,
    CertificateMismatch,
    HouseUnusable,
    LivehouseError,
    MediaFailed,
    RelayRefused,
    RelayUnreachable,
)
from app.ui.errors_in_words import (
    _sentences_of_things,
    explain,
    explain_code,
    explain_failure,
    explain_hosting,
)
from app.ui.language import Languages
from tests.conftest import REPOSITORY
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

RAW = "raw words 123"
ERRORS = (
    BadInput(RAW),
    CertificateMismatch(RAW),
    HouseUnusable(RAW, is_newer=True),
    HouseUnusable(RAW, is_newer=False),
    LivehouseError(RAW),
    MediaFailed(RAW),
    RelayUnreachable(RAW),
)


@pytest.fixture
def languages(qapp: QApplication) -> Iterator[Languages]:
    made = Languages(qapp)
    made.apply("en")
    yield made
    made.apply("en")


@pytest.mark.parametrize("code", ErrorCode)
def test_code_when_the_relay_sends_it_then_has_a_sentence_in_both_languages(
    languages: Languages, code: ErrorCode
) -> None:
    english = explain_code(code, RAW)
    assert english != RAW
    assert english[0].isupper()
    assert english.replace(RAW, "").rstrip()[-1] in ".?:"
    assert explain(RelayRefused(code, RAW)) == english
    assert explain(WireError(code, RAW)) == english
    assert explain_failure(code, RAW) == english
    languages.apply("zh_CN")
    assert explain_code(code, RAW) != english


@pytest.mark.parametrize("code", [ErrorCode.NOT_FOUND, ErrorCode.FULL])
def test_things_when_missing_or_full_then_each_has_a_sentence_of_its_own(
    languages: Languages, code: ErrorCode
) -> None:
    fields = [field for known, field in _sentences_of_things() if known is code]
    english = [explain(RelayRefused(code, RAW, field=field)) for field in fields]
    assert len(set(english)) == len(fields) > 5
    assert explain(RelayRefused(code, RAW)) not in english
    assert "room" not in explain(RelayRefused(ErrorCode.NOT_FOUND, RAW, field="gift_id"))
    assert "invitations" in explain(RelayRefused(ErrorCode.FULL, RAW, field="invites"))
    languages.apply("zh_CN")
    chinese = [explain(RelayRefused(code, RAW, field=field)) for field in fields]
    assert not set(chinese) & set(english)


def test_missing_things_when_the_relay_names_them_then_the_window_knows_the_name() -> None:
    """What the relay says is missing or full has its sentence here."""
    source = "".join(path.read_text("utf-8") for path in (REPOSITORY / "server").rglob("*.py"))
    pattern = r"ErrorCode\.(NOT_FOUND|FULL),[^()]*?field=\"(\w+)\""
    named = {(ErrorCode[code], field) for code, field in re.findall(pattern, source)}
    assert len(named) > 8
    assert named <= set(_sentences_of_things())


@pytest.mark.parametrize(
    ("wait_ms", "words"),
    [
        (10, "1 s"),
        (2_400, "2 s"),
        (600_000, "10 min"),
        (3_600_000 - 1, "60 min"),
        (86_400_000, "24 h"),
        (7 * 86_400_000 - 1, "7 days"),
    ],
)
def test_code_when_it_may_be_tried_again_then_says_when(wait_ms: int, words: str) -> None:
    assert explain_code(ErrorCode.BUSY, RAW, wait_ms).endswith(f"Try again in {words}.")


def test_code_when_put_out_with_a_reason_then_the_reason_is_told() -> None:
    told = explain_code(ErrorCode.BANNED, "you are banned here: spam: and worse", None)
    assert told == "You are banned here. Reason: spam: and worse"
    assert explain_code(ErrorCode.MUTED, "you may not write here", 3_000) == (
        "You may not write here for now. Try again in 3 s."
    )


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_error_when_this_computer_raises_it_then_has_a_sentence_in_both_languages(
    languages: Languages, error: LivehouseError
) -> None:
    english = explain(error), explain_hosting(error)
    assert RAW not in english
    languages.apply("zh_CN")
    chinese = explain(error), explain_hosting(error)
    assert all(one != other for one, other in zip(english, chinese, strict=True))
