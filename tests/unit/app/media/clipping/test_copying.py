from __future__ import annotations

from pathlib import Path

import av
import pytest

from app.media.clipping.copying import copy_clip
from app.media.clipping.recording import Marks, RecordingFile, Watch
from app.media.errors import ClippingCancelled, ClippingFailed
from app.media.playback.recorder import Recorder
from tests.unit.app.media.clipping.recordings import (
    GOP_MS,
    CountedFile,
    read_pictures,
    read_times,
    write_fragments,
    write_recording,
)
from tests.unit.app.media.playback.media_samples import (
    AUDIO_TRACK,
    HEIGHT,
    WIDTH,
    make_audio,
    make_video,
)
from wire.tracks import Codec, TrackInfo


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("make", [write_recording, write_fragments])
def test_clip_when_copied_then_it_begins_at_the_keyframe_before_the_mark(
    tmp_path: Path, make: object
) -> None:
    source = make(tmp_path)  # type: ignore[operator] # one of two functions
    made = copy_clip(source, Marks(2000, 3000), tmp_path / "clip.mp4")
    assert made.from_ms == pytest.approx(4 * GOP_MS, abs=25)
    times, sound_s = read_times(made.path)
    assert times[0] == pytest.approx(0, abs=0.001)
    assert times[-1] == pytest.approx(3.0 - 1.92 - 0.04, abs=0.09)
    assert sound_s == pytest.approx(times[-1] + 0.04, abs=0.1)
    pictures = read_pictures(source)[48:]
    for got, original in zip(read_pictures(made.path), pictures, strict=False):
        assert (got == original).all()
    assert made.size_bytes == made.path.stat().st_size
    assert made.duration_ms == pytest.approx(times[-1] * 1000 + 40, abs=80)


@pytest.mark.parametrize("make", [write_recording, write_fragments])
def test_whole_recording_when_copied_then_nothing_is_missing(tmp_path: Path, make: object) -> None:
    source = make(tmp_path)  # type: ignore[operator] # one of two functions
    shares: list[float] = []
    made = copy_clip(source, Marks(), tmp_path / "clip.mp4", Watch(shares.append))
    assert made.from_ms == 0
    assert len(read_times(made.path)[0]) == 100
    assert shares[-1] == 1.0
    assert shares == sorted(shares)


def test_clip_when_the_recording_is_unfinished_then_what_is_there_is_copied(
    tmp_path: Path,
) -> None:
    source = write_fragments(tmp_path, cut_bytes=3000)
    made = copy_clip(source, Marks(1000, None), tmp_path / "clip.mp4")
    assert made.from_ms == pytest.approx(2 * GOP_MS, abs=25)
    assert len(read_times(made.path)[0]) > 40


def test_clip_when_the_recording_is_elsewhere_then_it_is_read_and_closed(tmp_path: Path) -> None:
    file = CountedFile(write_recording(tmp_path).read_bytes())
    made = copy_clip(lambda _from_ms: RecordingFile(file), Marks(500, 1500), tmp_path / "clip.mp4")
    assert made.from_ms == GOP_MS
    assert file.was_closed


def test_clip_when_there_is_sound_alone_then_it_is_cut_at_its_packets(tmp_path: Path) -> None:
    whole = write_recording(tmp_path)
    path = tmp_path / "sound.mp4"
    with av.open(str(whole)) as source, av.open(str(path), "w") as file:
        track = file.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = track
                file.mux(packet)
    made = copy_clip(path, Marks(1000, 2000), tmp_path / "clip.mp4")
    assert made.from_ms == pytest.approx(1000, abs=25)
    assert made.duration_ms == pytest.approx(1000, abs=50)


@pytest.mark.parametrize(("codec", "tag"), [("h264", "avc1"), ("h265", "hvc1")])
def test_clip_when_of_a_recorded_broadcast_then_both_tracks_are_in_step(
    tmp_path: Path, codec: Codec, tag: str
) -> None:
    source = tmp_path / "broadcast.mp4"
    recorder = Recorder(source, "mp4")
    recorder.open()
    video = TrackInfo(kind="video", codec=codec, width=WIDTH, height=HEIGHT, frame_rate=30)
    recorder.set_tracks((video, AUDIO_TRACK))
    packets = [*make_video(120, codec=codec), *make_audio(200)]
    for packet in sorted(packets, key=lambda packet: packet.pts_us):
        recorder.push(packet)
    recorder.close()
    made = copy_clip(source, Marks(2500, 3500), tmp_path / "clip.mp4")
    assert made.from_ms == pytest.approx(2000, abs=2)
    times, sound_s = read_times(made.path)
    assert len(times) == pytest.approx(45, abs=1)
    assert sound_s == pytest.approx(1.5, abs=0.04)
    with av.open(str(made.path)) as file:
        assert file.streams.video[0].codec_context.codec_tag == tag
        starts = [float(track.start_time * track.time_base) for track in file.streams]
    assert max(starts) - min(starts) <= 0.04


def test_clip_when_cancelled_then_nothing_is_left(tmp_path: Path) -> None:
    source = write_recording(tmp_path)
    with pytest.raises(ClippingCancelled):
        copy_clip(source, Marks(), tmp_path / "clip.mp4", Watch(is_cancelled=lambda: True))
    assert left_in(tmp_path) == ["recording.mp4"]


def test_clip_when_it_fails_then_the_file_of_before_is_untouched(tmp_path: Path) -> None:
    source = write_recording(tmp_path)
    path = tmp_path / "clip.mp4"
    path.write_text("of before")
    with pytest.raises(ClippingFailed):
        copy_clip(source, Marks(10_000, 20_000), path)
    assert path.read_text() == "of before"
    assert left_in(tmp_path) == ["clip.mp4", "recording.mp4"]


@pytest.mark.parametrize("marks", [Marks(-1, 1000), Marks(1000, 1000), Marks(2000, 1000)])
def test_marks_when_they_make_no_piece_then_they_are_refused(tmp_path: Path, marks: Marks) -> None:
    with pytest.raises(ClippingFailed):
        copy_clip(write_recording(tmp_path), marks, tmp_path / "clip.mp4")


@pytest.mark.parametrize(
    "content", [b"", b"no media", b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/x\n"]
)
def test_recording_when_it_is_none_then_it_is_said(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "source.mp4"
    source.write_bytes(content)
    with pytest.raises(ClippingFailed, match="cannot be read"):
        copy_clip(source, Marks(), tmp_path / "clip.mp4")
    with pytest.raises(ClippingFailed, match="cannot be read"):
        copy_clip(tmp_path / "missing.mp4", Marks(), tmp_path / "clip.mp4")


def test_folder_when_it_is_not_there_then_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(ClippingFailed, match="cannot write"):
        copy_clip(write_recording(tmp_path), Marks(), tmp_path / "nowhere" / "clip.mp4")
