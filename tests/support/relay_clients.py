"""The three kinds of sockets of a relay, each with everything that it received."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from wire import (
    CONTROL_PATH,
    PUBLISH_PATH,
    SUBPROTOCOL,
    SUBSCRIBE_PATH,
    account_commands,
    account_events,
    chat_commands,
    command_base,
    commands,
    event_base,
    events,
    media_commands,
    media_events,
    room_commands,
    room_events,
)
from wire.media_packet import Kind, MediaPacket, pack, parse
from wire.privacy_events import PRIVACY_VERSION

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable

    from tests.support.relay_process import RelayProcess
    from tests.support.synthetic_media import SyntheticMedia

WAIT_S = 30.0
PASSWORD = "correct horse 7 battery"

_Message = TypeVar("_Message")


class Client:
    """What came in, and a way to wait for what is to come. `received` keeps the order."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.received: list[Any] = []
        self._changed = asyncio.Event()
        self._reader = asyncio.get_running_loop().create_task(self._read())

    @property
    def ended(self) -> asyncio.Task[None]:
        """Done when the relay has closed the socket."""
        return self._reader

    @property
    def close_code(self) -> int | None:
        return self.socket.close_code

    def of(self, kind: type[_Message]) -> list[_Message]:
        return [message for message in self.received if isinstance(message, kind)]

    async def wait_for(
        self, kind: type[_Message], *, timeout_s: float = WAIT_S, count: int = 1, **fields: object
    ) -> _Message:
        """The `count`-th message of this kind with these fields, received already or soon."""

        def find() -> _Message | None:
            found = [
                message
                for message in self.of(kind)
                if all(getattr(message, name) == value for name, value in fields.items())
            ]
            return found[count - 1] if len(found) >= count else None

        return await self.wait_until(find, f"{kind.__name__} {fields}", timeout_s=timeout_s)

    async def wait_until(
        self, find: Callable[[], _Message | None], what: str, *, timeout_s: float = WAIT_S
    ) -> _Message:
        """What `find` returns once that is something true."""
        try:
            async with asyncio.timeout(timeout_s):
                while not (found := find()):
                    if self._reader.done():
                        raise AssertionError(f"closed with {self.close_code} before: {what}")
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"not within {timeout_s} s: {what}") from None
        return found

    async def wait_closed(self, *, timeout_s: float = WAIT_S) -> int | None:
        """The close code; everything that came before is in `received`."""
        async with asyncio.timeout(timeout_s):
            await asyncio.wait([self._reader])
        return self.close_code

    async def close(self) -> None:
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError, ConnectionClosed):
            await self._reader
        await self.socket.close()

    def on_message(self, message: str | bytes) -> None:
        raise NotImplementedError

    async def _read(self) -> None:
        try:
            async for message in self.socket:
                self.on_message(message)
                self._changed.set()
        except ConnectionClosed:
            pass
        finally:
            self._changed.set()


class ControlClient(Client):
    def __init__(self, socket: ClientConnection) -> None:
        super().__init__(socket)
        self._answers: dict[int | None, asyncio.Future[Any]] = {}
        self._next_id = 1
        self.user: event_base.UserInfo | None = None
        self.token = ""
        self.name = ""

    def on_message(self, message: str | bytes) -> None:
        parsed = events.parse_control(message)
        if isinstance(parsed, tuple):
            self.received.extend(parsed)
            return
        self.received.append(parsed)
        waiting = self._answers.pop(parsed.re, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(parsed)

    async def send(self, command: command_base.Command) -> asyncio.Future[Any]:
        """Ask without waiting. The answer comes in the future, an Error as it is."""
        request_id, self._next_id = self._next_id, self._next_id + 1
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answers[request_id] = answer
        await self.socket.send(commands.pack(msgspec.structs.replace(command, id=request_id)))
        return answer

    async def ask(self, command: command_base.Command, *, timeout_s: float = WAIT_S) -> Any:
        """The answer, which must not be an Error."""
        answer = await self._ask(command, timeout_s)
        assert not isinstance(answer, events.Error), answer
        return answer

    async def ask_in_vain(self, command: command_base.Command) -> events.Error:
        answer = await self._ask(command, WAIT_S)
        assert isinstance(answer, events.Error), answer
        return answer

    async def register(self, name: str) -> account_events.LoggedIn:
        answer: account_events.LoggedIn = await self.ask(
            account_commands.Register(
                id=0, name=name, password=PASSWORD, agreed_version=PRIVACY_VERSION
            )
        )
        self.user, self.token, self.name = answer.user, answer.token, name
        return answer

    async def create_room(self, name: str, **fields: Any) -> str:
        details = await self.ask(room_commands.CreateRoom(id=0, name=name, **fields))
        return str(details.room.room_id)

    async def join(self, room_id: str, **fields: Any) -> room_events.RoomJoined:
        answer: room_events.RoomJoined = await self.ask(
            room_commands.JoinRoom(id=0, room_id=room_id, **fields)  # type: ignore[arg-type]  # plain text here
        )
        return answer

    async def say(self, room_id: str, text: str) -> asyncio.Future[Any]:
        return await self.send(chat_commands.SendDanmaku(id=0, room_id=room_id, text=text))  # type: ignore[arg-type]  # plain text here

    async def _ask(self, command: command_base.Command, timeout_s: float) -> Any:
        answer = await self.send(command)
        async with asyncio.timeout(timeout_s):
            await asyncio.wait([answer, self._reader], return_when=asyncio.FIRST_COMPLETED)
        assert answer.done(), f"closed with {self.close_code} instead of an answer"
        return answer.result()


async def claim_admin(client: ControlClient, relay: RelayProcess) -> None:
    """With the secret that a relay without an admin prints: once for each relay."""
    secret = relay.log().rpartition("with this secret: ")[2].partition("\n")[0]
    await client.ask(account_commands.ClaimAdmin(id=0, secret=secret))


async def new_key(owner: ControlClient, room_id: str) -> room_events.PublishKeyCreated:
    answer: room_events.PublishKeyCreated = await owner.ask(
        room_commands.CreatePublishKey(id=0, room_id=room_id)  # type: ignore[arg-type]  # plain text here
    )
    return answer


class PublisherClient(Client):
    def on_message(self, message: str | bytes) -> None:
        self.received.append(events.parse_publisher(message))

    @property
    def accepted(self) -> media_events.PublishAccepted:
        return self.of(media_events.PublishAccepted)[0]

    async def send(self, packets: list[MediaPacket]) -> None:
        for packet in packets:
            await self.socket.send(pack(packet))

    async def say(self, message: command_base.MediaMessage) -> None:
        await self.socket.send(commands.pack(message))

    async def stream(
        self, media: SyntheticMedia, frames: int, *, frame_interval_s: float = 0.0
    ) -> None:
        """Frames at their times; 0 leaves only a moment between them for others to keep up."""
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        for _ in range(frames):
            await self.send(media.next_frame())
            due_s += frame_interval_s or 0.004
            await asyncio.sleep(max(0.0, due_s - loop.time()))


class SubscriberClient(Client):
    def on_message(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self.received.append(parse(message))
        else:
            self.received.append(events.parse_subscriber(message))

    @property
    def packets(self) -> list[MediaPacket]:
        return self.of(MediaPacket)

    @property
    def video(self) -> list[MediaPacket]:
        return [packet for packet in self.packets if packet.kind is Kind.VIDEO]

    async def say(self, message: command_base.MediaMessage) -> None:
        await self.socket.send(commands.pack(message))

    async def wait_for_sequence(
        self, kind: Kind, sequence: int, *, layer: int = 0, timeout_s: float = WAIT_S
    ) -> None:
        """Packets of one kind and layer come in order, so this is the last one wanted."""

        def find() -> bool:
            return any(
                isinstance(m, MediaPacket)
                and (m.kind, m.layer, m.sequence) == (kind, layer, sequence)
                for m in reversed(self.received)
            )

        await self.wait_until(find, f"{kind.name} {layer}/{sequence}", timeout_s=timeout_s)


@contextlib.asynccontextmanager
async def opened(
    url: str, path: str, *, tls: ssl.SSLContext | None = None, source: str = ""
) -> AsyncIterator[ClientConnection]:
    """A socket of the protocol that has said nothing yet; `source`: the address it comes from."""
    from_where = {"local_addr": (source, 0)} if source else {}
    async with connect(
        url + path,
        subprotocols=[Subprotocol(SUBPROTOCOL)],
        compression=None,
        max_size=None,
        ping_interval=None,
        close_timeout=2,
        proxy=None,
        ssl=tls,
        server_hostname="localhost" if tls else None,
        **from_where,
    ) as socket:
        yield socket


@contextlib.asynccontextmanager
async def control(url: str, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[ControlClient]:
    async with opened(url, CONTROL_PATH, tls=tls) as socket:
        client = ControlClient(socket)
        try:
            yield client
        finally:
            await client.close()


@contextlib.asynccontextmanager
async def publisher(
    url: str, room_id: str, media: SyntheticMedia, **fields: Any
) -> AsyncIterator[PublisherClient]:
    """A publisher that was accepted, or refused: then `accepted` fails."""
    async with opened(url, PUBLISH_PATH) as socket:
        client = PublisherClient(socket)
        try:
            await client.say(media_commands.Publish(room_id=room_id, tracks=media.tracks, **fields))  # type: ignore[arg-type]  # plain text here
            await client.wait_until(lambda: client.received, "an answer to Publish")
            yield client
        finally:
            await client.close()


@contextlib.asynccontextmanager
async def further_path(
    url: str, room_id: str, join_token: str, *, path: int = 1
) -> AsyncIterator[PublisherClient]:
    """Another socket of a publisher, joined or refused."""
    async with opened(url, PUBLISH_PATH) as socket:
        client = PublisherClient(socket)
        try:
            await client.say(
                media_commands.JoinPublishing(room_id=room_id, join_token=join_token, path=path)  # type: ignore[arg-type]  # plain text here
            )
            await client.wait_until(lambda: client.received, "an answer to JoinPublishing")
            yield client
        finally:
            await client.close()


@contextlib.asynccontextmanager
async def subscriber(
    url: str, room_id: str, *, tls: ssl.SSLContext | None = None, **fields: Any
) -> AsyncIterator[SubscriberClient]:
    """A subscriber that was accepted or refused."""
    async with opened(url, SUBSCRIBE_PATH, tls=tls) as socket:
        client = SubscriberClient(socket)
        try:
            await client.say(media_commands.Subscribe(room_id=room_id, **fields))  # type: ignore[arg-type]  # plain text here
            await client.wait_until(lambda: client.received, "an answer to Subscribe")
            yield client
        finally:
            await client.close()


async def subscribers(
    stack: contextlib.AsyncExitStack, url: str, room_id: str, count: int, **fields: Any
) -> list[SubscriberClient]:
    return [
        await stack.enter_async_context(subscriber(url, room_id, **fields)) for _ in range(count)
    ]
