"""WebSocket frames made once for many sockets.

A server's frames carry no mask, so with compression off the same bytes are right for every
connection. `check_framing` proves at start that what we write is what the library reads.
"""

from __future__ import annotations

from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side


def frame_text(payload: bytes) -> bytes:
    """One whole text message; the payload is UTF-8."""
    return Frame(Opcode.TEXT, payload).serialize(mask=False)


def frame_binary(payload: bytes) -> bytes:
    """One whole binary message."""
    return Frame(Opcode.BINARY, payload).serialize(mask=False)


def check_framing() -> None:
    """Raise RuntimeError unless a client of the installed library reads our frames."""
    for size in (0, 125, 126, 65_535, 65_536):
        payload = bytes(size)
        client = Protocol(Side.CLIENT, state=OPEN, max_size=None)
        client.receive_data(frame_binary(payload) + frame_text(b"{}"))
        received = [event for event in client.events_received() if isinstance(event, Frame)]
        if [bytes(frame.data) for frame in received] != [payload, b"{}"]:
            raise RuntimeError(f"the installed websockets does not read our frames of {size} bytes")
