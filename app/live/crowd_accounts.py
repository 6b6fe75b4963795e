"""The simulated viewers' accounts: made once at a relay, kept in a file, used again.

Only the session's token is kept. A relay that does not know it any more gets a new account and no
password: failed logins would lock this address out, and its real users with it.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Final

import msgspec

from app.errors import RelayRefused
from app.live.vault import Account, Vault
from wire import account_commands, account_events, event_base
from wire.errors import ErrorCode
from wire.privacy_events import PRIVACY_VERSION

if TYPE_CHECKING:
    from app.net.control_client import ControlClient

_PASSWORD_BYTES: Final = 18
_NAME_TRIES: Final = 4
_BUSY_TRIES: Final = 5
_DEVICE: Final = "simulated"
_OTHER_WAY: Final = frozenset(
    {ErrorCode.SESSION_ENDED, ErrorCode.BAD_CREDENTIALS, ErrorCode.NAME_TAKEN}
)


class CrowdAccounts:
    """One relay's. On the loop; one sign-in after the other, since each may cost a hash there."""

    def __init__(self, vault: Vault, relay: str) -> None:
        self._vault = vault
        self._relay = relay
        self._turn = asyncio.Lock()

    async def sign_in(self, control: ControlClient, name: str) -> event_base.UserInfo:
        """With the kept token, else with a new account. Raises RelayRefused, RelayUnreachable."""
        async with self._turn:
            key = f"{self._relay} {name}"
            account = await asyncio.to_thread(self._vault.find, key)
            if account is not None:
                resumed = await _ask(control, account_commands.Resume(id=0, token=account.token))
                if resumed is not None:
                    return resumed.user
            made = await self._register(control, name)
            account = Account(name=made.user.name, token=made.token)
            await asyncio.to_thread(self._vault.save, key, account)
            return made.user

    async def _register(self, control: ControlClient, name: str) -> account_events.LoggedIn:
        for attempt in range(_NAME_TRIES):
            # Somebody real may have the name: then the account gets a mark behind it.
            free = name if attempt == 0 else f"{name}-{secrets.token_hex(2)}"
            password = secrets.token_urlsafe(_PASSWORD_BYTES)
            command = account_commands.Register(
                id=0,
                name=free,
                password=password,
                device=_DEVICE,
                agreed_version=PRIVACY_VERSION,
            )
            made = await _ask(control, command)
            if made is not None:
                return made
        raise RelayRefused(ErrorCode.NAME_TAKEN, f"no account named {name} can be made")


async def _ask(
    control: ControlClient, command: account_commands.Resume | account_commands.Register
) -> account_events.LoggedIn | None:
    """None where the answer is a no that another way may turn into a yes."""
    for _ in range(_BUSY_TRIES):
        numbered = msgspec.structs.replace(command, id=control.next_id())
        try:
            return await control.request(numbered, account_events.LoggedIn)
        except RelayRefused as refused:
            if refused.code in _OTHER_WAY:
                return None
            if refused.retry_after_ms is None:
                raise
            await asyncio.sleep(refused.retry_after_ms / 1000)
    raise RelayRefused(ErrorCode.BUSY, "the relay takes no more logins for now")
