from __future__ import annotations

import random
import struct

import pytest

from app.net.rtmp.chunks import ChunkReader, ChunkWriter, Message, MessageType
from app.net.rtmp.errors import RtmpError


def _messages() -> list[Message]:
    return [
        Message(MessageType.COMMAND, 0, 0, b"c" * 100),
        Message(MessageType.VIDEO, 1, 40, bytes(range(256)) * 40),
        Message(MessageType.AUDIO, 1, 0xFFFFFF + 5, b"a" * 9000),
        Message(MessageType.VIDEO, 1, 2**32 - 1, b""),
    ]


@pytest.mark.parametrize("piece", [1, 7, 4096, 10**6])
def test_push_when_written_chunks_come_in_pieces_then_the_messages_are_whole(piece: int) -> None:
    writer = ChunkWriter()
    data = writer.pack(3, _messages()[0]) + writer.grow()
    data += b"".join(writer.pack(4, message) for message in _messages()[1:])
    reader, read = ChunkReader(), []
    for place in range(0, len(data), piece):
        read += reader.push(data[place : place + piece])
    assert read == _messages()


def test_push_when_headers_are_short_then_times_add_up() -> None:
    full = b"\x04" + b"\x00\x00\x0a" + b"\x00\x00\x01" + b"\x08" + b"\x01\x00\x00\x00" + b"x"
    delta = b"\x84" + b"\x00\x00\x14" + b"y"
    same = b"\xc4" + b"z"
    read = ChunkReader().push(full + delta + same)
    assert [(message.timestamp_ms, message.payload) for message in read] == [
        (10, b"x"), (30, b"y"), (50, b"z"),
    ]  # fmt: skip


def test_push_when_chunks_of_two_streams_alternate_then_both_are_whole() -> None:
    def head(number: int, length: int) -> bytes:
        return bytes((number, 0, 0, 0)) + length.to_bytes(3, "big") + b"\x09\x01\x00\x00\x00"

    data = head(4, 200) + b"a" * 128 + head(5, 130) + b"b" * 128
    data += b"\xc4" + b"a" * 72 + b"\xc5" + b"b" * 2
    assert [message.payload for message in ChunkReader().push(data)] == [b"a" * 200, b"b" * 130]


def test_push_when_a_message_is_aborted_then_the_next_one_is_whole() -> None:
    head = b"\x04\x00\x00\x00" + (200).to_bytes(3, "big") + b"\x09\x01\x00\x00\x00"
    abort = b"\x02\x00\x00\x00\x00\x00\x04\x02\x00\x00\x00\x00" + struct.pack("!I", 4)
    read = ChunkReader().push(head + b"a" * 128 + abort + head + b"b" * 128 + b"\xc4" + b"b" * 72)
    assert [message.payload for message in read] == [b"b" * 200]


@pytest.mark.parametrize(
    "data",
    [
        b"\xc4" + b"z" * 20,
        b"\x04\x00\x00\x00\xff\xff\xff\x09\x01\x00\x00\x00",
        b"\x02\x00\x00\x00\x00\x00\x04\x01\x00\x00\x00\x00" + bytes(4),
        b"".join(bytes((number, *bytes(11))) for number in range(3, 40)),
    ],
)
def test_push_when_chunks_are_hostile_then_they_are_refused(data: bytes) -> None:
    with pytest.raises(RtmpError):
        ChunkReader().push(data)


def test_push_when_it_is_fed_noise_then_nothing_but_a_refusal_comes() -> None:
    for seed in range(300):
        reader = ChunkReader()
        try:
            for _ in range(20):
                reader.push(random.Random(seed).randbytes(500))
        except RtmpError:
            continue
