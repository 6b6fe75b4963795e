"""Studio's own recording: the encoder's packets into fragmented MP4, beside what is sent.

Wanted by a switch, it begins with the broadcast and at the next keyframe; every broadcast has its
own file. It stops by itself before the disk is full; the broadcast goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import platformdirs

from app.media.playback.layer_choice import LayerChoice
from app.media.playback.recorder import Recorder, RecordingFailed
from app.state.studio_recording import LocalRecording

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo

FREE_BYTES_MIN: Final = 500 * 1024 * 1024
"""Less than this on the disk: the system and the program need it more."""
NAMES_MAX: Final = 1000


def find_folder() -> Path:
    """Where films are kept on this computer."""
    return Path(platformdirs.user_videos_dir()) / "Livehouse"


class Publisher(Protocol):
    """A Publishing, or a test's stand-in."""

    tap: Callable[[MediaPacket], None] | None

    @property
    def is_live(self) -> bool: ...

    @property
    def tracks(self) -> tuple[TrackInfo, ...]: ...

    def request_keyframes(self) -> None: ...


class StudioRecording:
    """On the loop; `follow` is called twice a second. A thread of its own writes the file."""

    def __init__(
        self,
        folder: Path,
        *,
        now: Callable[[], datetime],
        monotonic_s: Callable[[], float],
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self.folder = folder
        self.state = LocalRecording()
        self._now = now
        self._monotonic_s = monotonic_s
        self._free_bytes = free_bytes
        self._recorder: Recorder | None = None
        self._publisher: Publisher | None = None
        self._began_s = 0.0

    def want(self, *, is_wanted: bool) -> None:
        """The switch. What is being written ends with the next `follow`."""
        if not is_wanted:
            self.state = replace(self.state, phase="off")
        elif self.state.phase == "off" and self._recorder is not None:
            self.state = replace(self.state, phase="on")  # off and on again before `follow` came
        elif self.state.phase == "off":
            self.state = LocalRecording(phase="armed", path=self.state.path)

    async def follow(self, publisher: Publisher | None) -> LocalRecording:
        """Begin, go on or end, as the switch and the broadcast are now."""
        is_live = publisher is not None and publisher.is_live
        if self._recorder is not None and (
            self.state.phase == "off" or not is_live or publisher is not self._publisher
        ):
            await self._end()
        if self._recorder is None and self.state.phase != "off" and is_live:
            await self._begin(publisher)
        elif self._recorder is not None:
            await self._measure(self._recorder)
        return self.state

    async def close(self) -> None:
        await self._end()

    async def _begin(self, publisher: Publisher | None) -> None:
        tracks = publisher.tracks if publisher is not None else ()
        video = [track for track in tracks if track.kind == "video"]
        if publisher is None or not video:
            return
        try:
            path, recorder = await asyncio.to_thread(self._open)
        except RecordingFailed as failed:
            self.state = replace(self.state, phase="off", fault="folder", detail=failed.message)
            return
        if recorder is None:
            self.state = replace(self.state, phase="off", fault="disk_full", path=str(path))
            return
        recorder.set_tracks(tracks)
        choice = LayerChoice(max(track.layer for track in video))

        def push(packet: MediaPacket) -> None:
            if choice.is_wanted(packet):
                recorder.push(packet)

        self._recorder, self._publisher = recorder, publisher
        self._began_s = self._monotonic_s()
        is_wanted = self.state.phase != "off"  # else the next `follow` ends it
        self.state = LocalRecording(phase="on" if is_wanted else "off", path=str(path))
        publisher.tap = push
        publisher.request_keyframes()

    def _open(self) -> tuple[Path, Recorder | None]:
        """Without a recorder where the disk is too full. Raises RecordingFailed."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self._find_name()
            if self._free_bytes(self.folder) < FREE_BYTES_MIN:
                return path, None
        except OSError as error:
            raise RecordingFailed(f"{self.folder}: {error.strerror or error}") from None
        recorder = Recorder(path, "mp4")
        recorder.open()
        return path, recorder

    def _find_name(self) -> Path:
        """By the clock of this computer, and none that is there."""
        stem = self._now().strftime("Livehouse %Y-%m-%d %H.%M.%S")
        for number in range(1, NAMES_MAX):
            path = self.folder / (f"{stem}.mp4" if number == 1 else f"{stem} ({number}).mp4")
            if not path.exists():
                return path
        raise RecordingFailed(f"{self.folder}: no name is left for {stem}")

    async def _measure(self, recorder: Recorder) -> None:
        self.state = replace(
            self.state,
            seconds=self._monotonic_s() - self._began_s,
            bytes=recorder.bytes,
        )
        if recorder.failure:
            fault, detail = "disk_full" if recorder.is_disk_full else "failed", recorder.failure
        elif await asyncio.to_thread(self._is_disk_full):
            fault, detail = "disk_full", ""
        else:
            return
        await self._end()
        self.state = replace(
            self.state,
            phase="off",
            fault="disk_full" if fault == "disk_full" else "failed",
            detail=detail,
        )

    def _is_disk_full(self) -> bool:
        try:
            return self._free_bytes(Path(self.state.path).parent) < FREE_BYTES_MIN
        except OSError:
            return False  # the recorder says what is wrong with its file

    async def _end(self) -> None:
        recorder, publisher = self._recorder, self._publisher
        self._recorder = self._publisher = None
        if publisher is not None:
            publisher.tap = None
        if recorder is not None:
            await asyncio.to_thread(recorder.close)
            path = Path(self.state.path)
            if not recorder.packets:  # nothing ever came: an empty file is no recording
                with contextlib.suppress(OSError):
                    await asyncio.to_thread(path.unlink, missing_ok=True)
            if self.state.phase == "on":
                self.state = replace(self.state, phase="armed")
