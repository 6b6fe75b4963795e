"""What the house's settings shut: sign-up, guests, and rooms of one's own."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from server.admin import rules
from wire import account_commands, command_base, room_commands
from wire.errors import ErrorCode, WireError

if TYPE_CHECKING:
    from server.accounts.actor import Actor
    from server.admin.service import HouseSettings

_FOR_VISITORS: Final = (room_commands.ListRooms, room_commands.GetRoom, room_commands.JoinRoom)


class Gates:
    """Event loop's thread only."""

    def __init__(self, settings: HouseSettings) -> None:
        self._settings = settings

    def check(self, command: command_base.Command, actor: Actor) -> None:
        """Raises WireError where the house does not do this now."""
        if isinstance(command, account_commands.Register):
            self._check_sign_up(command.code)
        elif isinstance(command, _FOR_VISITORS) and actor.login is None:
            self.check_guest()
        elif isinstance(command, room_commands.CreateRoom) and not actor.is_admin:
            actor.require_login()
            if not self._settings.is_on(rules.USERS_MAY_MAKE_ROOMS):
                raise WireError(
                    ErrorCode.FORBIDDEN, "only admins make rooms in this house", field="rooms"
                )

    def check_guest(self) -> None:
        """Raises WireError(LOGIN_REQUIRED) where the house is for its users alone."""
        if not self._settings.is_on(rules.GUESTS_MAY_ENTER):
            raise WireError(ErrorCode.LOGIN_REQUIRED, "this house is for its users: log in first")

    def _check_sign_up(self, code: str) -> None:
        match self._settings.text(rules.SIGN_UP):
            case "closed":
                raise WireError(
                    ErrorCode.FORBIDDEN, "this house takes no new accounts", field="sign_up"
                )
            case "code":
                wanted = self._settings.text(rules.SIGN_UP_CODE)
                is_right = hmac.compare_digest(wanted.encode(), code.strip().encode())
                if not (wanted and is_right):
                    raise WireError(
                        ErrorCode.FORBIDDEN, "this house asks for its sign-up code", field="code"
                    )
            case _:
                pass
