"""Whatever the relay or this computer says, the window has words for it, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from app.errors import (
    BadInput,
    CertificateMismatch,
    LivehouseError,
    MediaFailed,
    RelayRefused,
    RelayUnreachable,
)
from app.ui.errors_in_words import explain, explain_code, explain_failure, explain_hosting
from app.ui.language import Languages
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

RAW = "raw words 123"
ERRORS = (
    BadInput(RAW),
    CertificateMismatch(RAW),
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


def test_code_when_it_may_be_tried_again_then_says_when() -> None:
    assert explain_code(ErrorCode.BUSY, RAW, 2400).endswith("Try again in 2 s.")


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_error_when_this_computer_raises_it_then_has_a_sentence_in_both_languages(
    languages: Languages, error: LivehouseError
) -> None:
    english = explain(error), explain_hosting(error)
    assert RAW not in english
    languages.apply("zh_CN")
    chinese = explain(error), explain_hosting(error)
    assert all(one != other for one, other in zip(english, chinese, strict=True))
