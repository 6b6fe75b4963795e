from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import av
import msgspec

from app.live.studio_recording import FREE_BYTES_MIN, StudioRecording
from tests.unit.app.media.playback.media_samples import (
    AUDIO_TRACK,
    VIDEO_TRACK,
    make_audio,
    make_video,
)

if TYPE_CHECKING:
    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo

NAME = "Livehouse 2026-03-04 20.15.00"


class FakePublisher:
    def __init__(self) -> None:
        self.tap: Callable[[MediaPacket], None] | None = None
        self.is_live = True
        self.tracks: tuple[TrackInfo, ...] = (
            VIDEO_TRACK,
            msgspec.structs.replace(VIDEO_TRACK, layer=1),
            AUDIO_TRACK,
        )
        self.keyframes_asked = 0

    def request_keyframes(self) -> None:
        self.keyframes_asked += 1

    def send(self, frames: int = 60) -> None:
        """Both layers and the sound."""
        video = make_video(frames)
        both = [packet._replace(layer=layer) for packet in video for layer in (0, 1)]
        packets = sorted([*both, *make_audio(frames)], key=lambda packet: packet.pts_us)
        for packet in packets:
            if self.tap is not None:
                self.tap(packet)


class Parts:
    def __init__(self, folder: Path) -> None:
        self.now_s = 100.0
        self.free = 10 * FREE_BYTES_MIN
        self.recording = StudioRecording(
            folder,
            now=lambda: datetime(2026, 3, 4, 20, 15),  # noqa: DTZ001 # a file's name is local
            monotonic_s=lambda: self.now_s,
            free_bytes=lambda _folder: self.free,
        )


def count_pictures(path: Path) -> int:
    with av.open(str(path)) as file:
        return sum(1 for _ in file.decode(video=0))


async def test_recording_when_armed_then_it_begins_with_the_broadcast(tmp_path: Path) -> None:
    parts, publisher = Parts(tmp_path / "new" / "folder"), FakePublisher()
    publisher.is_live = False
    parts.recording.want(is_wanted=True)
    assert (await parts.recording.follow(None)).phase == "armed"
    assert (await parts.recording.follow(publisher)).phase == "armed"
    assert publisher.tap is None
    publisher.is_live = True
    state = await parts.recording.follow(publisher)
    assert state.phase == "on"
    assert publisher.keyframes_asked == 1
    publisher.send()
    parts.now_s += 2
    state = await parts.recording.follow(publisher)
    assert state.seconds == 2
    parts.recording.want(is_wanted=False)
    state = await parts.recording.follow(publisher)
    assert state.phase == "off"
    assert publisher.tap is None
    path = tmp_path / "new" / "folder" / f"{NAME}.mp4"
    assert state.path == str(path)
    assert count_pictures(path) == 60
    with av.open(str(path)) as file:
        assert {stream.type for stream in file.streams} == {"video", "audio"}


async def test_recording_when_switched_off_while_its_file_is_opened_then_nothing_is_recorded(
    tmp_path: Path,
) -> None:
    publisher = FakePublisher()

    def switch_off(_folder: Path) -> int:
        recording.want(is_wanted=False)
        return 10 * FREE_BYTES_MIN

    recording = StudioRecording(
        tmp_path,
        now=lambda: datetime(2026, 3, 4, 20, 15),  # noqa: DTZ001 # a file's name is local
        monotonic_s=lambda: 100.0,
        free_bytes=switch_off,
    )
    recording.want(is_wanted=True)
    assert (await recording.follow(publisher)).phase == "off"
    assert (await recording.follow(publisher)).phase == "off"
    assert publisher.tap is None
    assert list(tmp_path.iterdir()) == []


async def test_recording_when_the_broadcast_ends_then_the_next_has_a_file_of_its_own(
    tmp_path: Path,
) -> None:
    parts = Parts(tmp_path)
    parts.recording.want(is_wanted=True)
    for _ in range(2):
        publisher = FakePublisher()
        await parts.recording.follow(publisher)
        publisher.send()
        assert (await parts.recording.follow(None)).phase == "armed"
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{NAME} (2).mp4", f"{NAME}.mp4"]
    assert [count_pictures(path) for path in tmp_path.iterdir()] == [60, 60]


async def test_recording_when_the_disk_runs_full_then_it_stops_and_says_so(tmp_path: Path) -> None:
    parts, publisher = Parts(tmp_path), FakePublisher()
    parts.recording.want(is_wanted=True)
    await parts.recording.follow(publisher)
    publisher.send()
    parts.free = FREE_BYTES_MIN - 1
    state = await parts.recording.follow(publisher)
    assert (state.phase, state.fault) == ("off", "disk_full")
    assert publisher.tap is None
    assert count_pictures(Path(state.path)) == 60
    parts.recording.want(is_wanted=True)
    state = await parts.recording.follow(publisher)
    assert (state.phase, state.fault) == ("off", "disk_full")
    parts.free = FREE_BYTES_MIN
    parts.recording.want(is_wanted=True)
    state = await parts.recording.follow(publisher)
    assert (state.phase, state.fault) == ("on", "")
    await parts.recording.close()


async def test_recording_when_the_folder_cannot_be_used_then_it_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.write_text("in the way")
    parts = Parts(file)
    parts.recording.want(is_wanted=True)
    state = await parts.recording.follow(FakePublisher())
    assert (state.phase, state.fault) == ("off", "folder")
    assert str(file) in state.detail


async def test_recording_when_nothing_came_then_no_file_is_left(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    parts.recording.want(is_wanted=True)
    await parts.recording.follow(FakePublisher())
    await parts.recording.close()
    assert list(tmp_path.iterdir()) == []


async def test_recording_when_switched_off_and_on_at_once_then_goes_on_and_says_so(
    tmp_path: Path,
) -> None:
    parts, publisher = Parts(tmp_path), FakePublisher()
    parts.recording.want(is_wanted=True)
    await parts.recording.follow(publisher)
    publisher.send()
    parts.recording.want(is_wanted=False)
    parts.recording.want(is_wanted=True)
    state = await parts.recording.follow(publisher)
    assert (state.phase, state.path) == ("on", str(tmp_path / f"{NAME}.mp4"))
    await parts.recording.close()
    assert len(list(tmp_path.iterdir())) == 1
