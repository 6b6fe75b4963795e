"""The server's half of RFC 6455, taken in pieces of any size: native/server_frames.h in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

OPCODE_TEXT: Final = 0x1
OPCODE_BINARY: Final = 0x2
OPCODE_CLOSE: Final = 0x8
OPCODE_PING: Final = 0x9
OPCODE_PONG: Final = 0xA

FRAME_BYTES_MAX: Final = 4 * 1024 * 1024
_MASK: Final = b"Live"


class BadFrame(Exception):
    """Fragments, extensions, masks and huge frames have no place in what the relay sends."""


class ServerFrame(NamedTuple):
    opcode: int
    payload: bytes


class ServerFrames:
    """Bytes in, frames out. No I/O."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def take(self, data: bytes) -> Iterator[ServerFrame]:
        """The frames that are complete now. Raises BadFrame."""
        self._buffer += data
        while (frame := self._pop()) is not None:
            yield frame

    def _pop(self) -> ServerFrame | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        if buffer[0] & 0xF0 != 0x80 or buffer[1] & 0x80:
            raise BadFrame(f"malformed frame {buffer[0]:02x} {buffer[1]:02x}")
        size, head_bytes = buffer[1] & 0x7F, 2
        if size >= 126:
            head_bytes = 4 if size == 126 else 10
            if len(buffer) < head_bytes:
                return None
            size = int.from_bytes(buffer[2:head_bytes], "big")
        if size > FRAME_BYTES_MAX:
            raise BadFrame(f"a frame of {size} bytes")
        if len(buffer) < head_bytes + size:
            return None
        frame = ServerFrame(buffer[0] & 0x0F, bytes(buffer[head_bytes : head_bytes + size]))
        del buffer[: head_bytes + size]
        return frame


def pack_client_frame(opcode: int, payload: bytes) -> bytes:
    """A masked frame. Raises ValueError above 65,535 bytes: viewers say little."""
    if len(payload) > 0xFFFF:
        raise ValueError("a client frame of the bench is small")
    if len(payload) < 126:
        head = bytes([0x80 | opcode, 0x80 | len(payload)])
    else:
        head = bytes([0x80 | opcode, 0x80 | 126]) + len(payload).to_bytes(2, "big")
    masked = bytes(byte ^ _MASK[index % 4] for index, byte in enumerate(payload))
    return head + _MASK + masked
