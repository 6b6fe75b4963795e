"""The control connection as the window uses it."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError

from app.errors import LivehouseError
from app.net.control_client import ControlClient
from wire import account_commands, account_events


class ClosingSocket:
    """Ends while a command is being sent."""

    def __init__(self) -> None:
        self.is_ending = asyncio.Event()

    async def send(self, _message: str) -> None:
        self.is_ending.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        raise ConnectionClosedError(None, None)

    async def recv(self) -> str:
        await self.is_ending.wait()
        raise ConnectionClosedError(None, None)


async def test_request_when_the_link_ends_while_it_is_sent_then_nothing_is_left_unheard() -> None:
    unheard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, told: unheard.append(told))
    socket: Any = ClosingSocket()
    client = ControlClient(socket, "the relay")
    command = account_commands.Login(id=client.next_id(), name="Ada", password="12345678")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(client.receive(lambda _event: None))
        with pytest.raises(LivehouseError):
            await client.request(command, account_events.LoggedIn)
    gc.collect()
    assert unheard == []
