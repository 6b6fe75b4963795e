"""Against guessing passwords: who may try now.

Three windows of failures: an account from an address, an address whatever the account, and a
device that the account has been used on before. Someone on such a device is judged by the last
alone, so that guessers cannot lock the owner out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from server.ids import digest
from server.rates import FailureWindows, rate_limited

ACCOUNT_FAILURES_MAX: Final = 5
ACCOUNT_WINDOW_S: Final = 15 * 60.0
ADDRESS_FAILURES_MAX: Final = 20
ADDRESS_WINDOW_S: Final = 3600.0


class Attempt:
    """One try, counted as a failure until it is said to be none."""

    def __init__(self, windows: list[tuple[FailureWindows[str], str]]) -> None:
        self._windows = windows

    def forgive(self) -> None:
        """The password was not even looked at."""
        for window, key in self._windows:
            window.forgive(key)

    def succeed(self) -> None:
        """The password was right: the failures of this account here are forgotten."""
        self.forgive()
        window, key = self._windows[0]
        window.clear(key)


class LoginGuard:
    """Counts on the monotonic clock, in memory: a restart forgives."""

    def __init__(self, mono_s: Callable[[], float]) -> None:
        self._mono_s = mono_s
        self._accounts: FailureWindows[str] = FailureWindows(ACCOUNT_FAILURES_MAX, ACCOUNT_WINDOW_S)
        self._addresses: FailureWindows[str] = FailureWindows(
            ADDRESS_FAILURES_MAX, ADDRESS_WINDOW_S
        )
        self._devices: FailureWindows[str] = FailureWindows(ACCOUNT_FAILURES_MAX, ACCOUNT_WINDOW_S)

    def begin(self, *, name: str, address: str, device: str | None) -> Attempt:
        """Count an attempt. Raises WireError(RATE_LIMITED) when there were too many failures.

        `name` is folded and may belong to nobody; `device` is given where the account knows it.
        """
        now = self._mono_s()
        if device is not None:
            windows = [(self._devices, device)]
        else:
            # Nobody's name need be in memory for this.
            windows = [(self._accounts, digest(f"{address} {name}")), (self._addresses, address)]
        wait_s = max(window.wait_s(key, now) for window, key in windows)
        if wait_s:
            raise rate_limited(wait_s, "too many failed logins; wait, or use a known device")
        for window, key in windows:
            window.begin(key, now)
        return Attempt(windows)
