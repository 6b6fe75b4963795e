"""Requests and answers on `/v1/control`, and the events between them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from websockets.exceptions import ConnectionClosed

from app.errors import LivehouseError, RelayRefused, RelayUnreachable
from app.net.media_socket import RelaySocket, explain_close, open_socket
from wire import CONTROL_PATH, command_base, commands, event_base, events, limits

if TYPE_CHECKING:
    from app.net.address import RelayAddress

ANSWER_TIMEOUT_S: Final = 5.0
MESSAGE_BYTES_MAX: Final = 4 * limits.CONTROL_MESSAGE_BYTES_MAX
"""A room's last hundred messages are longer than any single request may be."""

_log: Final = logging.getLogger(__name__)
_Answer = TypeVar("_Answer", bound=event_base.Answer)


class ControlClient:
    """One open control socket. Made by `open_control`."""

    def __init__(self, socket: RelaySocket, where: str) -> None:
        self._socket = socket
        self._where = where
        self._next_id = 1
        self._waiting: dict[int, asyncio.Future[events.ControlAnswer]] = {}
        self._ended: asyncio.Future[LivehouseError] = asyncio.get_running_loop().create_future()

    async def wait_ended(self) -> LivehouseError:
        """Until the socket ends; why it did."""
        return await asyncio.shield(self._ended)

    def next_id(self) -> int:
        """An id for the next command."""
        self._next_id += 1
        return self._next_id - 1

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer:
        """Send a command and await its answer. Raises RelayRefused or RelayUnreachable."""
        future: asyncio.Future[events.ControlAnswer] = asyncio.get_running_loop().create_future()
        self._waiting[command.id] = future
        try:
            await self._socket.send(commands.pack(command))
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                received = await future
        except TimeoutError:
            raise RelayUnreachable(f"{self._where} does not answer") from None
        except ConnectionClosed as closed:
            raise explain_close(closed, self._where) from None
        finally:
            self._waiting.pop(command.id, None)
            if future.done() and not future.cancelled():
                future.exception()  # where sending failed, too, nobody else hears of it
        if isinstance(received, events.Error):
            raise RelayRefused(
                received.code,
                received.message,
                retry_after_ms=received.retry_after_ms,
                field=received.field,
            )
        if not isinstance(received, answer):
            raise RelayUnreachable(f"{self._where} gave an answer that does not fit the question")
        return received

    async def receive(self, on_event: Callable[[events.RoomEvent], None]) -> None:
        """Until the socket ends; wakes every waiting request with the reason then."""
        reason: LivehouseError = RelayUnreachable(f"the link to {self._where} was lost")
        try:
            while True:
                self._take(await self._socket.recv(), on_event)
        except ConnectionClosed as closed:
            reason = explain_close(closed, self._where)
        finally:
            if not self._ended.done():
                self._ended.set_result(reason)
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(reason)

    def _take(self, message: str | bytes, on_event: Callable[[events.RoomEvent], None]) -> None:
        try:
            parsed = events.parse_control(message)
        except msgspec.DecodeError:
            return  # a newer relay may say more
        if isinstance(parsed, tuple):
            for event in parsed:
                try:
                    on_event(event)
                except Exception:  # noqa: BLE001 # one listener's fault must not cost all the link
                    _log.exception("hearing of %s failed", type(event).__name__)
            return
        future = self._waiting.get(parsed.re) if parsed.re is not None else None
        if future is not None and not future.done():
            future.set_result(parsed)


@contextlib.asynccontextmanager
async def open_control(
    address: RelayAddress, *, on_event: Callable[[events.RoomEvent], None] = lambda _: None
) -> AsyncIterator[ControlClient]:
    """A control socket for the length of the block."""
    async with open_socket(address, CONTROL_PATH, message_bytes_max=MESSAGE_BYTES_MAX) as socket:
        client = ControlClient(socket, address.url)
        receiver = asyncio.get_running_loop().create_task(client.receive(on_event))
        try:
            yield client
        finally:
            receiver.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await receiver
