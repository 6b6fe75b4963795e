"""The commands that need no second machine: `demo`, and going live without a window."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from app.errors import RelayUnreachable
from app.net import relay_process
from app.net.relay_process import start_relay
from tests.conftest import REPOSITORY

_DISPLAYS = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is POSIX")
headless = pytest.mark.skipif(
    sys.platform in {"win32", "darwin"}, reason="these always have a display"
)


class Program:
    """`livehouse` as a process; its temporary files go into a folder that can be looked at."""

    def __init__(self, process: asyncio.subprocess.Process, temporary: Path) -> None:
        self.process = process
        self.temporary = temporary
        self.words = ""

    async def read_until(self, words: str) -> None:
        stderr = self.process.stderr
        assert stderr is not None
        while words not in self.words:
            line = (await stderr.readline()).decode()
            assert line, f"it ended with {await self.process.wait()}:\n{self.words}"
            self.words += line

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    async def end(self) -> int:
        stderr = self.process.stderr
        assert stderr is not None
        self.words += (await stderr.read()).decode()
        return await self.process.wait()


@contextlib.asynccontextmanager
async def program(tmp_path: Path, *arguments: str, platform: str = "") -> AsyncIterator[Program]:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {name: value for name, value in os.environ.items() if name not in _DISPLAYS}
    environment["TMPDIR"] = str(temporary)
    if platform:
        environment["QT_QPA_PLATFORM"] = platform
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", *arguments,
        cwd=REPOSITORY,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(80):
            yield Program(process, temporary)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@headless
async def test_livehouse_when_there_is_no_display_then_goes_live_without_a_window(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    async with program(tmp_path, "--seconds", "7", "--data-dir", str(data)) as livehouse:
        assert await livehouse.end() == 0, livehouse.words
    assert "no display: going live without a window" in livehouse.words
    assert "live in" in livehouse.words
    assert "latency" in livehouse.words
    assert "Traceback" not in livehouse.words
    assert (data / "relay" / "relay.log").is_file(), "the relay is the window's"


async def test_window_when_seconds_are_given_then_closes_by_itself(tmp_path: Path) -> None:
    arguments = ("--seconds", "1.5", "--data-dir", str(tmp_path / "data"))
    async with program(tmp_path, *arguments, platform="offscreen") as livehouse:
        assert await livehouse.end() == 0, livehouse.words
    assert livehouse.words == ""


@headless
async def test_link_when_there_is_no_display_then_one_line_says_so(tmp_path: Path) -> None:
    async with program(tmp_path, "--join", "livehouse://127.0.0.1:1/") as livehouse:
        assert await livehouse.end() == 2
    assert livehouse.words.count("\n") == 1
    assert "no display for --join" in livehouse.words


@posix
async def test_demo_when_interrupted_then_nothing_is_left(tmp_path: Path) -> None:
    async with program(tmp_path, "demo", "--no-window", "--viewers", "6") as demo:
        await demo.read_until("viewers for 5 rooms")
        children = demo.children()
        assert any("server" in " ".join(child.cmdline()) for child in children)
        demo.process.send_signal(signal.SIGINT)
        assert await demo.end() == 0, demo.words
    assert "Traceback" not in demo.words
    assert psutil.wait_procs(children, timeout=1)[1] == []
    assert list(demo.temporary.glob("livehouse-demo-*")) == []


@posix
async def test_demo_when_its_window_is_closed_then_nothing_is_left(tmp_path: Path) -> None:
    arguments = ("demo", "--viewers", "6")
    async with program(tmp_path, *arguments, platform="offscreen") as demo:
        await demo.read_until("watching in 5 rooms")
        children = demo.children()
        assert len(children) >= 2, "the house and its relay"
        demo.process.send_signal(signal.SIGTERM)
        assert await demo.end() == 0, demo.words
    assert "Traceback" not in demo.words
    assert psutil.wait_procs(children, timeout=1)[1] == []
    assert list(demo.temporary.glob("livehouse-demo-*")) == []


@posix
async def test_demo_when_told_to_end_before_it_is_open_then_nothing_is_left(tmp_path: Path) -> None:
    async with program(tmp_path, "demo", platform="offscreen") as demo:
        await demo.read_until("live in")
        children = demo.children()
        demo.process.send_signal(signal.SIGTERM)
        assert await demo.end() == 0, demo.words
    assert "Traceback" not in demo.words
    assert psutil.wait_procs(children, timeout=10)[1] == []
    assert list(demo.temporary.glob("livehouse-demo-*")) == []


@posix
async def test_demo_when_killed_outright_then_its_processes_end_by_themselves(
    tmp_path: Path,
) -> None:
    async with program(tmp_path, "demo", "--viewers", "4", platform="offscreen") as demo:
        await demo.read_until("viewers for 5 rooms")
        children = demo.children()
        demo.process.kill()
        _, alive = await asyncio.to_thread(psutil.wait_procs, children, 20)
        assert alive == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("demo", "/no/such/film.mp4"), "/no/such/film.mp4"),
        (("demo", "--viewers", "0"), "--viewers"),
        (("simulate", "--relay", "ws://127.0.0.1:1", "--viewers", "401"), "--viewers"),
        (("simulate", "--relay", "ws://127.0.0.1:1", "--picture-share", "2"), "--picture-share"),
    ],
)
async def test_command_when_its_input_is_bad_then_one_line_says_so(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    async with program(tmp_path, *arguments) as livehouse:
        assert await livehouse.end() == 2
    assert livehouse.words.count("\n") == 1
    assert words in livehouse.words


async def test_demo_when_a_file_is_no_media_then_it_ends_with_a_line(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"not a film")
    async with program(tmp_path, "demo", "--no-window", str(film)) as demo:
        assert await demo.end() in {2, 5}, demo.words
    assert "film.mp4" in demo.words
    assert "Traceback" not in demo.words


async def test_relay_when_it_is_started_and_stopped_then_it_ends_in_order(tmp_path: Path) -> None:
    relay = await start_relay(data_dir=tmp_path / "data", room="home")
    try:
        assert relay.ready.url.startswith("ws://127.0.0.1:")
        assert [room.name for room in relay.ready.rooms] == ["home"]
        assert relay.ready.rooms[0].publish_key not in repr(relay.ready)
    finally:
        await relay.stop()
    assert await relay.wait() == 0


async def test_relay_when_it_ends_before_it_serves_then_the_log_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_process, "READY_TIMEOUT_S", 15.0)
    (tmp_path / "livehouse.db").mkdir()
    with pytest.raises(RelayUnreachable, match=r"relay\.log"):
        await start_relay(data_dir=tmp_path, room="")
