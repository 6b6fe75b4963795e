"""The load generators against the C sender: what the fan-out bench rests on."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.harness import packet_schedule
from benchmarks.harness.native_programs import NativePrograms, build_native_programs
from benchmarks.harness.processes import BenchProcess, ProcessFailed

if TYPE_CHECKING:
    from pathlib import Path

VIEWERS = 3


@pytest.fixture
def native(tmp_path: Path) -> NativePrograms:
    built = build_native_programs(tmp_path)
    if isinstance(built, str):
        pytest.skip(built)
    return built


@pytest.fixture
def schedule_file(tmp_path: Path) -> Path:
    path = tmp_path / "schedule"
    packet_schedule.write_file(packet_schedule.make_schedule(), path)
    return path


@pytest.mark.parametrize("generator", ["c", "python"])
def test_generator_with_the_c_sender_counts_every_packet(
    generator: str, native: NativePrograms, schedule_file: Path
) -> None:
    program = {
        "c": [str(native.viewers)],
        "python": [sys.executable, "-m", "benchmarks.harness.python_viewers"],
    }[generator]
    with BenchProcess("sender", [str(native.sender), str(schedule_file)]) as sender:
        port = sender.read_event("ready")["port"]
        options = f"--port {port} --viewers {VIEWERS} --warmup 0.1 --seconds 1".split()
        with BenchProcess("viewers", [*program, *options]) as viewers:
            assert viewers.read_event("connected")["connected"] == VIEWERS
            viewers.read_event("measuring")
            measured = viewers.read_event("measured")
            assert sender.cpu_s() >= 0
            viewers.close_input()
            assert viewers.wait() == 0
    assert measured["error"] == ""
    assert (measured["lost"], measured["out_of_order"], measured["closed"]) == (0, 0, 0)
    assert measured["video_packets"] == pytest.approx(30 * VIEWERS, abs=4 * VIEWERS)
    assert measured["audio_packets"] == pytest.approx(50 * VIEWERS, abs=4 * VIEWERS)
    delay_ms = measured["delay_ms"]["video"]
    assert 0 < delay_ms["p50"] <= delay_ms["p99"] <= delay_ms["max"] + 0.05
    assert delay_ms["before_sent"] == 0


def test_generator_without_a_sender_says_why(native: NativePrograms) -> None:
    options = ["--port", "1", "--viewers", "2", "--warmup", "0", "--seconds", "0.1"]
    with BenchProcess("viewers", [str(native.viewers), *options]) as viewers:
        connected = viewers.read_event("connected")
    assert connected["connected"] == 0
    assert "refused" in connected["error"]


def test_process_that_fails_shows_what_it_said() -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('out of luck')"]
    with (
        BenchProcess("the child", command) as child,
        pytest.raises(ProcessFailed, match="the child ended early\nout of luck"),
    ):
        child.read_json()


def test_process_that_says_something_else_is_refused() -> None:
    command = [sys.executable, "-c", f"print({json.dumps([1])!r})"]
    with (
        BenchProcess("the child", command) as child,
        pytest.raises(ProcessFailed, match="instead of an object"),
    ):
        child.read_json()
