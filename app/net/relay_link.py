"""A link that stays: one session after another until it ends by itself or by a final refusal.

    connecting --session stands--> connected --lost--> waiting --delay, probe or "now"--> connecting

Before the first success an unreachable relay is tried for `FIRST_PATIENCE_S` and then given up:
the address is probably wrong. Once it was connected, it is tried for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Literal

from app.errors import CertificateMismatch, LivehouseError, RelayRefused, RelayUnreachable
from app.net.reconnect import PROBE_INTERVAL_S, ReconnectPolicy, is_final

if TYPE_CHECKING:
    from app.net.address import RelayAddress

FIRST_PATIENCE_S: Final = 5.0
_FIRST_RETRY_S: Final = 0.5
"""Between tries while the relay has never answered: it may just be starting."""

LinkState = Literal["connecting", "connected", "waiting", "ended"]
Session = Callable[[Callable[[], None]], Awaitable[None]]
"""Runs one connection; calls its argument once when the relay has accepted it. Returns when all is
over, raises RelayUnreachable or RelayRefused when the link ended."""


class RelayLink:
    """Owned by one asyncio loop; `reconnect_now` may be called from any thread."""

    def __init__(
        self,
        address: RelayAddress,
        session: Session,
        *,
        policy: ReconnectPolicy,
        on_state: Callable[[LinkState, str], None],
    ) -> None:
        self._address = address
        self._session = session
        self._policy = policy
        self._on_state = on_state
        self._hurry = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.state: LinkState = "connecting"
        self.reconnects = 0
        """Sessions that stood, less the first."""
        self._successes = 0

    def reconnect_now(self) -> None:
        """Do not wait out the delay: the user pressed the button."""
        self._loop.call_soon_threadsafe(self._hurry.set)

    async def run(self) -> None:
        """Until the session returns by itself. Raises what cannot be mended by trying again."""
        started_at = time.monotonic()
        while True:
            self._enter("connecting", self._address.url)
            try:
                await self._session(self._succeeded)
            except CertificateMismatch:
                self._enter("ended", "")
                raise
            except (RelayUnreachable, RelayRefused) as error:
                try:
                    await self._wait_after(error, started_at)
                except LivehouseError:
                    self._enter("ended", error.message)
                    raise
            else:
                self._enter("ended", "")
                return

    def _succeeded(self) -> None:
        self._policy.succeeded()
        self._successes += 1
        self.reconnects = self._successes - 1
        self._enter("connected", self._address.url)

    def _enter(self, state: LinkState, words: str) -> None:
        self.state = state
        self._on_state(state, words)

    async def _wait_after(self, error: RelayUnreachable | RelayRefused, started_at: float) -> None:
        """Wait for the next try, or raise the error where there should be none."""
        if isinstance(error, RelayRefused):
            if is_final(error.code):
                raise error
            delay_s = self._policy.next_delay_s(retry_after_ms=error.retry_after_ms)
            self._enter("waiting", error.message)
            await self._wait(delay_s, probe=False)
            return
        if self._successes == 0:
            if time.monotonic() - started_at + _FIRST_RETRY_S > FIRST_PATIENCE_S:
                raise error
            await self._wait(_FIRST_RETRY_S, probe=False)
            return
        delay_s = self._policy.next_delay_s()
        self._enter("waiting", error.message)
        await self._wait(delay_s, probe=True)

    async def _wait(self, delay_s: float, *, probe: bool) -> None:
        until = time.monotonic() + delay_s
        self._hurry.clear()
        while (left_s := until - time.monotonic()) > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left_s, PROBE_INTERVAL_S)):
                    await self._hurry.wait()
                    return
            if probe and until - time.monotonic() > 0 and await self._is_listening():
                until = min(until, time.monotonic() + self._policy.probe_delay_s())
                probe = False

    async def _is_listening(self) -> bool:
        """Whether something accepts a connection there; nothing is sent."""
        try:
            async with asyncio.timeout(PROBE_INTERVAL_S):
                _, writer = await asyncio.open_connection(self._address.host, self._address.port)
        except (OSError, TimeoutError):
            return False
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return True
