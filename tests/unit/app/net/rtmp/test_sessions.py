"""Both ends against each other, without a socket."""

from __future__ import annotations

import random

import pytest

from app.net.rtmp import amf
from app.net.rtmp.chunks import ChunkWriter, Message, MessageType
from app.net.rtmp.client_session import ClientSession
from app.net.rtmp.errors import RtmpError, RtmpRefused
from app.net.rtmp.handshake import BLOCK_BYTES
from app.net.rtmp.server_session import (
    BYTES_BEFORE_PUBLISH_MAX,
    Event,
    PublishBegan,
    PublishEnded,
    ServerSession,
    TagArrived,
)

KEY = "a-long-enough-stream-key"
NOISE = bytes(BLOCK_BYTES - 8)


def _client(application: str = "live", key: str = KEY) -> ClientSession:
    return ClientSession(application, f"rtmp://host/{application}", key, noise=NOISE)


def _server() -> ServerSession:
    return ServerSession(KEY, noise=NOISE)


def _talk(client: ClientSession, server: ServerSession) -> list[Event]:
    """Until both are silent."""
    events: list[Event] = []
    while True:
        to_server, to_client = client.take_output(), server.take_output()
        if not to_server and not to_client:
            return events
        if to_server:
            events += server.receive(to_server)
        if to_client:
            client.receive(to_client)


def test_publish_when_the_key_is_right_then_both_are_ready() -> None:
    client, server = _client(), _server()
    events = _talk(client, server)
    assert client.state == "ready"
    assert [type(event) for event in events] == [PublishBegan]
    assert server.state == "publishing"


def test_publish_when_tags_are_sent_then_they_arrive_with_their_times() -> None:
    client, server = _client(), _server()
    _talk(client, server)
    data = client.pack_tag("video", 70_000, b"v" * 50_000) + client.pack_tag("audio", 70_005, b"a")
    assert server.receive(data) == [
        TagArrived("video", 70_000, b"v" * 50_000),
        TagArrived("audio", 70_005, b"a"),
    ]


def test_publish_when_the_client_says_goodbye_then_it_is_an_end() -> None:
    client, server = _client(), _server()
    _talk(client, server)
    client.say_goodbye()
    assert PublishEnded() in _talk(client, server)
    assert server.state == "ended"


@pytest.mark.parametrize("key", ["", "wrong", KEY[:-1], KEY + "x", KEY.upper()])
def test_publish_when_the_key_is_wrong_then_nothing_is_taken(key: str) -> None:
    client, server = _client(key=key), _server()
    with pytest.raises(RtmpRefused) as refusal:
        _talk(client, server)
    assert KEY not in refusal.value.message
    with pytest.raises(RtmpRefused):
        client.receive(server.take_output())
    assert server.state != "publishing"


def test_publish_when_the_key_has_parameters_behind_it_then_they_do_not_count() -> None:
    client, server = _client(key=f"{KEY}?bandwidthtest=true"), _server()
    _talk(client, server)
    assert client.state == "ready"


def test_connect_when_the_application_is_another_then_it_is_refused() -> None:
    client, server = _client("other"), _server()
    with pytest.raises(RtmpRefused):
        _talk(client, server)


def test_receive_when_tags_come_before_the_key_then_they_are_not_events() -> None:
    client, server = _client(), _server()
    server.receive(client.take_output())
    client.receive(server.take_output())
    client.take_output()
    server.receive(bytes(BLOCK_BYTES))
    tag = ChunkWriter().pack(6, Message(MessageType.VIDEO, 1, 0, b"v"))
    assert server.receive(tag) == []


def test_receive_when_a_command_comes_before_connect_then_it_is_an_error() -> None:
    client, server = _client(), _server()
    server.receive(client.take_output())
    client.receive(server.take_output())
    client.take_output()
    server.receive(bytes(BLOCK_BYTES))
    payload = amf.pack("publish", 1.0, None, KEY, "live")
    with pytest.raises(RtmpError):
        server.receive(ChunkWriter().pack(3, Message(MessageType.COMMAND, 0, 0, payload)))


def test_receive_when_somebody_speaks_another_protocol_then_it_is_an_error() -> None:
    with pytest.raises(RtmpError):
        _server().receive(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")


def test_receive_when_a_stranger_sends_on_and_on_then_it_is_bounded() -> None:
    client, server = _client(), _server()
    server.receive(client.take_output())
    client.receive(server.take_output())
    client.take_output()
    server.receive(bytes(BLOCK_BYTES))
    tag = ChunkWriter().pack(6, Message(MessageType.VIDEO, 1, 0, bytes(10_000)))
    for _ in range((BYTES_BEFORE_PUBLISH_MAX - 2 * BLOCK_BYTES - 1000) // len(tag)):
        server.receive(tag)
    with pytest.raises(RtmpError):
        server.receive(tag + tag)


def test_receive_when_bytes_of_a_good_talk_are_changed_then_only_refusals_come() -> None:
    client, server = _client(), _server()
    talk = b""
    while client.state != "ready":
        piece = client.take_output()
        talk += piece
        server.receive(piece)
        client.receive(server.take_output())
    talk += client.pack_tag("video", 0, b"v" * 1000)
    for seed in range(400):
        chance = random.Random(seed)
        broken = bytearray(talk)
        for _ in range(4):
            broken[chance.randrange(2 * BLOCK_BYTES, len(broken))] = chance.randrange(256)
        try:
            _server().receive(bytes(broken))
        except RtmpError:
            continue


def test_refusal_when_the_target_repeats_the_key_then_it_is_not_in_the_words() -> None:
    client = _client()
    server = _server()
    server.receive(client.take_output())
    client.receive(server.take_output())
    status: dict[str, amf.Value] = {"level": "error", "code": KEY, "description": KEY}
    payload = amf.pack("onStatus", 0.0, None, status)
    with pytest.raises(RtmpRefused) as refusal:
        client.receive(ChunkWriter().pack(3, Message(MessageType.COMMAND, 0, 0, payload)))
    assert KEY not in refusal.value.message
