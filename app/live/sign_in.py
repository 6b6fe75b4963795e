"""Getting in at a relay, and staying in: passwords are asked for once, then a token stands in."""

from __future__ import annotations

import asyncio
import getpass
import platform
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import msgspec

from app.errors import RelayRefused
from app.live.vault import Account, Vault
from app.state.own_name import pick_name
from wire import (
    account_commands,
    account_events,
    command_base,
    event_base,
    events,
    limits,
    privacy_commands,
)
from wire.admin_commands import RedeemPasswordReset
from wire.errors import ErrorCode
from wire.privacy_events import PRIVACY_VERSION

if TYPE_CHECKING:
    from wire.ids import SessionId, UserId

_Answer = TypeVar("_Answer", bound=event_base.Answer)

_PASSWORD_BYTES: Final = 18
_NAME_TRIES: Final = 5
NAMELESS: Final = "host"
"""Of whom neither a wish nor the system tells a name."""


class Request(Protocol):
    """`House.request`."""

    async def __call__(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


class SignIn:
    """The account at one relay. On the loop."""

    def __init__(
        self,
        request: Request,
        vault: Vault,
        relay: str,
        *,
        on_user: Callable[[event_base.UserInfo, bool], None],
    ) -> None:
        """`on_user` hears who it is, and whether its password was made up here."""
        self._request = request
        self._vault = vault
        self._relay = relay
        self._on_user = on_user

    async def resume(self) -> bool:
        """With what the vault holds; False: a guest. Raises RelayUnreachable."""
        account = await asyncio.to_thread(self._vault.find, self._relay)
        if account is None:
            return False
        if account.token:
            try:
                command = account_commands.Resume(id=0, token=account.token)
                answer = await self._request(command, account_events.LoggedIn)
            except RelayRefused as refused:
                if refused.retry_after_ms is not None:
                    raise
            else:
                if account.name != answer.user.name:  # renamed on another device
                    account = msgspec.structs.replace(account, name=answer.user.name)
                    await asyncio.to_thread(self._vault.save, self._relay, account)
                self._on_user(answer.user, bool(account.password))
                return True
        if not account.password:
            return False
        try:
            await self._login(account.name, account.password, keep=account.password)
        except RelayRefused as refused:
            if refused.retry_after_ms is not None:
                raise
            return False
        return True

    async def register_owner(self, wished: str) -> None:
        """An account for whoever hosts; the password is made at random.

        Without a wish the name is this computer's user's, and what no relay takes is replaced.
        """
        base = wished or suggest_name() or NAMELESS
        for attempt in range(_NAME_TRIES):
            name = base if attempt == 0 else f"{base}-{secrets.token_hex(2)}"
            password = secrets.token_urlsafe(_PASSWORD_BYTES)
            try:
                await self._register(name, password, keep=password)
            except RelayRefused as refused:
                is_invalid = refused.code is ErrorCode.INVALID_VALUE and not wished
                if refused.code is not ErrorCode.NAME_TAKEN and not is_invalid:
                    raise
                if attempt == _NAME_TRIES - 1:
                    raise
                if is_invalid:
                    base = NAMELESS
            else:
                return

    async def register(self, name: str, password: str, code: str = "") -> None:
        await self._register(name, password, keep="", code=code)

    async def redeem_reset(self, name: str, secret: str, new_password: str) -> None:
        command = RedeemPasswordReset(
            id=0, name=name, secret=secret, new_password=new_password, device=_device()
        )
        await self._take(await self._request(command, account_events.LoggedIn), keep="")

    async def login(self, name: str, password: str) -> None:
        await self._login(name, password, keep="")

    async def change_password(self, old: str, new: str) -> None:
        """An empty old one stands for the one that was made up here."""
        account = await asyncio.to_thread(self._vault.find, self._relay)
        known = old or (account.password if account is not None else "")
        command = account_commands.ChangePassword(id=0, old_password=known, new_password=new)
        await self._take(await self._request(command, account_events.LoggedIn), keep="")

    async def load_profile(self, user_id: UserId) -> account_events.Profile:
        return await self._request(
            account_commands.GetProfile(id=0, user_id=user_id), account_events.Profile
        )

    async def edit_profile(self, *, name: str | None, about: str | None) -> account_events.Profile:
        """Change what is given. The new name is kept here too: it is the one to log in with."""
        command = account_commands.EditProfile(id=0, name=name, about=about)
        profile = await self._request(command, account_events.Profile)
        account = await asyncio.to_thread(self._vault.find, self._relay)
        if account is not None and account.name != profile.user.name:
            account = msgspec.structs.replace(account, name=profile.user.name)
            await asyncio.to_thread(self._vault.save, self._relay, account)
        self._on_user(profile.user, account is not None and bool(account.password))
        return profile

    async def list_sessions(self) -> tuple[event_base.SessionInfo, ...]:
        """Where the user is logged in, this device first."""
        return (
            await self._request(account_commands.ListSessions(id=0), account_events.Sessions)
        ).sessions

    async def end_session(self, session_id: SessionId) -> None:
        """Log another device out. One that is logged out already is no error."""
        try:
            await self._request(account_commands.EndSession(id=0, session_id=session_id), events.Ok)
        except RelayRefused as refused:
            if refused.code is not ErrorCode.NOT_FOUND:
                raise

    async def erase(self, password: str) -> None:
        """The account and all that is its own, for good.

        An empty password stands for the one that was made up here.
        """
        account = await asyncio.to_thread(self._vault.find, self._relay)
        known = password or (account.password if account is not None else "")
        await self._request(privacy_commands.EraseAccount(id=0, password=known), events.Ok)
        await asyncio.to_thread(self._vault.forget, self._relay)

    async def logout(self, *, everywhere: bool) -> None:
        await self._request(account_commands.Logout(id=0, everywhere=everywhere), events.Ok)
        await self.forget()

    async def forget(self) -> None:
        """The token is worth nothing any more; a password that was made up stays."""
        account = await asyncio.to_thread(self._vault.find, self._relay)
        if account is not None and account.password:
            kept = msgspec.structs.replace(account, token="")
            await asyncio.to_thread(self._vault.save, self._relay, kept)
        else:
            await asyncio.to_thread(self._vault.forget, self._relay)

    async def _register(self, name: str, password: str, *, keep: str, code: str = "") -> None:
        account = await asyncio.to_thread(self._vault.find, self._relay)
        command = account_commands.Register(
            id=0,
            name=name,
            password=password,
            device=_device(),
            device_token=account.device_token if account is not None else "",
            code=code,
            agreed_version=PRIVACY_VERSION,
        )
        await self._take(await self._request(command, account_events.LoggedIn), keep=keep)

    async def _login(self, name: str, password: str, *, keep: str) -> None:
        account = await asyncio.to_thread(self._vault.find, self._relay)
        device_token = account.device_token if account is not None else ""
        command = account_commands.Login(
            id=0, name=name, password=password, device=_device(), device_token=device_token
        )
        await self._take(await self._request(command, account_events.LoggedIn), keep=keep)

    async def _take(self, answer: account_events.LoggedIn, *, keep: str) -> None:
        account = Account(
            name=answer.user.name,
            token=answer.token,
            device_token=answer.device_token,
            password=keep,
        )
        await asyncio.to_thread(self._vault.save, self._relay, account)
        self._on_user(answer.user, bool(keep))


def _device() -> str:
    return platform.node()[: limits.LABEL_CHARACTERS_MAX]


def suggest_name() -> str:
    """What this computer's user may be called in a house; empty where nothing tells. Any thread."""
    try:
        login = getpass.getuser()
    except (OSError, KeyError):
        login = ""
    return pick_name(_full_name(login), login)


def _full_name(login: str) -> str:
    """As the system knows it; empty where it does not."""
    try:
        import pwd  # noqa: PLC0415 # there is none on Windows

        return pwd.getpwnam(login).pw_gecos
    except (ImportError, KeyError):
        return ""
