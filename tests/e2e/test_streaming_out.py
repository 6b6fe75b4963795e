"""A broadcast pushed to nginx's RTMP module: the stream probes right, and targets do not touch each
other."""

from __future__ import annotations

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.programs import LivehouseProgram, RelayProgram, wait_until
from tests.e2e.rtmp_peers import Nginx

KEY = "key-of-the-channel"
RECORDED_S = 8
WAIT_S = 60.0
GAP_S_MAX = 1.0
"""Of a test card at 30 frames a second on a machine that may stand still for a moment."""


@pytest.mark.slow
def test_push_when_one_of_two_servers_is_killed_then_the_other_loses_nothing(
    tmp_path: Path,
) -> None:
    targets, stats_file = tmp_path / "targets.toml", tmp_path / "publish.json"
    recording = tmp_path / "pushed.mkv"
    with (
        Nginx(tmp_path / "alive") as alive,
        Nginx(tmp_path / "dying") as dying,
        RelayProgram(tmp_path / "data") as relay,
    ):
        targets.write_text(
            "".join(
                f'[[target]]\nname = "{name}"\nkey = "{KEY}"\n'
                f'address = "rtmp://127.0.0.1:{server.port}/app"\n'
                for name, server in (("alive", alive), ("dying", dying))
            )
        )
        publisher = LivehouseProgram(
            "publish", "--relay", relay.url, "--room", relay.room.name, "--source", "testcard",
            "--push-file", str(targets), "--stats-json", str(stats_file),
            publish_key=relay.room.publish_key, says_to=tmp_path / "publish.log",
        )  # fmt: skip
        with publisher:
            wait_until(lambda: "alive: live" in publisher.log, WAIT_S, "the first target")
            wait_until(lambda: "dying: live" in publisher.log, WAIT_S, "the second target")
            for server in (alive, dying):
                streams = server.probe(KEY)
                assert streams["video"]["codec_name"] == "h264"
                assert (streams["video"]["width"], streams["video"]["height"]) == (1280, 720)
                assert streams["audio"]["codec_name"] == "aac"
                assert streams["audio"]["sample_rate"] == "48000"
            recorder = _record(alive.address(KEY), recording)
            wait_until(
                lambda: recording.exists() and recording.stat().st_size > 100_000, WAIT_S,
                "the recording",
            )  # fmt: skip
            dying.kill()
            wait_until(lambda: "dying: waiting" in publisher.log, WAIT_S, "the loss")
            assert recorder.wait(RECORDED_S + WAIT_S) == 0
    told = json.loads(stats_file.read_text())
    by_name = {target["name"]: target for target in told["targets"]}
    assert (by_name["alive"]["dropped"], by_name["alive"]["reconnects"]) == (0, 0)
    assert sum(told["link"]["dropped"].values()) == told["link"]["dropped"].get("no_link", 0)
    for kind in ("v", "a"):
        times = _packet_times(recording, kind)
        assert times[-1] - times[0] > RECORDED_S - 2
        assert max(after - before for before, after in pairwise(times)) < (GAP_S_MAX)
    assert KEY not in (tmp_path / "publish.log").read_text()


def _record(address: str, recording: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["ffmpeg", "-v", "error", "-y", "-flush_packets", "1", "-i", address,
         "-t", str(RECORDED_S), "-c", "copy", str(recording)],
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _packet_times(recording: Path, kind: str) -> list[float]:
    found = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", f"{kind}:0",
         "-show_entries", "packet=pts_time", "-of", "csv=p=0", str(recording)],
        capture_output=True, check=True,
    )  # fmt: skip
    return [float(line.rstrip(b",")) for line in found.stdout.split()]
