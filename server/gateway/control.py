"""One control socket: commands in, answers and events out.

    state       command                          becomes
    guest       Register, Login, Resume          logged in
    guest       Logout                           guest (ending what has ended is no error)
    logged in   Register, Login, Resume          wrong_state: log out first
    logged in   Logout                           guest, out of all rooms; the session's other
                                                 sockets are closed, this one stays
    logged in   EndSession of this session       as Logout
    logged in   ChangePassword                   logged in with a new token; other sockets closed
    any         anything else                    as it was; what a guest may not is login_required

Commands of one socket are done in order. The answer to SendDanmaku alone comes later, when the
message is on disk, and may come after those of later commands.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from server.gateway.control_commands import USE_CASES
from server.gateway.control_state import ControlState
from server.rates import FailureWindows
from wire import command_base, commands
from wire.errors import CloseCode, ErrorCode, MalformedMessage, WireError

if TYPE_CHECKING:
    from server.gateway.channel import Channel
    from server.gateway.hub import RoomHub
    from server.gateway.registry import SocketRegistry
    from server.gateway.services import Services
    from wire.ids import SessionId, UserId

MALFORMED_MAX: Final = 10
MALFORMED_WINDOW_S: Final = 60.0
"""This many malformed messages within the window close the socket."""
REFUSALS_IN_A_ROW_MAX: Final = 20
REFUSAL_PAUSE_S: Final = 0.05
"""A socket that goes on asking after so many refusals is read this slowly."""
LOG_LINES_MAX: Final = 10

_log = structlog.get_logger(__name__)


class ControlSession:
    """Event loop's thread only. `handle` is awaited before the next message is read."""

    def __init__(
        self, services: Services, hub: RoomHub, cutter: SocketRegistry, channel: Channel
    ) -> None:
        self._state = ControlState(services, hub, cutter, channel)
        self._as_guest = object()
        """What limits know a guest by. They remember it when this session has long gone."""
        self.is_admitted = False
        """A command has succeeded: the socket no longer counts as one that said nothing."""
        self._malformed: FailureWindows[None] = FailureWindows(MALFORMED_MAX, MALFORMED_WINDOW_S)
        self._refusals_in_a_row = 0
        self._log_lines = 0
        self._is_closed = False

    @property
    def user_id(self) -> UserId | None:
        login = self._state.actor.login
        return login.user.user_id if login else None

    @property
    def session_id(self) -> SessionId | None:
        login = self._state.actor.login
        return login.session_id if login else None

    async def handle(self, text: str | bytes) -> None:
        """Do one command and answer it. Raises nothing that the peer caused."""
        if self._is_closed:
            return
        try:
            command = commands.parse_control(text)
        except MalformedMessage as error:
            self._refuse_malformed(text, error)
            return
        try:
            self._state.services.limits.check(
                command, user=self.user_id or self._as_guest, address=self._state.channel.address
            )
            self._state.refresh_user()
            self._state.services.admin.gates.check(command, self._state.actor)
            answer = await USE_CASES[type(command)](self._state, command)
        except WireError as error:
            await self._refuse(command.id, error)
        except Exception as error:  # noqa: BLE001 # whatever we got wrong, the socket lives on
            self._log_mistake(command, error)
            await self._refuse(
                command.id, WireError(ErrorCode.INTERNAL, "the relay made a mistake")
            )
        else:
            self.is_admitted = True
            self._refusals_in_a_row = 0
            if answer is not None:
                self._state.answer(command.id, answer)

    def closed(self) -> None:
        """The socket is gone. May be called twice."""
        self._is_closed = True
        self._state.close()

    async def _refuse(self, request_id: int, error: WireError) -> None:
        self._state.answer_error(request_id, error)
        self._state.services.admin.tally.refusals += 1
        self._refusals_in_a_row += 1
        if self._refusals_in_a_row > REFUSALS_IN_A_ROW_MAX:
            # Nothing is read meanwhile, so a flood stands in the sender's own buffers.
            await asyncio.sleep(REFUSAL_PAUSE_S)

    def _refuse_malformed(self, text: str | bytes, error: MalformedMessage) -> None:
        self._state.answer_error(commands.find_request_id(text), error)
        now = self._state.services.clocks.mono_s()
        self._malformed.begin(None, now)
        if self._malformed.wait_s(None, now):
            self._is_closed = True
            self._state.channel.close_now(CloseCode.MALFORMED, "too many malformed messages")

    def _log_mistake(self, command: command_base.Command, error: Exception) -> None:
        self._log_lines += 1
        if self._log_lines <= LOG_LINES_MAX:
            _log.error("command failed", command=type(command).__name__, exc_info=error)
