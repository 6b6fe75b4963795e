"""What can go wrong with an RTMP peer. No message ever holds a stream key."""

from __future__ import annotations


class RtmpError(Exception):
    """The peer breaks the protocol, or is not one that speaks it. `message` is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RtmpRefused(RtmpError):
    """The peer understood and said no, or we did: a wrong application or key."""
