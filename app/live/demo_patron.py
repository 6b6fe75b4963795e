"""Coins for the demo's audience: an admin of its relay who gives each viewer some, once.

A castle costs what a year of thrifty viewers would save; a demo has a minute.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Final

from app.errors import LivehouseError, RelayUnreachable
from app.net.control_client import open_control
from app.programs import relay_command
from wire import account_commands, account_events, coin_commands, event_base, events

if TYPE_CHECKING:
    from pathlib import Path

    from app.net.address import RelayAddress
    from wire.ids import UserId

NAME: Final = "Livehouse"
GIFTS_COINS: Final = (12_000, 2_500, 900, 300, 600, 300)
"""In turn; most have little, as it is."""
_PASSWORD_BYTES: Final = 24
_WAITING_MAX: Final = 100


class DemoPatron:
    """On one asyncio loop. `prepare` before the relay runs; `note` and `run` while it does."""

    def __init__(self) -> None:
        self._password = secrets.token_urlsafe(_PASSWORD_BYTES)
        self._name = f"{NAME} {secrets.token_hex(2)}"
        self._waiting: asyncio.Queue[UserId] = asyncio.Queue(maxsize=_WAITING_MAX)
        self._known: set[UserId] = set()

    async def prepare(self, relay_folder: Path) -> None:
        """Make the admin's account. Raises RelayUnreachable."""
        process = await asyncio.create_subprocess_exec(
            *relay_command(),
            *("admin", "create-user", self._name, "--admin"),
            *("--data-dir", str(relay_folder), "--password-file", "-"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, words = await process.communicate(f"{self._password}\n".encode())
        if process.returncode:
            raise RelayUnreachable(f"the demo's relay takes no admin: {words.decode().strip()}")

    def note(self, user: event_base.UserInfo) -> None:
        """Somebody is here; the first time they get their coins."""
        if user.user_id not in self._known and not self._waiting.full():
            self._known.add(user.user_id)
            self._waiting.put_nowait(user.user_id)

    async def run(self, address: RelayAddress) -> None:
        """Until cancelled, or until the relay is gone."""
        try:
            async with open_control(address) as control:
                login = account_commands.Login(
                    id=control.next_id(), name=self._name, password=self._password
                )
                await control.request(login, account_events.LoggedIn)
                given = 0
                while True:
                    command = coin_commands.GrantCoins(
                        id=control.next_id(),
                        user_id=await self._waiting.get(),
                        coins=GIFTS_COINS[given % len(GIFTS_COINS)],
                        note="demo",
                        idempotency_key=secrets.token_hex(16),
                    )
                    await control.request(command, events.Ok)
                    given += 1
        except LivehouseError:
            return  # they go on with what a day gives
