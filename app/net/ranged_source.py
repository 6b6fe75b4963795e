"""Byte ranges of a file on the relay by HTTP/1.1, with a ticket in the header and the pin checked.

Blocking, for a thread that plays; `close` from any thread ends a read under way at once. One
connection is kept as long as the relay keeps it. Whatever fails is an OSError.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections import deque
from typing import TYPE_CHECKING, Final

from app.errors import CertificateMismatch
from app.net.tls import check_pin, create_context

if TYPE_CHECKING:
    from app.net.address import RelayAddress

TIMEOUT_S: Final = 8.0
PIECE_BYTES_MAX: Final = 4 << 20
"""Asked for at a time: the relay may have a bound of its own."""
BLOCK_BYTES: Final = 192 * 1024
"""Asked for at the least: a connection costs more than some bytes that nobody may need."""
BLOCKS_KEPT: Final = 6
TRIES: Final = 2
"""A kept connection may have been closed meanwhile."""
_FAILURES: Final = (OSError, http.client.HTTPException, ValueError, AttributeError)
"""The last one where `close` has taken http.client's socket away under its hands."""
_PARTIAL: Final = 206
_PAST_THE_END: Final = 416
_REFUSED: Final = frozenset({401, 403, 404, 410})


class SourceRefused(OSError):
    """The relay does not give this file, or no more."""


class RangedSource:
    """A `ByteSource` of the relay."""

    def __init__(self, address: RelayAddress, path: str, ticket: str) -> None:
        self._address = address
        self._path = path
        self._ticket = ticket
        self._connection: http.client.HTTPConnection | None = None
        self._lock = threading.Lock()
        self._is_closed = False
        self._size = 0
        self._blocks: deque[tuple[int, bytes]] = deque(maxlen=BLOCKS_KEPT)
        """Small ones that were read last, and where they begin."""

    def measure(self) -> int:
        """By a range of one byte: a file that still grows has no other length to tell."""
        if not self._size:
            self.read(0, 1)
        else:
            self._ask(0, 1)
        return self._size

    def read(self, offset: int, size: int) -> bytes:
        for start, block in reversed(self._blocks):
            if start <= offset and offset + size <= start + len(block):
                return block[offset - start : offset - start + size]
        if size < BLOCK_BYTES:
            block = self._fetch(offset, BLOCK_BYTES)
            self._blocks.append((offset, block))
            return block[:size]
        return self._fetch(offset, size)

    def _fetch(self, offset: int, size: int) -> bytes:
        pieces: list[bytes] = []
        while size > 0:
            piece = self._ask(offset, min(size, PIECE_BYTES_MAX))
            if not piece:
                break
            pieces.append(piece)
            offset += len(piece)
            size -= len(piece)
            if offset >= self._size:
                break
        return b"".join(pieces)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            connection, self._connection = self._connection, None
        if connection is not None:
            _cut(connection)

    def _ask(self, offset: int, size: int) -> bytes:
        for attempt in range(TRIES):
            is_kept = self._connection is not None
            try:
                return self._try(offset, size)
            except SourceRefused:
                self._drop()
                raise
            except _FAILURES as error:
                self._drop()
                if self._is_closed or not is_kept or attempt == TRIES - 1:
                    raise OSError(f"{type(error).__name__}: {error}") from None
        raise OSError("no answer")

    def _try(self, offset: int, size: int) -> bytes:
        connection = self._access()
        fields = {"Range": f"bytes={offset}-{offset + size - 1}"}
        if self._ticket:
            fields["Authorization"] = f"Bearer {self._ticket}"
        connection.request("GET", self._path, headers=fields)
        answer = connection.getresponse()
        try:
            data = self._take(answer, size)
            is_kept = answer.isclosed() and not answer.will_close
        finally:
            answer.close()
        if not is_kept:
            self._drop()
        return data

    def _take(self, answer: http.client.HTTPResponse, size: int) -> bytes:
        if answer.status in _REFUSED:
            raise SourceRefused(f"the relay answered {answer.status}")
        if answer.status not in {_PARTIAL, _PAST_THE_END}:
            raise OSError(f"the relay answered {answer.status} to a range")
        self._note_size(answer.getheader("Content-Range"))
        if answer.status == _PAST_THE_END:
            answer.read(PIECE_BYTES_MAX)
            return b""
        return answer.read(size)

    def _note_size(self, words: str | None) -> None:
        """`bytes 0-99/1234`, or `bytes */1234`."""
        total = (words or "").rpartition("/")[2]
        if not total.isdigit():
            raise OSError("the relay does not say how long the file is")
        self._size = int(total)

    def _access(self) -> http.client.HTTPConnection:
        if self._connection is not None:
            return self._connection
        connection = self._open()
        with self._lock:
            if self._is_closed:
                _cut(connection)
                raise OSError("closed")
            self._connection = connection
        return connection

    def _open(self) -> http.client.HTTPConnection:
        address = self._address
        if not address.is_secure:
            plain = http.client.HTTPConnection(address.host, address.port, timeout=TIMEOUT_S)
            plain.connect()
            return plain
        context = create_context(is_pinned=address.pin is not None)
        secure = http.client.HTTPSConnection(
            address.host, address.port, timeout=TIMEOUT_S, context=context
        )
        secure.connect()
        if address.pin is not None:
            try:
                check_pin(secure.sock.getpeercert(binary_form=True), address.pin)
            except CertificateMismatch as error:
                secure.close()
                raise SourceRefused(error.message) from None
        return secure

    def _drop(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    """So that a read in another thread ends."""
    raw = connection.sock
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)
    connection.close()
