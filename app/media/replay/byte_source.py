"""Where a recording's bytes are: a file here, or anything that gives ranges."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path


class ByteSource(Protocol):
    """Blocking, for one thread at a time; `close` from any thread ends a read under way.

    Every method raises OSError where the bytes cannot be had.
    """

    def measure(self) -> int:
        """How many bytes there are by now."""

    def read(self, offset: int, size: int) -> bytes:
        """So many, or fewer where the source ends before."""

    def close(self) -> None: ...


class FileSource:
    """A file, which may grow meanwhile."""

    def __init__(self, path: Path) -> None:
        self._handle = path.open("rb", buffering=0)

    def measure(self) -> int:
        try:
            return os.fstat(self._handle.fileno()).st_size
        except ValueError as error:
            raise OSError(str(error)) from None

    def read(self, offset: int, size: int) -> bytes:
        pieces = []
        try:
            self._handle.seek(offset)
            while size > 0 and (piece := self._handle.read(size)):
                pieces.append(piece)
                size -= len(piece)
        except ValueError as error:  # closed meanwhile
            raise OSError(str(error)) from None
        return b"".join(pieces)

    def close(self) -> None:
        self._handle.close()
