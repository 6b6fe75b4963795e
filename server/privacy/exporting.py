"""Making exports and handing them out in pieces.

An export is a file without a name in the relay's folder: nothing is left of it when it is closed,
a crash included. It is made in one of the store's reading threads, one at a time.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import tempfile
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from server.background import BackgroundTasks
from server.ids import RandomBytes, make_id
from server.privacy import queries
from server.privacy.exports import write_zip
from wire.errors import ErrorCode, WireError
from wire.privacy_events import ExportPiece

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from server.clocks import Clocks
    from server.privacy.parts import Part
    from server.store.session import Session
    from server.store.store import Store
    from wire.ids import UserId

PIECE_BYTES: Final = 96 * 1024
"""As Base64 128 KB: within what a client takes in one message."""
EXPORTS_MAX: Final = 20
LIFETIME_S: Final = 600.0
"""An export that nobody read for so long is gone."""


class _GivenUpError(Exception):
    pass


@dataclass(eq=False)
class _Export:
    export_id: str
    file: IO[bytes]
    touched_mono_s: float
    rows: int = 0
    rows_done: int = 0
    size_bytes: int = 0
    is_dropped: bool = False
    failure: WireError | None = None
    using: asyncio.Lock = field(default_factory=asyncio.Lock)
    """The file has one position, and closes under nobody's hands."""

    def count(self) -> None:
        """In a store thread."""
        self.rows_done += 1
        if self.is_dropped:
            raise _GivenUpError


class Exporter:
    """Event loop's thread only; `close` at the end."""

    def __init__(
        self,
        store: Store,
        *,
        parts: Sequence[Part],
        folder: Path,
        clocks: Clocks,
        random_bytes: RandomBytes,
    ) -> None:
        self._store = store
        self._parts = parts
        self._folder = folder
        self._clocks = clocks
        self._random_bytes = random_bytes
        self._exports: dict[UserId, _Export] = {}
        self._tasks = BackgroundTasks()
        self._making = asyncio.Lock()

    async def prepare(self, user_id: UserId) -> ExportPiece:
        """Begin anew; what the user had prepared before is gone. Raises WireError(BUSY)."""
        self._expire()
        self.forget(user_id)
        if len(self._exports) >= EXPORTS_MAX:
            raise WireError(
                ErrorCode.BUSY, "the relay is preparing others' data", retry_after_ms=10_000
            )
        file = await asyncio.to_thread(_open_nameless, self._folder)
        export = _Export(make_id(self._random_bytes), file, self._clocks.mono_s())
        self.forget(user_id)  # another socket of the user may have been as quick
        self._exports[user_id] = export
        self._tasks.start(self._make(user_id, export), name="export")
        return _describe(export)

    async def read(self, user_id: UserId, export_id: str, offset: int) -> ExportPiece:
        """Raises WireError: NOT_FOUND, or why it could not be made."""
        export = self._access(user_id, export_id)
        if export.failure is not None:
            raise export.failure
        export.touched_mono_s = self._clocks.mono_s()
        if not export.size_bytes:
            return _describe(export)
        async with export.using:
            if export.is_dropped:
                raise _no_such_export()
            data = await asyncio.to_thread(_read_piece, export.file, offset)
        return _describe(export, base64.b64encode(data).decode())

    def drop(self, user_id: UserId, export_id: str) -> None:
        """Raises WireError(NOT_FOUND)."""
        self._access(user_id, export_id)
        self.forget(user_id)

    def forget(self, user_id: UserId) -> None:
        export = self._exports.pop(user_id, None)
        if export is not None:
            export.is_dropped = True
            if export.size_bytes or export.failure is not None:  # or who makes it closes it
                self._tasks.start(_close(export), name="close an export")

    async def close(self) -> None:
        for user_id in tuple(self._exports):
            self.forget(user_id)
        while len(self._tasks):
            await self._tasks.wait_any()

    async def _make(self, user_id: UserId, export: _Export) -> None:
        try:
            async with self._making:
                await self._store.read(lambda session: self._write(session, user_id, export))
        except _GivenUpError:
            pass
        except WireError as error:
            export.failure = error
        except OSError:
            export.failure = WireError(
                ErrorCode.STORAGE_FAILED, "the relay's disk is full", retry_after_ms=5_000
            )
        if export.is_dropped:
            await _close(export)

    def _write(self, session: Session, user_id: UserId, export: _Export) -> None:
        """In a store thread."""
        sections = queries.sections_of(self._parts, user_id)
        counts = queries.count_rows(session, sections)
        export.rows = sum(counts.values())
        # It may run again from the start.
        export.rows_done = 0
        export.file.seek(0)
        export.file.truncate()
        about = {
            "made_at_unix_ms": self._clocks.unix_ms(),
            "user_id": user_id,
            "rows": {name: rows for name, rows in counts.items() if rows},
            "times": "Unix time; _ms are milliseconds, _us microseconds",
        }
        rows = ((one.name, queries.read_rows(session, one)) for one in sections)
        write_zip(export.file, about, rows, export.count)
        export.size_bytes = export.file.tell()

    def _access(self, user_id: UserId, export_id: str) -> _Export:
        self._expire()
        export = self._exports.get(user_id)
        if export is None or export.export_id != export_id:
            raise _no_such_export()
        return export

    def _expire(self) -> None:
        now = self._clocks.mono_s()
        for user_id, export in tuple(self._exports.items()):
            if now - export.touched_mono_s > LIFETIME_S:
                self.forget(user_id)


def _describe(export: _Export, data: str = "") -> ExportPiece:
    return ExportPiece(
        export_id=export.export_id,
        rows_done=export.rows_done,
        rows=export.rows,
        size_bytes=export.size_bytes,
        data=data,
    )


def _open_nameless(folder: Path) -> IO[bytes]:
    return tempfile.TemporaryFile("w+b", dir=folder)


def _read_piece(file: IO[bytes], offset: int) -> bytes:
    file.seek(offset)
    return file.read(PIECE_BYTES)


async def _close(export: _Export) -> None:
    async with export.using:
        with contextlib.suppress(OSError):
            export.file.close()


def _no_such_export() -> WireError:
    return WireError(
        ErrorCode.NOT_FOUND, "this export is gone: prepare it again", field="export_id"
    )
