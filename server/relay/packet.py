"""A media packet as the relay holds it: its header, and the bytes that every subscriber gets."""

from __future__ import annotations

from typing import NamedTuple

from wire.media_packet import Flags, Header, Kind


class RelayedPacket(NamedTuple):
    """`frames` is one whole WebSocket message, framed once and shared by all sockets."""

    header: Header
    frames: bytes
    arrival: int
    """Counts the packets of a room as they come in, all tracks together."""

    @property
    def is_video(self) -> bool:
        return self.header.kind is Kind.VIDEO

    @property
    def is_keyframe(self) -> bool:
        return bool(self.header.flags & Flags.KEYFRAME)
