"""What the control plane and the media plane see of a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from wire.errors import CloseCode


class Channel(Protocol):
    """One accepted WebSocket, from the event loop's thread only.

    Nothing here waits: a peer that does not read is cut by the channel's own budget, so that one
    slow socket never holds up another.
    """

    address: str
    """The peer's IP address, for limits; never shown to others."""

    paused: bool
    """The peer does not take what was written."""

    def send_text(self, payload: bytes) -> None:
        """Send one JSON message (UTF-8). Does nothing once the socket is closing."""

    def write_framed(self, frames: bytes) -> None:
        """Write whole, already framed messages (see `framing`), shared between sockets."""

    def abort(self) -> None:
        """Drop the TCP connection at once."""

    def close_now(self, code: CloseCode | int, reason: str) -> None:
        """Say goodbye without waiting; a peer that does not answer is cut."""
