from __future__ import annotations

import pytest

from app.net.reconnect import (
    DELAY_S_MAX,
    FINAL_CODES,
    ReconnectPolicy,
    find_error_code,
    is_final,
)
from wire.errors import CLOSE_CODES, ErrorCode


def test_delays_when_failures_follow_each_other_then_they_grow_to_the_cap() -> None:
    policy = ReconnectPolicy(random=lambda: 0.5)
    delays = [policy.next_delay_s() for _ in range(12)]
    assert delays[:4] == pytest.approx([1.0, 1.5, 2.25, 3.375])
    assert delays == sorted(delays)
    assert delays[-1] == DELAY_S_MAX


@pytest.mark.parametrize(("chance", "delay_s"), [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2)])
def test_first_delay_when_chance_differs_then_it_is_spread(chance: float, delay_s: float) -> None:
    assert ReconnectPolicy(random=lambda: chance).next_delay_s() == pytest.approx(delay_s)


def test_delay_when_jitter_is_high_then_the_cap_holds() -> None:
    policy = ReconnectPolicy(random=lambda: 1.0)
    assert max(policy.next_delay_s() for _ in range(20)) == DELAY_S_MAX


def test_delay_when_the_link_stood_between_then_it_starts_again() -> None:
    policy = ReconnectPolicy(random=lambda: 0.5)
    for _ in range(5):
        policy.next_delay_s()
    policy.succeeded()
    assert policy.next_delay_s() == pytest.approx(1.0)
    assert policy.attempts == 1


def test_delay_when_the_relay_names_one_then_it_is_not_undercut() -> None:
    policy = ReconnectPolicy(random=lambda: 0.5)
    assert policy.next_delay_s(retry_after_ms=8000) == pytest.approx(8.0)
    assert policy.next_delay_s(retry_after_ms=100) == pytest.approx(1.5)


@pytest.mark.parametrize(
    "code", [ErrorCode.BAD_CREDENTIALS, ErrorCode.NOT_FOUND, ErrorCode.REPLACED]
)
def test_code_when_asking_again_cannot_help_then_it_is_final(code: ErrorCode) -> None:
    assert is_final(code)


@pytest.mark.parametrize(
    "code",
    [
        ErrorCode.BUSY,
        ErrorCode.TIMED_OUT,
        ErrorCode.INTERNAL,
        ErrorCode.SHUTTING_DOWN,
        ErrorCode.VIEWER_TOO_SLOW,
        ErrorCode.RATE_LIMITED,
    ],
)
def test_code_when_it_may_pass_then_it_is_tried_again(code: ErrorCode) -> None:
    assert not is_final(code)


def test_close_code_when_it_stands_for_a_final_error_then_it_stays_final() -> None:
    for code in FINAL_CODES - {ErrorCode.ROOM_CLOSED}:  # shares 4410 with "ended", tried again
        found = find_error_code(CLOSE_CODES[code])
        assert found is not None
        assert is_final(found), code


@pytest.mark.parametrize("close_code", [None, 1000, 1001, 1006, 1011, 4999])
def test_close_code_when_it_is_not_the_relays_then_there_is_no_error(
    close_code: int | None,
) -> None:
    assert find_error_code(close_code) is None
