"""Who asks for something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from wire.event_base import UserInfo
    from wire.ids import SessionId


@dataclass(frozen=True)
class Login:
    """A user on one session."""

    user: UserInfo
    session_id: SessionId


@dataclass(frozen=True)
class Actor:
    """The other end of a socket: where it comes from and, once it has logged in, who it is."""

    address: str
    login: Login | None = None

    @property
    def user(self) -> UserInfo | None:
        return self.login.user if self.login else None

    @property
    def is_admin(self) -> bool:
        return self.login is not None and self.login.user.is_admin

    def require_login(self) -> Login:
        """Raises WireError(LOGIN_REQUIRED) for a guest."""
        if self.login is None:
            raise WireError(ErrorCode.LOGIN_REQUIRED, "log in first")
        return self.login
