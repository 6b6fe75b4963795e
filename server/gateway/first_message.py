"""What the media sockets have in common: one first message in time, one error, goodbye."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from wire import events
from wire.errors import ErrorCode, MalformedMessage, WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.gateway.connection import RelayConnection

_Message = TypeVar("_Message")


async def receive_first(
    connection: RelayConnection, parse: Callable[[str], _Message], timeout_s: float
) -> _Message:
    """The first message, parsed. Raises WireError; ConnectionClosed when the peer left."""
    try:
        async with asyncio.timeout(timeout_s):
            raw = await connection.recv()
    except TimeoutError:
        raise WireError(
            ErrorCode.TIMED_OUT, f"the first message did not come within {timeout_s:.0f} s"
        ) from None
    if isinstance(raw, bytes):
        raise MalformedMessage("the first message must be JSON text, not binary")
    return parse(raw)


def refuse(connection: RelayConnection, error: WireError) -> None:
    """Tell the error, then close with its code."""
    connection.send_text(events.pack(to_message(error)))
    connection.close_now(error.close_code, error.message)


def to_message(error: WireError, re: int | None = None) -> events.Error:
    return events.Error(
        re=re,
        code=error.code,
        message=error.message,
        field=error.field,
        retry_after_ms=error.retry_after_ms,
    )
