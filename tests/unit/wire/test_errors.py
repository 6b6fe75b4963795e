"""Errors of the wire: codes, their close codes, and what the exceptions carry."""

import pytest

from wire.errors import (
    CLOSE_CODES,
    CloseCode,
    ErrorCode,
    MalformedMessage,
    PacketError,
    WireError,
)


@pytest.mark.parametrize("code", ErrorCode)
def test_error_when_it_ends_a_socket_then_has_a_close_code_for_applications(
    code: ErrorCode,
) -> None:
    close_code = WireError(code, "words").close_code
    assert close_code == CLOSE_CODES[code]
    assert 4000 <= close_code <= 4999


@pytest.mark.parametrize("code", ErrorCode)
def test_error_code_when_written_then_is_lower_case_words(code: ErrorCode) -> None:
    assert code.value == code.name.lower()


@pytest.mark.parametrize("close_code", [one for one in CloseCode if one >= 4000])
def test_close_code_when_defined_then_some_error_leads_to_it(close_code: CloseCode) -> None:
    assert close_code in CLOSE_CODES.values()


def test_exceptions_when_raised_then_carry_code_and_words() -> None:
    refused = WireError(ErrorCode.RATE_LIMITED, "slower", field="text", retry_after_ms=800)
    assert (str(refused), refused.field, refused.retry_after_ms) == ("slower", "text", 800)
    assert MalformedMessage("broken").code is ErrorCode.MALFORMED
    assert MalformedMessage("what?", ErrorCode.UNKNOWN_TYPE).code is ErrorCode.UNKNOWN_TYPE
    assert PacketError("short").code is ErrorCode.BAD_PACKET
