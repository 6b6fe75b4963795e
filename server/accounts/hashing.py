"""Slow hashes of passwords and passphrases, off the loop.

One Argon2id hash takes 19 MiB and 29 ms of a core here; two run at once, a short queue waits, and
whoever comes then is told "busy", so that a rush of logins never takes the relay's processors.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from argon2 import PasswordHasher as Argon2
from argon2 import Type
from argon2.exceptions import InvalidHashError, VerificationError

from server.accounts.rules import prepare_password
from wire.errors import ErrorCode, WireError

T = TypeVar("T")

_RETRY_AFTER_MS: Final = 1_000


@dataclass(frozen=True)
class HashCost:
    """Argon2id's cost. The default is OWASP's floor; a stored hash that cost less is renewed."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


class PasswordHasher:
    """Belongs to the loop; the hashing itself runs in its own threads."""

    def __init__(self, *, at_once: int, queue_max: int, cost: HashCost | None = None) -> None:
        cost = cost or HashCost()
        self._argon2 = Argon2(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            type=Type.ID,
        )
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="hash")
        self.count = 0
        """Hashes that were begun since the start."""
        self._pending = 0
        self._pending_max = at_once + queue_max
        # Verified in place of a hash that is not there, so that an unknown name takes as long.
        self._nobody = self._argon2.hash(secrets.token_bytes(16))

    async def hash(self, password: str) -> str:
        """Raises WireError(BUSY)."""
        return await self._run(lambda: self._argon2.hash(prepare_password(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password made the hash; takes as long when there is none. Raises BUSY."""
        matches = await self._run(
            lambda: self._matches(stored or self._nobody, prepare_password(password))
        )
        return matches and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash cost less than new ones do."""
        return self._argon2.check_needs_rehash(stored)

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _matches(self, stored: str, password: bytes) -> bool:
        try:
            return self._argon2.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._pending >= self._pending_max:
            raise WireError(
                ErrorCode.BUSY, "too many logins at once", retry_after_ms=_RETRY_AFTER_MS
            )
        loop = asyncio.get_running_loop()
        self.count += 1
        self._pending += 1
        future = loop.run_in_executor(self._threads, work)
        try:
            # A caller that goes away leaves its hash running, and its place taken until it ends.
            return await asyncio.shield(future)
        finally:
            if future.done():
                self._pending -= 1
            else:
                future.add_done_callback(self._on_left_behind)

    def _on_left_behind(self, _future: asyncio.Future[T]) -> None:
        self._pending -= 1
