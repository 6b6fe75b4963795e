from __future__ import annotations

import sys
from pathlib import Path

import av
import msgspec
import pytest

from app.media.playback.recorder import Recorder, RecordingFailed
from tests.unit.app.media.playback.media_samples import (
    AUDIO_TRACK,
    HEIGHT,
    VIDEO_TRACK,
    WIDTH,
    make_audio,
    make_video,
)
from wire.media_packet import Flags, MediaPacket
from wire.tracks import Codec, TrackInfo


def _record(path: Path, packets: list[MediaPacket], tracks: tuple[TrackInfo, ...]) -> Recorder:
    recorder = Recorder(path)
    recorder.open()
    recorder.set_tracks(tracks)
    for packet in packets:
        recorder.push(packet)
    recorder.close()
    assert recorder.failure == ""
    return recorder


def _mixed(video: list[MediaPacket], audio: list[MediaPacket]) -> list[MediaPacket]:
    return sorted([*video, *audio], key=lambda packet: packet.pts_us)


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_file_when_both_tracks_come_then_both_play(tmp_path: Path, codec: Codec) -> None:
    path = tmp_path / "out.mkv"
    track = TrackInfo(kind="video", codec=codec, width=WIDTH, height=HEIGHT, frame_rate=30)
    _record(path, _mixed(make_video(60, codec=codec), make_audio(100)), (track, AUDIO_TRACK))
    with av.open(str(path)) as file:
        assert {stream.type for stream in file.streams} == {"video", "audio"}
        assert file.streams.audio[0].codec_context.name in {"opus", "libopus"}
        times = [round(float(frame.time or 0) * 1000) for frame in file.decode(video=0)]
    assert len(times) == 60
    assert times[:4] == [0, 33, 67, 100]
    with av.open(str(path)) as file:
        samples = sum(frame.samples for frame in file.decode(audio=0))
    assert abs(samples - 100 * 960) <= 960 * 2


def test_file_when_it_starts_in_mid_gop_then_it_begins_at_the_keyframe(tmp_path: Path) -> None:
    path = tmp_path / "out.mkv"
    packets = _mixed(make_video(60)[10:], make_audio(100))
    _record(path, packets, (VIDEO_TRACK, AUDIO_TRACK))
    with av.open(str(path)) as file:
        frames = list(file.decode(video=0))
    assert len(frames) == 30
    assert frames[0].time == 0.0
    assert frames[0].key_frame


def test_file_when_the_link_was_cut_then_the_hole_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "out.mkv"
    before = make_video(30)
    after = [
        packet._replace(pts_us=packet.pts_us + 4_000_000, sequence=packet.sequence + 100)
        for packet in make_video(30)
    ]
    after[0] = after[0]._replace(flags=after[0].flags | Flags.DISCONTINUITY)
    _record(path, before + after, (VIDEO_TRACK,))
    with av.open(str(path)) as file:
        times = [float(frame.time or 0) for frame in file.decode(video=0)]
    assert len(times) == 60
    assert times == sorted(times)
    assert times[30] == pytest.approx(4.0, abs=0.002)


def test_file_when_the_relay_sends_its_cache_again_then_no_picture_is_there_twice(
    tmp_path: Path,
) -> None:
    path = tmp_path / "out.mkv"
    packets = make_video(60)
    _record(path, packets[:45] + packets, (VIDEO_TRACK,))
    with av.open(str(path)) as file:
        times = [round(float(frame.time or 0) * 1000) for frame in file.decode(video=0)]
    assert times == [round(number * 1000 / 30) for number in range(60)]


def test_file_when_the_cache_comes_again_in_another_layer_then_it_waits_for_what_is_new(
    tmp_path: Path,
) -> None:
    path = tmp_path / "out.mkv"
    packets = make_video(60)
    other = [packet._replace(layer=1) for packet in packets]
    recorder = _record(
        path, packets[:15] + other, (VIDEO_TRACK, msgspec.structs.replace(VIDEO_TRACK, layer=1))
    )
    assert recorder.packets == 15 + 30
    with av.open(str(path)) as file:
        times = [round(float(frame.time or 0) * 1000) for frame in file.decode(video=0)]
    assert times[14:16] == [467, 1000]
    assert len(times) == 45


def test_file_when_another_broadcast_begins_then_it_follows_at_once(tmp_path: Path) -> None:
    path = tmp_path / "out.mkv"
    recorder = Recorder(path)
    recorder.open()
    recorder.set_tracks((VIDEO_TRACK,))
    for packet in make_video(30):
        recorder.push(packet)
    recorder.begin_broadcast()
    for packet in make_video(60)[10:]:
        recorder.push(packet)
    recorder.close()
    with av.open(str(path)) as file:
        times = [float(frame.time or 0) for frame in file.decode(video=0)]
    assert recorder.failure == ""
    assert len(times) == 60
    assert times == sorted(times)
    assert times[-1] < 2.1


def test_file_when_only_sound_is_wanted_then_it_starts_with_sound(tmp_path: Path) -> None:
    path = tmp_path / "out.mkv"
    _record(path, make_audio(50), (AUDIO_TRACK,))
    with av.open(str(path)) as file:
        assert [stream.type for stream in file.streams] == ["audio"]


def test_open_when_the_folder_is_missing_then_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecordingFailed) as caught:
        Recorder(tmp_path / "no" / "such" / "out.mkv").open()
    assert "\n" not in caught.value.message


def test_close_when_nothing_came_then_it_ends(tmp_path: Path) -> None:
    recorder = _record(tmp_path / "out.mkv", [], (VIDEO_TRACK,))
    assert recorder.packets == 0


def test_file_when_garbage_comes_then_it_goes_on_with_what_is_good(tmp_path: Path) -> None:
    path = tmp_path / "out.mkv"
    good = make_video(60)
    garbage = good[0]._replace(payload=b"nothing of the kind")
    recorder = _record(path, [garbage, *good[:30], *good[30:]], (VIDEO_TRACK,))
    assert recorder.packets_dropped == 1
    with av.open(str(path)) as file:
        assert sum(1 for _ in file.decode(video=0)) == 60


def test_file_when_another_codec_follows_then_its_pictures_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "out.mkv"
    recorder = Recorder(path)
    recorder.open()
    recorder.set_tracks((VIDEO_TRACK,))
    for packet in make_video(30):
        recorder.push(packet)
    recorder.close()
    other = TrackInfo(kind="video", codec="h265", width=WIDTH, height=HEIGHT, frame_rate=30)
    recorder._tracks = (other,)
    assert not recorder._is_wanted(make_video(1, codec="h265")[0])


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_fragmented_file_when_closed_then_both_tracks_play(tmp_path: Path, codec: Codec) -> None:
    path = tmp_path / "out.mp4"
    track = TrackInfo(kind="video", codec=codec, width=WIDTH, height=HEIGHT, frame_rate=30)
    recorder = Recorder(path, "mp4")
    recorder.open()
    recorder.set_tracks((track, AUDIO_TRACK))
    packets = _mixed(make_video(60, codec=codec), make_audio(100))
    for packet in packets:
        recorder.push(packet)
    recorder.close()
    assert recorder.failure == ""
    assert recorder.bytes == sum(len(packet.payload) for packet in packets)
    with av.open(str(path)) as file:
        times = [round(float(frame.time or 0) * 1000) for frame in file.decode(video=0)]
    assert len(times) == 60
    assert times[:4] == [0, 33, 67, 100]
    with av.open(str(path)) as file:
        samples = sum(frame.samples for frame in file.decode(audio=0))
    assert abs(samples - 100 * 960) <= 960 * 2


def test_fragmented_file_when_it_breaks_off_then_what_was_written_plays(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    recorder = Recorder(path, "mp4")
    recorder.open()
    recorder.set_tracks((VIDEO_TRACK,))
    for packet in make_video(120):
        recorder.push(packet)
    recorder.close()
    whole = path.read_bytes()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(whole[: whole.rindex(b"moof") - 4])
    with av.open(str(broken)) as file:
        frames = sum(1 for _ in file.decode(video=0))
    assert frames >= 60


@pytest.mark.skipif(sys.platform != "linux", reason="a device that is always full")
def test_recording_when_the_disk_is_full_then_it_says_so() -> None:
    recorder = Recorder(Path("/dev/full"), "mp4")
    recorder.open()
    recorder.set_tracks((VIDEO_TRACK,))
    for packet in make_video(120):
        recorder.push(packet)
    recorder.close()
    assert recorder.is_disk_full
    assert "stopped" in recorder.failure
