"""What can go wrong with an RTMP peer. No message ever holds a stream key."""

from __future__ import annotations

from typing import Literal

Trouble = Literal["unreachable", "silent", "slow", "lost", "refused", "protocol"]


class RtmpError(Exception):
    """The peer breaks the protocol, or is not one that speaks it. `message` is one line, `trouble`
    the same for programs."""

    def __init__(self, message: str, trouble: Trouble = "protocol") -> None:
        super().__init__(message)
        self.message = message
        self.trouble: Trouble = trouble


class RtmpRefused(RtmpError):
    """The peer understood and said no, or we did: a wrong application or key."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "refused")
