"""The simple handshake of RTMP (section 5.2), without the digests of Flash players."""

from __future__ import annotations

from typing import Final

from app.net.rtmp.errors import RtmpError

VERSION: Final = 3
BLOCK_BYTES: Final = 1536
_HEAD: Final = bytes(8)
"""Time and four zero bytes; a non-zero version there would ask for digests."""


class Handshake:
    """One side. `push` gives what is to be answered and, once done, what is left over."""

    def __init__(self, noise: bytes, *, is_server: bool) -> None:
        """`noise` is BLOCK_BYTES - 8 random bytes."""
        self._block = _HEAD + noise
        if len(self._block) != BLOCK_BYTES:
            raise ValueError("the noise has the wrong size")
        self._is_server = is_server
        self._data = bytearray()
        self._has_block = False
        self.is_done = False

    def first(self) -> bytes:
        """What a client says before anything was heard."""
        return bytes((VERSION,)) + self._block

    def push(self, data: bytes) -> tuple[bytes, bytes]:
        """(answer, rest). Raises RtmpError."""
        self._data += data
        if self._data and self._data[0] != VERSION:
            raise RtmpError("this is no RTMP: the handshake is another")
        answer = b""
        if not self._has_block and len(self._data) > BLOCK_BYTES:
            self._has_block = True
            echo = bytes(self._data[1 : BLOCK_BYTES + 1])
            answer = self.first() + echo if self._is_server else echo
        if len(self._data) < 1 + 2 * BLOCK_BYTES:
            return answer, b""
        self.is_done = True
        rest = bytes(self._data[1 + 2 * BLOCK_BYTES :])
        self._data.clear()
        return answer, rest
