"""A media packet as the relay holds it: its header, and the bytes that every subscriber gets."""

from __future__ import annotations

from typing import Final, NamedTuple

from wire.media_packet import HEADER_BYTES, Flags, Header, Kind

_HEAD_BYTES: Final = {126: 4, 127: 10}


class RelayedPacket(NamedTuple):
    """`frames` is one whole WebSocket message, framed once and shared by all sockets."""

    header: Header
    frames: bytes
    arrival: int
    """Counts the packets of a room as they come in, all tracks together."""

    @property
    def is_video(self) -> bool:
        return self.header.kind is Kind.VIDEO

    def read_message(self) -> bytes:
        """The message as the publisher sent it: a copy, without the frame's head (RFC 6455 5.2)."""
        return bytes(self.view_message())

    def view_message(self) -> memoryview:
        """The same, not copied."""
        length_code = self.frames[1] & 0x7F
        return memoryview(self.frames)[_HEAD_BYTES.get(length_code, 2) :]

    def read_payload(self) -> bytes:
        """What the publisher encoded: a copy, without our own header too."""
        return self.read_message()[HEADER_BYTES:]

    @property
    def is_keyframe(self) -> bool:
        return bool(self.header.flags & Flags.KEYFRAME)
