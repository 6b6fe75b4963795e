"""A real clip goes in at one desk and comes out at another: the same pictures, in step."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest

from tests.e2e.programs import RelayProgram, start_livehouse, stop

SECONDS = 18
"""The clip begins anew three times."""
FRAME_MS = 40.0
PSNR_MEAN_DB_MIN = 30.0
"""2.5 Mbit/s at 720p gives 35 to 40 dB here; another picture gives 10 to 15."""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, clip_path: Path):
    """Some of the looped clip: (statistics of viewer and publisher, recording)."""
    folder = tmp_path_factory.mktemp("clip")
    recording, stats_file = folder / "out.mkv", folder / "watch.json"
    published_file = folder / "publish.json"
    with RelayProgram(folder / "data") as relay:
        to_room = ["--relay", relay.url, "--room", relay.room.name]
        publisher = start_livehouse(
            "publish", *to_room, "--source", f"file:{clip_path}", "--loop",
            "--stats-json", str(published_file),
            publish_key=relay.room.publish_key, errors_to=folder / "publish.log",
        )  # fmt: skip
        viewer = start_livehouse(
            "watch", *to_room, "--seconds", str(SECONDS), "--record", str(recording),
            "--stats-json", str(stats_file), errors_to=folder / "watch.log",
        )  # fmt: skip
        try:
            code = viewer.wait(SECONDS + 30)
            assert code == 0, (folder / "watch.log").read_text()
        finally:
            published = stop(publisher)
        assert published == 0, (folder / "publish.log").read_text()
    return json.loads(stats_file.read_text()), json.loads(published_file.read_text()), recording


@pytest.mark.slow
def test_watch_of_a_looped_clip_when_nothing_is_cut_then_every_frame_is_there(watched) -> None:
    stats, published, recording = watched
    assert stats["frames"] >= (SECONDS - 1) * 25
    assert stats["pts_order_violations"] == 0
    assert stats["gaps"] == 0
    assert stats["stalls"] == 0
    times_ms = _packet_times_ms(recording)
    missing = round((times_ms[-1] - times_ms[0]) / FRAME_MS) + 1 - len(times_ms)
    # What a busy machine does not encode, the publisher says; nothing is lost after it.
    assert missing <= sum(published["pipeline"]["frames_dropped"].values())


@pytest.mark.slow
def test_watch_of_a_looped_clip_when_played_then_sound_and_picture_are_in_step(watched) -> None:
    stats, _, _ = watched
    assert stats["av_offset_ms"]["samples"] > SECONDS * 20
    assert stats["av_offset_ms"]["p99"] <= 40


@pytest.mark.slow
def test_recording_of_a_looped_clip_when_opened_then_it_is_the_same_picture(
    watched, clip_path: Path
) -> None:
    _, _, recording = watched
    originals = [frame for _, frame in _luma_frames(clip_path)]
    recorded = _luma_frames(recording)
    assert len(recorded) >= (SECONDS - 1) * 25
    first_ms, first = recorded[0]
    start = int(np.argmax([_psnr_db(frame, first) for frame in originals]))
    # By time and not by count: a busy machine may leave out a picture, never move one.
    quality_db = [
        _psnr_db(originals[(start + round((ms - first_ms) / FRAME_MS)) % len(originals)], frame)
        for ms, frame in recorded
    ]
    assert float(np.mean(quality_db)) >= PSNR_MEAN_DB_MIN
    assert min(quality_db) >= PSNR_MEAN_DB_MIN - 10


@pytest.mark.slow
def test_recording_of_a_looped_clip_when_read_by_ffmpeg_then_both_tracks_play(watched) -> None:
    _, _, recording = watched
    if shutil.which("ffprobe") is None or shutil.which("ffmpeg") is None:
        pytest.skip("needs ffmpeg and ffprobe on PATH")
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(recording)],
        capture_output=True, check=True,
    )  # fmt: skip
    streams = {stream["codec_type"]: stream for stream in json.loads(probe.stdout)["streams"]}
    assert streams["video"]["codec_name"] == "h264"
    assert (streams["video"]["width"], streams["video"]["height"]) == (1280, 720)
    assert streams["audio"]["codec_name"] == "opus"
    played = subprocess.run(
        ["ffmpeg", "-v", "error", "-xerror", "-i", str(recording), "-f", "null", "-"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert played.returncode == 0, played.stderr.decode()
    assert played.stderr == b""


def _packet_times_ms(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert video.time_base is not None
        return sorted(
            float(packet.pts * video.time_base * 1000)
            for packet in container.demux(video)
            if packet.pts is not None
        )


def _luma_frames(path: Path) -> list[tuple[float, np.ndarray]]:
    """Time in ms and luma at a quarter of the size: enough to tell pictures and quality apart."""
    frames = []
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for frame in container.decode(video=0):
            small = frame.reformat(width=320, height=180, format="gray")
            frames.append((frame.time * 1000, small.to_ndarray().astype(np.float32)))
    return frames


def _psnr_db(reference: np.ndarray, picture: np.ndarray) -> float:
    error = float(np.mean((reference - picture) ** 2))
    return 10 * np.log10(255.0**2 / max(error, 1e-6))
