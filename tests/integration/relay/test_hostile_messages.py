"""Messages that are too large, malformed, out of turn or without right, on all three sockets."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Opcode

from tests.support.alive import staying_alive
from tests.support.raw_sockets import RawPeer, handshake, masked
from tests.support.relay_clients import control, opened, publisher, subscriber
from tests.support.synthetic_media import SyntheticMedia
from wire import (
    CONTROL_PATH,
    PUBLISH_PATH,
    SUBSCRIBE_PATH,
    account_commands,
    chat_commands,
    chat_events,
    command_base,
    commands,
    events,
    media_commands,
    media_events,
    room_commands,
    room_events,
)
from wire.errors import CloseCode, ErrorCode
from wire.limits import CONTROL_MESSAGE_BYTES_MAX, MEDIA_MESSAGE_BYTES_MAX
from wire.media_packet import Flags, Kind, MediaPacket, pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from websockets.asyncio.client import ClientConnection

    from tests.support.relay_clients import ControlClient
    from tests.support.relay_process import RelayProcess

LEAKS = re.compile(r"Traceback|SELECT|INSERT|sqlite|\.py|site-packages|\b0x[0-9a-f]{6}")
TOO_LARGE = 1009
MEDIA = SyntheticMedia()
KEYFRAME = pack(SyntheticMedia().next_frame()[0])


@dataclass(frozen=True)
class Case:
    """What is sent on one socket, and what must come back."""

    path: str
    messages: tuple[str | bytes, ...]
    error: ErrorCode | None
    """The code of the Error message; None where the close code says it all."""
    close: int | None
    """None: the socket stays."""


def _talk(text: str | bytes, error: ErrorCode | None, close: int | None = None) -> Case:
    return Case(CONTROL_PATH, (text,), error, close)


def _ask(fields: str, error: ErrorCode) -> Case:
    return _talk(f'{{"id": 1, "type": {fields}}}', error)


def _publish(
    *messages: str | bytes | command_base.MediaMessage, tell: ErrorCode | None, close: int
) -> Case:
    return Case(PUBLISH_PATH, _texts(messages), tell, close)


def _watch(
    *messages: str | bytes | command_base.MediaMessage, tell: ErrorCode | None, close: int | None
) -> Case:
    return Case(SUBSCRIBE_PATH, _texts(messages), tell, close)


def _texts(
    messages: tuple[str | bytes | command_base.MediaMessage, ...],
) -> tuple[str | bytes, ...]:
    return tuple(m if isinstance(m, str | bytes) else commands.pack(m) for m in messages)


def _packet(**changes: object) -> bytes:
    return pack(MediaPacket(Kind.VIDEO, 0, Flags.KEYFRAME, 0, 0, 0, b"x")._replace(**changes))


PUBLISH = media_commands.Publish(room_id="ROOM", tracks=MEDIA.tracks, publish_key="KEY")  # type: ignore[arg-type]  # filled in by _fill
SUBSCRIBE = media_commands.Subscribe(room_id="ROOM")  # type: ignore[arg-type]  # filled in by _fill
_change = msgspec.structs.replace

CASES: dict[str, Case] = {
    # --- control -------------------------------------------------------------------------------
    "control, empty": _talk("", ErrorCode.MALFORMED),
    "control, not json": _talk("hello there", ErrorCode.MALFORMED),
    "control, half an object": _talk('{"id": 1, "type": "Ping"', ErrorCode.MALFORMED),
    "control, two objects": _talk(
        '{"id":1,"type":"Ping"}{"id":2,"type":"Ping"}', ErrorCode.MALFORMED
    ),
    "control, an array": _talk("[]", ErrorCode.INVALID_VALUE),
    "control, null": _talk("null", ErrorCode.INVALID_VALUE),
    "control, a nul": _talk('{"id":1,"type":"Ping"}\0', ErrorCode.MALFORMED),
    "control, no type": _talk('{"id": 1}', ErrorCode.INVALID_VALUE),
    "control, no id": _talk('{"type": "Ping"}', ErrorCode.INVALID_VALUE),
    "control, true as id": _talk('{"id": true, "type": "Ping"}', ErrorCode.INVALID_VALUE),
    "control, negative id": _talk('{"id": -1, "type": "Ping"}', ErrorCode.INVALID_VALUE),
    "control, nan": _talk('{"id": NaN, "type": "Ping"}', ErrorCode.MALFORMED),
    "control, infinity": _talk('{"id": Infinity, "type": "Ping"}', ErrorCode.MALFORMED),
    "control, 5000 digits": _talk(
        f'{{"id": {"9" * 5000}, "type": "Ping"}}', ErrorCode.INVALID_VALUE
    ),
    "control, 5000 digits of nothing": _talk(
        f'{{"id": 1, "type": "Ping", "x": {"9" * 5000}}}', ErrorCode.INVALID_VALUE
    ),
    "control, deep arrays": _talk("[" * 60_000, ErrorCode.INVALID_VALUE),
    "control, deep objects": _talk('{"a":' * 12_000, ErrorCode.MALFORMED),
    "control, deep field": _talk(
        '{"id":1,"type":"Ping","x":' + "[" * 30_000 + "]" * 30_000 + "}", ErrorCode.INVALID_VALUE
    ),
    "control, lone surrogate": _talk(
        '{"id":1,"type":"SendDanmaku","room_id":"ROOM","text":"\\ud800"}', ErrorCode.MALFORMED
    ),
    "control, unknown type": _talk('{"id":1,"type":"Explode"}', ErrorCode.UNKNOWN_TYPE),
    "control, media's type": _talk(commands.pack(SUBSCRIBE), ErrorCode.UNKNOWN_TYPE),
    "control, unknown field": _talk(
        '{"id":1,"type":"Ping","role":"admin"}', ErrorCode.INVALID_VALUE
    ),
    "control, wrong type of field": _talk(
        '{"id":1,"type":"GetRoom","room":7}', ErrorCode.INVALID_VALUE
    ),
    "control, sql in a name": _talk(
        '{"id":1,"type":"GetRoom","room":"\' OR 1=1; DROP TABLE user;--"}', ErrorCode.NOT_FOUND
    ),
    "control, nul in a name": _talk(
        '{"id":1,"type":"GetRoom","room":"a\\u0000b"}', ErrorCode.NOT_FOUND
    ),
    "control, chat of a guest": _talk(
        '{"id":1,"type":"SendDanmaku","room_id":"ROOM","text":"hi"}', ErrorCode.LOGIN_REQUIRED
    ),
    "control, room of a guest": _talk(
        '{"id":1,"type":"CreateRoom","name":"x y"}', ErrorCode.LOGIN_REQUIRED
    ),
    "control, publish ticket of a guest": _talk(
        '{"id":1,"type":"RequestPublishTicket","room_id":"ROOM"}', ErrorCode.LOGIN_REQUIRED
    ),
    "control, sessions of a guest": _talk(
        '{"id":1,"type":"ListSessions"}', ErrorCode.LOGIN_REQUIRED
    ),
    "control, session ended by a guest": _talk(
        '{"id":1,"type":"EndSession","session_id":"x"}', ErrorCode.LOGIN_REQUIRED
    ),
    "control, name of a guest": _talk(
        '{"id":1,"type":"EditProfile","name":"livehouse"}', ErrorCode.LOGIN_REQUIRED
    ),
    "control, about too long": _talk(
        f'{{"id":1,"type":"EditProfile","about":"{"x" * 200}"}}', ErrorCode.INVALID_VALUE
    ),
    "control, admin by profile": _talk(
        '{"id":1,"type":"EditProfile","is_admin":true}', ErrorCode.INVALID_VALUE
    ),
    "control, admin by guess": _talk(
        '{"id":1,"type":"ClaimAdmin","secret":"x"}', ErrorCode.LOGIN_REQUIRED
    ),
    "control, forged token": _ask('"Resume", "token": "x"', ErrorCode.SESSION_ENDED),
    "control, unknown room": _talk(
        '{"id":1,"type":"JoinRoom","room_id":"nowhere"}', ErrorCode.NOT_FOUND
    ),
    "control, binary": _talk(b'{"id":1,"type":"Ping"}', ErrorCode.MALFORMED, CloseCode.MALFORMED),
    "control, too large": _talk(" " * (CONTROL_MESSAGE_BYTES_MAX + 1), None, TOO_LARGE),
    "control, too large binary": _talk(bytes(3_000_000), None, TOO_LARGE),
    "control, malformed ten times": Case(
        CONTROL_PATH, ("?",) * 10, ErrorCode.MALFORMED, CloseCode.MALFORMED
    ),
    # --- publish -------------------------------------------------------------------------------
    "publish, media first": _publish(KEYFRAME, tell=ErrorCode.MALFORMED, close=CloseCode.MALFORMED),
    "publish, much media first": _publish(bytes(100_000), tell=None, close=TOO_LARGE),
    "publish, not json": _publish("?", tell=ErrorCode.MALFORMED, close=CloseCode.MALFORMED),
    "publish, a control command": _publish(
        '{"id":1,"type":"Ping"}', tell=ErrorCode.UNKNOWN_TYPE, close=CloseCode.MALFORMED
    ),
    "publish, tracks first": _publish(
        media_commands.UpdateTracks(tracks=MEDIA.tracks),
        tell=ErrorCode.WRONG_STATE,
        close=CloseCode.WRONG_STATE,
    ),
    "publish, end first": _publish(
        media_commands.EndPublishing(), tell=ErrorCode.WRONG_STATE, close=CloseCode.WRONG_STATE
    ),
    "publish, no credentials": _publish(
        _change(PUBLISH, publish_key=""),
        tell=ErrorCode.TICKET_INVALID,
        close=CloseCode.UNAUTHENTICATED,
    ),
    "publish, bad key": _publish(
        _change(PUBLISH, publish_key="guess"),
        tell=ErrorCode.BAD_CREDENTIALS,
        close=CloseCode.UNAUTHENTICATED,
    ),
    "publish, bad ticket": _publish(
        _change(PUBLISH, ticket="guess"),
        tell=ErrorCode.TICKET_INVALID,
        close=CloseCode.UNAUTHENTICATED,
    ),
    "publish, unknown room": _publish(
        _change(PUBLISH, room_id="nowhere"),
        tell=ErrorCode.NOT_FOUND,
        close=CloseCode.NOT_FOUND,
    ),
    "publish, no tracks": _publish(
        _change(PUBLISH, tracks=()), tell=ErrorCode.INVALID_VALUE, close=CloseCode.MALFORMED
    ),
    "publish, the same track twice": _publish(
        _change(PUBLISH, tracks=MEDIA.tracks * 2),
        tell=ErrorCode.INVALID_VALUE,
        close=CloseCode.MALFORMED,
    ),
    "publish, twice": _publish(
        PUBLISH, PUBLISH, tell=ErrorCode.WRONG_STATE, close=CloseCode.WRONG_STATE
    ),
    "publish, not json later": _publish(
        PUBLISH, "?", tell=ErrorCode.MALFORMED, close=CloseCode.MALFORMED
    ),
    "publish, too large": _publish(
        PUBLISH, bytes(MEDIA_MESSAGE_BYTES_MAX + 1), tell=None, close=TOO_LARGE
    ),
    "publish, a short packet": _publish(
        PUBLISH, b"\x01\x01", tell=ErrorCode.BAD_PACKET, close=CloseCode.MALFORMED
    ),
    "publish, an empty packet": _publish(
        PUBLISH, _packet(payload=b""), tell=ErrorCode.BAD_PACKET, close=CloseCode.MALFORMED
    ),
    "publish, a packet of version 2": _publish(
        PUBLISH, b"\x02" + _packet()[1:], tell=ErrorCode.BAD_PACKET, close=CloseCode.MALFORMED
    ),
    "publish, wild times": _publish(
        PUBLISH,
        _packet()[:8] + b"\xff" * 16 + b"x",
        tell=ErrorCode.BAD_PACKET,
        close=CloseCode.MALFORMED,
    ),
    "publish, a track of no announcement": _publish(
        PUBLISH, _packet(layer=3), tell=ErrorCode.BAD_PACKET, close=CloseCode.MALFORMED
    ),
    "publish, bad tracks later": _publish(
        PUBLISH,
        media_commands.UpdateTracks(tracks=()),
        tell=ErrorCode.INVALID_VALUE,
        close=CloseCode.MALFORMED,
    ),
    # --- subscribe -----------------------------------------------------------------------------
    "subscribe, binary first": _watch(b"?", tell=ErrorCode.MALFORMED, close=CloseCode.MALFORMED),
    "subscribe, not json": _watch("?", tell=ErrorCode.MALFORMED, close=CloseCode.MALFORMED),
    "subscribe, a layer first": _watch(
        media_commands.SelectLayer(), tell=ErrorCode.WRONG_STATE, close=CloseCode.WRONG_STATE
    ),
    "subscribe, unknown room": _watch(
        _change(SUBSCRIBE, room_id="nowhere"), tell=ErrorCode.NOT_FOUND, close=CloseCode.NOT_FOUND
    ),
    "subscribe, bad ticket": _watch(
        _change(SUBSCRIBE, ticket="guess"),
        tell=ErrorCode.TICKET_INVALID,
        close=CloseCode.UNAUTHENTICATED,
    ),
    "subscribe, no such layer": _watch(
        '{"type":"Subscribe","room_id":"ROOM","layer":99}',
        tell=ErrorCode.INVALID_VALUE,
        close=CloseCode.MALFORMED,
    ),
    "subscribe, twice": _watch(
        SUBSCRIBE, SUBSCRIBE, tell=ErrorCode.WRONG_STATE, close=CloseCode.WRONG_STATE
    ),
    "subscribe, media": _watch(
        SUBSCRIBE, KEYFRAME, tell=ErrorCode.WRONG_STATE, close=CloseCode.WRONG_STATE
    ),
    "subscribe, not json later": _watch(
        SUBSCRIBE, "?", tell=ErrorCode.MALFORMED, close=CloseCode.MALFORMED
    ),
    "subscribe, nan": _watch(
        SUBSCRIBE,
        '{"type":"Report","latency_ms":NaN}',
        tell=ErrorCode.MALFORMED,
        close=CloseCode.MALFORMED,
    ),
    "subscribe, too large": _watch(
        SUBSCRIBE, " " * (CONTROL_MESSAGE_BYTES_MAX + 1), tell=None, close=TOO_LARGE
    ),
    "subscribe, reports without pause": _watch(
        SUBSCRIBE,
        media_commands.Report(),
        media_commands.Report(),
        tell=ErrorCode.RATE_LIMITED,
        close=None,
    ),
}


def _fill(message: str | bytes, room_id: str, key: str) -> str | bytes:
    if isinstance(message, bytes):
        return message
    return message.replace('"ROOM"', f'"{room_id}"').replace('"KEY"', f'"{key}"')


async def _try(relay: RelayProcess, case: Case, room_id: str, key: str) -> None:
    """Send a case's messages and check what comes back. `key` is a publish key of the room."""
    async with opened(relay.url, case.path) as socket:
        with contextlib.suppress(ConnectionClosed):
            for message in case.messages:
                await socket.send(_fill(message, room_id, key))
        said = await _listen(socket, case)
    assert not any(LEAKS.search(text) for text in said), said
    assert socket.close_code == case.close if case.close else socket.close_code == 1000
    assert not LEAKS.search(socket.close_reason or "")
    errors = [message for message in map(_parse_error, said) if message is not None]
    if case.error is None:
        assert not errors
    else:
        assert {error.code for error in errors} == {case.error}, said
        assert all(error.message for error in errors)
        if case.close is not None and case.path != CONTROL_PATH:
            assert len(errors) == 1


async def _listen(socket: ClientConnection, case: Case) -> list[str]:
    """Texts until the relay closes, or until the error of a case that stays open."""
    said: list[str] = []
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(20):
            while True:
                message = await socket.recv()
                if isinstance(message, str):
                    said.append(message)
                if case.close is None and _parse_error(message) is not None:
                    return said
    return said


def _parse_error(message: str | bytes) -> events.Error | None:
    if isinstance(message, bytes) or '"type":"Error"' not in message:
        return None
    return msgspec.json.decode(message, type=events.Error)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_socket_when_a_message_is_wrong_then_gets_the_documented_error(
    case: Case, relay: RelayProcess
) -> None:
    lines_before = relay.log().count("\n")
    await _try(relay, case, relay.room_id, relay.publish_key)
    assert relay.log().count("\n") - lines_before <= 10


async def test_relay_when_all_wrong_messages_come_at_once_then_stays_alive(
    relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    # Publishers of one room would replace each other before their turn: they come one by one.
    publishing = [case for case in CASES.values() if case.path == PUBLISH_PATH]
    others = [case for case in CASES.values() if case.path != PUBLISH_PATH]
    async with staying_alive(relay, unique("alive")) as watch:
        for _ in range(3):
            attacks = [_try(relay, case, relay.room_id, relay.publish_key) for case in others]
            watch.peers += 2 * len(attacks) + len(publishing)
            await asyncio.gather(
                *attacks,
                *(_try(relay, case, relay.room_id, relay.publish_key) for case in others),
                _in_turn(relay, publishing),
            )


async def _in_turn(relay: RelayProcess, cases: list[Case]) -> None:
    for case in cases:
        await _try(relay, case, relay.room_id, relay.publish_key)


@pytest.mark.parametrize("rate", [0.0, 0.002], ids=["flood", "quick"])
async def test_relay_when_one_socket_floods_it_then_others_do_not_notice(
    rate: float, relay: RelayProcess, unique: Callable[[str], str]
) -> None:
    async with staying_alive(relay, unique("alive")) as watch:
        watch.peers = 4
        await asyncio.gather(*(_flood(relay, rate) for _ in range(watch.peers)))


async def _flood(relay: RelayProcess, interval_s: float) -> None:
    """Requests without waiting for answers, for 2 s."""
    text = commands.pack(room_commands.ListRooms(id=1))
    async with opened(relay.url, CONTROL_PATH) as socket:
        reader = asyncio.get_running_loop().create_task(_drain(socket))
        with contextlib.suppress(TimeoutError, ConnectionClosed):
            async with asyncio.timeout(2):
                while True:
                    await socket.send(text)
                    await asyncio.sleep(interval_s)
        reader.cancel()
        # The relay has not read all of it: an orderly close would wait behind it.
        socket.transport.abort()


async def _drain(socket: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        async for _ in socket:
            pass


async def test_chatter_when_not_in_the_room_then_is_told_and_the_socket_lives(
    relay: RelayProcess, owner: ControlClient, unique: Callable[[str], str]
) -> None:
    room_id = await owner.create_room(unique("room"))
    say = chat_commands.SendDanmaku(id=0, room_id=room_id, text="hello")  # type: ignore[arg-type]  # plain text here
    assert (await owner.ask_in_vain(say)).code is ErrorCode.WRONG_STATE
    await owner.join(room_id)
    assert isinstance(await owner.ask(say), chat_events.DanmakuAccepted)
    error = await owner.ask_in_vain(
        account_commands.Login(id=0, name=owner.name, password="whatever it is")
    )
    assert error.code is ErrorCode.WRONG_STATE
    for text in ("", "x" * 201, " \u200b"):
        error = await owner.ask_in_vain(
            chat_commands.SendDanmaku(id=0, room_id=room_id, text=text)  # type: ignore[arg-type]  # plain text here
        )
        assert error.code is ErrorCode.INVALID_VALUE


@pytest.mark.parametrize(
    ("path", "hello"),
    [
        (SUBSCRIBE_PATH, commands.pack(SUBSCRIBE)),
        (CONTROL_PATH, '{"id":1,"type":"JoinRoom","room_id":"ROOM"}'),
        (PUBLISH_PATH, commands.pack(PUBLISH)),
    ],
    ids=["subscribe", "control", "publish"],
)
async def test_peer_when_it_closes_with_its_first_message_then_leaves_nothing_behind(
    path: str, hello: str, relay: RelayProcess
) -> None:
    before = await asyncio.to_thread(relay.metrics)
    text = str(_fill(hello, relay.room_id, relay.publish_key)).encode()
    for _ in range(10):
        peer = await RawPeer.connect(relay.port)
        await peer.send(handshake(relay.port, path))
        await peer.read_head()
        # In one segment: the relay reads the message after it has answered the close frame.
        await peer.send(masked(Opcode.TEXT, text) + masked(Opcode.CLOSE, b"\x03\xe8"))
        await peer.read_to_end(timeout_s=20)
        await peer.close()
    after = await asyncio.to_thread(relay.metrics)
    for name in ("livehouse_subscribers", "livehouse_sockets"):
        assert after[name] <= before[name], name


async def test_publisher_when_another_comes_and_closes_at_once_then_keeps_the_room(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia()
    hello = str(_fill(commands.pack(PUBLISH), room_id, publish_key)).encode()
    async with publisher(relay.url, room_id, media, publish_key=publish_key) as source:
        peer = await RawPeer.connect(relay.port)
        await peer.send(handshake(relay.port, PUBLISH_PATH))
        await peer.read_head()
        await peer.send(masked(Opcode.TEXT, hello) + masked(Opcode.CLOSE, b"\x03\xe8"))
        await peer.read_to_end(timeout_s=20)
        await peer.close()
        await source.stream(media, 3)
        await source.wait_for(media_events.PublishFeedback)
        assert source.close_code is None


async def test_viewers_when_the_publisher_sends_garbage_then_keep_their_sockets(
    relay: RelayProcess, room_id: str, publish_key: str
) -> None:
    media = SyntheticMedia()
    async with subscriber(relay.url, room_id) as viewer, control(relay.url) as guest:
        await guest.join(room_id)
        async with publisher(relay.url, room_id, media, publish_key=publish_key) as source:
            await source.stream(media, 3)
            await source.socket.send(b"\x01\x09garbage" * 10)
            assert await source.wait_closed() == CloseCode.MALFORMED
            assert source.of(events.Error)[0].code is ErrorCode.BAD_PACKET
        await viewer.wait_for(room_events.BroadcastAway, timeout_s=3)
        await guest.wait_for(room_events.BroadcastAway, timeout_s=3)
        assert viewer.close_code is None
        assert [packet.sequence for packet in viewer.video] == [0, 1, 2]
