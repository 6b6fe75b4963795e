"""Taking one's data along: whole, or not there at all."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any

import pytest

from app.errors import BadInput, RelayRefused, RelayUnreachable
from app.live.privacy import save_export, set_recording
from wire import command_base, events, privacy_commands, privacy_events
from wire.errors import ErrorCode

if TYPE_CHECKING:
    from pathlib import Path

    from app.state.privacy import ExportProgress

ZIP = bytes(range(256)) * 4


class FakeRelay:
    """Is ready at the third look, and gives the zip in pieces."""

    def __init__(self, *, size: int = len(ZIP)) -> None:
        self.asked: list[command_base.Command] = []
        self.looks = 0
        self.size = size

    async def request(self, command: command_base.Command, answer: type[Any]) -> Any:
        self.asked.append(command)
        if isinstance(command, privacy_commands.PrepareExport):
            return privacy_events.ExportPiece(export_id="e")
        if isinstance(command, privacy_commands.ReadExport):
            return self._read(command.offset)
        if answer is privacy_events.MyData:
            return privacy_events.MyData(is_recorded=False)
        return events.Ok()

    def _refuse_once(self) -> None:
        if self.looks == 4:
            self.looks += 1
            raise RelayRefused(ErrorCode.RATE_LIMITED, "too many", retry_after_ms=50)

    def _read(self, offset: int) -> privacy_events.ExportPiece:
        self._refuse_once()
        self.looks += 1
        if self.looks < 3:
            return privacy_events.ExportPiece(export_id="e", rows_done=self.looks, rows=3)
        data = base64.b64encode(ZIP[offset : offset + 300]).decode()
        return privacy_events.ExportPiece(
            export_id="e", rows_done=3, rows=3, size_bytes=self.size, data=data
        )


async def no_pause(_seconds: float) -> None:
    pass


async def test_export_when_it_is_ready_then_saved_whole_and_dropped(tmp_path: Path) -> None:
    relay, path, heard = FakeRelay(), tmp_path / "mine.zip", list["ExportProgress"]()
    path.write_bytes(b"of last year")
    assert await save_export(relay, path, heard.append, sleep=no_pause) == path
    assert path.read_bytes() == ZIP
    assert [file.name for file in tmp_path.iterdir()] == ["mine.zip"]
    assert isinstance(relay.asked[-1], privacy_commands.DropExport)
    shares = [one.share for one in heard]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


async def test_export_when_it_ends_too_early_then_nothing_is_left(tmp_path: Path) -> None:
    relay, path = FakeRelay(size=len(ZIP) + 1), tmp_path / "mine.zip"
    with pytest.raises(RelayUnreachable):
        await save_export(relay, path, lambda _progress: None, sleep=no_pause)
    assert list(tmp_path.iterdir()) == []


async def test_export_when_cancelled_then_given_up_here_and_there(tmp_path: Path) -> None:
    relay, looking = FakeRelay(), asyncio.Event()

    async def wait_for_ever(_seconds: float) -> None:
        looking.set()
        await asyncio.Event().wait()

    task = asyncio.get_running_loop().create_task(
        save_export(relay, tmp_path / "mine.zip", lambda _progress: None, sleep=wait_for_ever)
    )
    await looking.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert list(tmp_path.iterdir()) == []
    assert isinstance(relay.asked[-1], privacy_commands.DropExport)


async def test_export_when_the_folder_is_gone_then_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"mine\.zip"):
        await save_export(
            FakeRelay(), tmp_path / "gone" / "mine.zip", lambda _progress: None, sleep=no_pause
        )


async def test_recording_when_set_then_the_relays_word_comes_back() -> None:
    relay = FakeRelay()
    assert not (await set_recording(relay, is_recorded=False)).is_recorded
    assert relay.asked[0] == privacy_commands.SetRecording(id=0, is_recorded=False)
