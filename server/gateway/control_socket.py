"""`/v1/control`: the reading side of a control session."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.gateway.first_message import refuse
from server.gateway.registry import Identity
from wire.errors import ErrorCode, MalformedMessage, WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.gateway.admission import Admission
    from server.gateway.connection import RelayConnection
    from server.gateway.control import ControlSession
    from server.gateway.registry import SocketRegistry
    from server.settings import Limits


class ControlSockets:
    """Handles every `/v1/control` socket. Event loop's thread only."""

    def __init__(
        self,
        limits: Limits,
        *,
        admission: Admission,
        registry: SocketRegistry,
        open_session: Callable[[RelayConnection], ControlSession],
    ) -> None:
        self._limits = limits
        self._admission = admission
        self._registry = registry
        self._open_session = open_session

    async def handle(self, connection: RelayConnection) -> None:
        connection.accept_control_messages()
        connection.bound_buffer(self._limits.control_buffer_bytes_max)
        session = self._open_session(connection)
        connection.call_once_unlisted(session.closed)
        try:
            await self._receive(connection, session)
        except WireError as error:
            refuse(connection, error)
        finally:
            self._registry.forget(connection)
            connection.unlist()

    async def _receive(self, connection: RelayConnection, session: ControlSession) -> None:
        admitted_by_s = asyncio.get_running_loop().time() + self._limits.first_message_timeout_s
        while True:
            deadline_s = None if session.is_admitted else admitted_by_s
            try:
                async with asyncio.timeout_at(deadline_s):
                    message = await connection.recv()
            except TimeoutError:
                raise WireError(
                    ErrorCode.TIMED_OUT,
                    f"no request succeeded within {self._limits.first_message_timeout_s:.0f} s",
                ) from None
            if isinstance(message, bytes):
                raise MalformedMessage("control messages are JSON text, not binary")
            await session.handle(message)
            self._registry.register(connection, Identity(session.user_id, session.session_id))
            if session.is_admitted:
                self._admission.admit(connection)
