"""People who come back: each has a control socket, resumed by its token, and a viewer's socket.

All in one process, with the app's own links and its policy of coming back. JSON lines on stdout:
how many of the sockets stand, whenever that is asked for by a line on stdin.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from typing import TYPE_CHECKING, Final

import msgspec
from websockets.exceptions import ConnectionClosed

from app.errors import LivehouseError, RelayRefused
from app.net.address import RelayAddress, parse_relay_address
from app.net.media_socket import explain_close, open_socket
from app.net.reconnect import ReconnectPolicy
from app.net.relay_link import RelayLink
from app.net.subscribe_client import SubscribeClient
from benchmarks.harness.chat_accounts import token_of
from benchmarks.harness.report import say
from wire import CONTROL_PATH, account_commands, commands, events, media_commands, room_commands
from wire.ids import RoomId
from wire.limits import CONTROL_MESSAGE_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.net.relay_link import Session

COMING_PAUSE_S: Final = 0.004
"""At first they come one after another; only the return is a stampede."""


class Stampede:
    """On one loop."""

    def __init__(self, address: RelayAddress, room_id: RoomId) -> None:
        self._address = address
        self._room_id = room_id
        self._links: list[RelayLink] = []
        self.given_up = 0

    @property
    def standing(self) -> int:
        return sum(link.state == "connected" for link in self._links)

    async def run(self, people: int) -> None:
        tasks = []
        for number in range(people):
            for session in (self._control(token_of(number)), self._watch()):
                link = RelayLink(
                    self._address,
                    session,
                    policy=ReconnectPolicy(random=random.random),
                    on_state=lambda _state, _words: None,
                )
                self._links.append(link)
                tasks.append(asyncio.get_running_loop().create_task(self._run(link)))
            await asyncio.sleep(COMING_PAUSE_S)
        await asyncio.gather(*tasks)

    async def _run(self, link: RelayLink) -> None:
        try:
            await link.run()
        except LivehouseError as error:
            self.given_up += 1
            sys.stderr.write(f"a socket gave up: {error.message}\n")

    def _watch(self) -> Session:
        client = SubscribeClient(
            self._address,
            on_packet=lambda _packet, _came_us: None,
            on_event=lambda _event: None,
            make_report=media_commands.Report,
        )

        async def session(succeeded: Callable[[], None]) -> None:
            await client.run_session(room_id=self._room_id, on_subscribed=succeeded)

        return session

    def _control(self, token: str) -> Session:
        async def session(succeeded: Callable[[], None]) -> None:
            async with open_socket(
                self._address, CONTROL_PATH, message_bytes_max=CONTROL_MESSAGE_BYTES_MAX
            ) as socket:
                try:
                    for command in (
                        account_commands.Resume(id=1, token=token),
                        room_commands.JoinRoom(id=2, room_id=self._room_id),
                    ):
                        await socket.send(commands.pack(command))
                        while not _is_answer(await socket.recv()):
                            pass
                    succeeded()
                    while True:
                        await socket.recv()
                except ConnectionClosed as closed:
                    raise explain_close(closed, self._address.url) from None

        return session


def _is_answer(message: str | bytes) -> bool:
    """Events of the room may come between. Raises RelayRefused."""
    try:
        answer = events.parse_control(message)
    except msgspec.DecodeError:
        return False
    if isinstance(answer, events.Error):
        raise RelayRefused(answer.code, answer.message, retry_after_ms=answer.retry_after_ms)
    return not isinstance(answer, tuple)


async def _main(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    crowd = Stampede(parse_relay_address(options.url), RoomId(options.room))
    running = loop.create_task(crowd.run(options.people))
    while await loop.run_in_executor(None, sys.stdin.readline):
        say(json.dumps({"standing": crowd.standing, "given_up": crowd.given_up}))
    running.cancel()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--room", required=True)
    parser.add_argument("--people", type=int, required=True)
    asyncio.run(_main(parser.parse_args()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
