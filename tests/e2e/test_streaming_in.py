"""ffmpeg publishes by RTMP and is watched: passed on where it can be, encoded again where not."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest

from tests.e2e.programs import LivehouseProgram, RelayProgram, start_livehouse, wait_until
from tests.e2e.rtmp_peers import (
    WITH_B_FRAMES,
    WITHOUT_B_FRAMES,
    end,
    free_port,
    start_sending,
    start_serving,
)

KEY = "stream-key-of-the-encoder"
SECONDS = 5
WAIT_S = 60.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "words"),
    [(WITHOUT_B_FRAMES, "passed on as it is"), (WITH_B_FRAMES, "because of its B-frames")],
    ids=["copied", "b-frames"],
)
def test_watch_when_ffmpeg_publishes_then_picture_and_sound_come_in_step(
    tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    port = free_port()
    with RelayProgram(tmp_path / "data") as relay:
        to_room = ["--relay", relay.url, "--room", relay.room.name]
        ingest = LivehouseProgram(
            "ingest", "rtmp", *to_room, "--port", str(port),
            publish_key=relay.room.publish_key, says_to=tmp_path / "ingest.log",
            environment={"LIVEHOUSE_STREAM_KEY": KEY},
        )  # fmt: skip
        with ingest:
            wait_until(lambda: "waiting for an encoder" in ingest.log, WAIT_S, "the port")
            address = f"rtmp://127.0.0.1:{port}/live/{KEY}"
            encoder = start_sending(address, *options, errors_to=tmp_path / "ffmpeg.log")
            try:
                wait_until(lambda: "live in" in ingest.log, WAIT_S, "the broadcast")
                viewer = start_livehouse(
                    "watch", *to_room, "--seconds", str(SECONDS),
                    "--record", str(tmp_path / "watched.mkv"),
                    "--stats-json", str(tmp_path / "watch.json"), errors_to=tmp_path / "watch.log",
                )  # fmt: skip
                assert viewer.wait(SECONDS + WAIT_S) == 0, (tmp_path / "watch.log").read_text()
            finally:
                end(encoder)
            wait_until(lambda: "the encoder has stopped" in ingest.log, WAIT_S, "the end")
        assert words in ingest.log
        assert KEY not in ingest.log
    stats = json.loads((tmp_path / "watch.json").read_text())
    assert stats["frames"] >= (SECONDS - 1) * 30 // 2
    assert stats["pts_order_violations"] == 0
    assert _count_whole_pictures(tmp_path / "watched.mkv") > 30
    assert stats["av_offset_ms"]["samples"] > 0
    assert stats["av_offset_ms"]["p50"] <= 40


@pytest.mark.slow
def test_ingest_when_the_key_is_wrong_then_the_next_encoder_still_gets_in(tmp_path: Path) -> None:
    port = free_port()
    with RelayProgram(tmp_path / "data") as relay:
        ingest = LivehouseProgram(
            "ingest", "rtmp", "--relay", relay.url, "--room", relay.room.name,
            "--port", str(port), publish_key=relay.room.publish_key,
            says_to=tmp_path / "ingest.log", environment={"LIVEHOUSE_STREAM_KEY": KEY},
        )  # fmt: skip
        with ingest:
            wait_until(lambda: "waiting for an encoder" in ingest.log, WAIT_S, "the port")
            wrong = start_sending(
                f"rtmp://127.0.0.1:{port}/live/wrong", *WITHOUT_B_FRAMES,
                errors_to=tmp_path / "wrong.log",
            )  # fmt: skip
            assert wrong.wait(WAIT_S) != 0
            wait_until(lambda: "the stream key is wrong" in ingest.log, WAIT_S, "the refusal")
            right = start_sending(
                f"rtmp://127.0.0.1:{port}/live/{KEY}", *WITHOUT_B_FRAMES,
                errors_to=tmp_path / "right.log",
            )  # fmt: skip
            try:
                wait_until(lambda: "live in" in ingest.log, WAIT_S, "the broadcast")
            finally:
                end(right)


@pytest.mark.slow
def test_pull_when_an_address_streams_then_it_is_passed_on_and_watched(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/stream.ts"
    serving = start_serving(address, errors_to=tmp_path / "ffmpeg.log")
    try:
        with RelayProgram(tmp_path / "data") as relay:
            to_room = ["--relay", relay.url, "--room", relay.room.name]
            ingest = LivehouseProgram(
                "ingest", "pull", *to_room, "--url", address,
                publish_key=relay.room.publish_key, says_to=tmp_path / "ingest.log",
            )  # fmt: skip
            with ingest:
                wait_until(lambda: "live in" in ingest.log, WAIT_S, "the broadcast")
                viewer = start_livehouse(
                    "watch", *to_room, "--seconds", "3",
                    "--record", str(tmp_path / "watched.mkv"),
                    "--stats-json", str(tmp_path / "watch.json"), errors_to=tmp_path / "watch.log",
                )  # fmt: skip
                assert viewer.wait(WAIT_S) == 0, (tmp_path / "watch.log").read_text()
                end(serving)
                wait_until(lambda: "trying again" in ingest.log, WAIT_S, "the loss")
            assert "passed on as it is" in ingest.log
    finally:
        end(serving)
    stats = json.loads((tmp_path / "watch.json").read_text())
    assert stats["frames"] > 30
    assert _count_whole_pictures(tmp_path / "watched.mkv") > 30
    assert stats["pts_order_violations"] == 0


def _count_whole_pictures(recording: Path) -> int:
    """What was watched, decoded here: a busy machine's late decoder is no fault of the stream."""
    with av.open(str(recording)) as container:
        pictures = list(container.decode(video=0))
    assert not any(picture.is_corrupt for picture in pictures)
    return len(pictures)
