"""One's own data at a relay: what there is, taking it along, whether watching is recorded."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
from typing import IO, TYPE_CHECKING, Final, Protocol, TypeVar

from app.errors import BadInput, LivehouseError, RelayRefused, RelayUnreachable
from app.state.privacy import ExportProgress
from wire import command_base, event_base, events, privacy_commands, privacy_events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path


_Answer = TypeVar("_Answer", bound=event_base.Answer)

LOOK_INTERVAL_S: Final = 0.3
"""Between two looks at how far the relay is."""
PARTIAL_SUFFIX: Final = ".partial"


class Control(Protocol):
    """What this needs of the house."""

    async def request(self, command: command_base.Command, answer: type[_Answer]) -> _Answer: ...


async def load_terms(control: Control) -> privacy_events.PrivacyTerms:
    """This and what follows raise LivehouseError."""
    command = privacy_commands.GetPrivacyTerms(id=0)
    return await control.request(command, privacy_events.PrivacyTerms)


async def load_my_data(control: Control) -> privacy_events.MyData:
    return await control.request(privacy_commands.GetMyData(id=0), privacy_events.MyData)


async def set_recording(control: Control, *, is_recorded: bool) -> privacy_events.MyData:
    command = privacy_commands.SetRecording(id=0, is_recorded=is_recorded)
    await control.request(command, events.Ok)
    return await load_my_data(control)


async def save_export(
    control: Control,
    path: Path,
    on_progress: Callable[[ExportProgress], None],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Path:
    """All that the relay has, as a zip at `path`: whole, or not there at all.

    Cancelling it is giving it up, on the relay too.
    """
    partial = path.with_name(path.name + PARTIAL_SUFFIX)
    piece = await control.request(privacy_commands.PrepareExport(id=0), privacy_events.ExportPiece)
    try:
        file = await asyncio.to_thread(_open, partial)
        try:
            await _fetch(control, piece.export_id, file, on_progress, sleep)
        finally:
            await asyncio.to_thread(file.close)
        await asyncio.to_thread(partial.replace, path)
    except OSError as error:
        raise BadInput(f"{path.name}: {error.strerror or error}") from None
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)  # at once, a cancelled task included
        with contextlib.suppress(LivehouseError):
            drop = privacy_commands.DropExport(id=0, export_id=piece.export_id)
            await control.request(drop, events.Ok)
    return path


async def _fetch(
    control: Control,
    export_id: str,
    file: IO[bytes],
    on_progress: Callable[[ExportProgress], None],
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    taken = 0
    while True:
        read = privacy_commands.ReadExport(id=0, export_id=export_id, offset=taken)
        try:
            piece = await control.request(read, privacy_events.ExportPiece)
        except RelayRefused as refused:
            if refused.code is not ErrorCode.RATE_LIMITED or refused.retry_after_ms is None:
                raise
            # A long export is more pieces than may be asked for at once.
            await sleep(refused.retry_after_ms / 1000)
            continue
        try:
            data = base64.b64decode(piece.data, validate=True)
        except binascii.Error:
            raise RelayUnreachable("the relay sent what is no export") from None
        if data:
            await asyncio.to_thread(file.write, data)
            taken += len(data)
        on_progress(ExportProgress(piece.rows_done, piece.rows, taken, piece.size_bytes))
        if piece.size_bytes and taken >= piece.size_bytes:
            return
        if piece.size_bytes and not data:
            raise RelayUnreachable("the relay's export ended too early")
        if not piece.size_bytes:
            await sleep(LOOK_INTERVAL_S)


def _open(path: Path) -> IO[bytes]:
    return path.open("wb")
