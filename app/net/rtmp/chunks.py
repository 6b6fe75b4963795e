"""RTMP's chunk stream (specification 1.0, section 5.3): bytes to messages and back. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

from app.net.rtmp.errors import RtmpError

CHUNK_BYTES_DEFAULT: Final = 128
CHUNK_BYTES_SENT: Final = 4096
CHUNK_BYTES_MAX: Final = 0xFFFFFF
MESSAGE_BYTES_MAX: Final = 4 * 1024 * 1024
"""A keyframe of 2160p is a quarter of that; the length field would allow 16 MB."""

CHUNK_STREAMS_MAX: Final = 16
"""Encoders use three to six; each may hold one unfinished message."""

_HEAD_BYTES: Final = (11, 7, 3, 0)
_EXTENDED: Final = 0xFFFFFF
_TIME_MODULUS: Final = 2**32
_U32: Final = struct.Struct("!I")


class MessageType(IntEnum):
    SET_CHUNK_SIZE = 1
    ABORT = 2
    ACKNOWLEDGEMENT = 3
    USER_CONTROL = 4
    WINDOW_SIZE = 5
    PEER_BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    DATA = 18
    COMMAND = 20


class Message(NamedTuple):
    type_id: int
    stream_id: int
    timestamp_ms: int
    """Modulo 2**32."""
    payload: bytes


@dataclass
class _ChunkStream:
    timestamp_ms: int = 0
    delta_ms: int = 0
    length: int = 0
    type_id: int = 0
    stream_id: int = 0
    is_extended: bool = False
    partial: bytearray = field(default_factory=bytearray)


class _Head(NamedTuple):
    form: int
    """0: all is said; 1 and 2: times since the message before; 3: nothing but the number."""
    number: int
    header: bytes
    field_ms: int
    is_extended: bool
    length: int | None
    end: int
    """Where the payload begins."""


class ChunkReader:
    """`push` what came from the socket; raises RtmpError, and is of no use afterwards."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._streams: dict[int, _ChunkStream] = {}
        self._chunk_bytes = CHUNK_BYTES_DEFAULT

    def push(self, data: bytes) -> list[Message]:
        """The messages that `data` completes, set-chunk-size and abort obeyed and left out."""
        self._data += data
        messages: list[Message] = []
        place = 0
        while (parsed := self._parse_chunk(place)) is not None:
            place, message = parsed
            if message is None:
                continue
            if message.type_id == MessageType.SET_CHUNK_SIZE:
                self._set_chunk_bytes(message.payload)
            elif message.type_id == MessageType.ABORT:
                self._abort(message.payload)
            else:
                messages.append(message)
        del self._data[:place]
        return messages

    def _parse_chunk(self, start: int) -> tuple[int, Message | None] | None:
        """Where the next chunk begins and what this one completes; None: more is needed."""
        head = self._parse_head(start)
        if head is None:
            return None
        known = self._streams.get(head.number)
        length = head.length if head.length is not None else known.length if known else 0
        held = len(known.partial) if known is not None and head.form == 3 else 0
        size = min(self._chunk_bytes, length - held)
        if len(self._data) < head.end + size:
            return None
        stream = self._streams.setdefault(head.number, _ChunkStream())
        _take_head(stream, head)
        end = head.end + size
        stream.partial += self._data[head.end : end]
        if len(stream.partial) < stream.length:
            return end, None
        payload = bytes(stream.partial)
        stream.partial = bytearray()
        return end, Message(stream.type_id, stream.stream_id, stream.timestamp_ms, payload)

    def _parse_head(self, start: int) -> _Head | None:
        """Basic header, message header and extended timestamp, or None: more is needed."""
        data = self._data
        if start >= len(data):
            return None
        form, number = data[start] >> 6, data[start] & 0x3F
        place = start + 1
        if number < 2:
            size = number + 1
            number = 64 + int.from_bytes(data[place : place + size], "little")
            place += size
        end = place + _HEAD_BYTES[form]
        if len(data) < end:
            return None
        known = self._streams.get(number)
        if known is None and (form != 0 or len(self._streams) >= CHUNK_STREAMS_MAX):
            raise RtmpError("this is no RTMP: a chunk refers to none before it")
        header = bytes(data[place:end])
        field_ms = int.from_bytes(header[:3], "big")
        is_extended = field_ms == _EXTENDED if form < 3 else known is not None and known.is_extended
        if is_extended:
            if len(data) < end + 4:
                return None
            field_ms = int(_U32.unpack_from(data, end)[0])
            end += 4
        length = int.from_bytes(header[3:6], "big") if form < 2 else None
        if length is not None and length > MESSAGE_BYTES_MAX:
            raise RtmpError(f"a message of {length} bytes is too large")
        return _Head(form, number, header, field_ms, is_extended, length, end)

    def _set_chunk_bytes(self, payload: bytes) -> None:
        size = int.from_bytes(payload[:4], "big")
        if len(payload) < 4 or not 1 <= size <= CHUNK_BYTES_MAX:
            raise RtmpError(f"a chunk size of {size} is not allowed")
        self._chunk_bytes = size

    def _abort(self, payload: bytes) -> None:
        stream = self._streams.get(int.from_bytes(payload[:4], "big"))
        if stream is not None:
            stream.partial = bytearray()


def _take_head(stream: _ChunkStream, head: _Head) -> None:
    if head.form == 3:
        if not stream.partial:
            stream.timestamp_ms = (stream.timestamp_ms + stream.delta_ms) % _TIME_MODULUS
        return
    stream.partial = bytearray()
    stream.is_extended = head.is_extended
    stream.delta_ms = head.field_ms
    if head.form == 0:
        stream.timestamp_ms = head.field_ms
        stream.stream_id = int.from_bytes(head.header[7:11], "little")
    else:
        stream.timestamp_ms = (stream.timestamp_ms + head.field_ms) % _TIME_MODULUS
    if head.length is not None:
        stream.length = head.length
        stream.type_id = head.header[6]


class ChunkWriter:
    """Whole messages to chunks, each with a full header: 11 bytes that save all state."""

    def __init__(self) -> None:
        self._chunk_bytes = CHUNK_BYTES_DEFAULT

    def grow(self) -> bytes:
        """Announce larger chunks, and use them from now on."""
        announced = self.pack(
            2, Message(MessageType.SET_CHUNK_SIZE, 0, 0, _U32.pack(CHUNK_BYTES_SENT))
        )
        self._chunk_bytes = CHUNK_BYTES_SENT
        return announced

    def pack(self, number: int, message: Message) -> bytes:
        """`number` is the chunk stream, 2 to 63."""
        time_ms = message.timestamp_ms % _TIME_MODULUS
        extended = _U32.pack(time_ms) if time_ms >= _EXTENDED else b""
        payload, size = message.payload, self._chunk_bytes
        pieces = [
            bytes((number,)),
            min(time_ms, _EXTENDED).to_bytes(3, "big"),
            len(payload).to_bytes(3, "big"),
            bytes((message.type_id,)),
            message.stream_id.to_bytes(4, "little"),
            extended,
            payload[:size],
        ]
        for place in range(size, len(payload), size):
            pieces += [bytes((0xC0 | number,)), extended, payload[place : place + size]]
        return b"".join(pieces)
