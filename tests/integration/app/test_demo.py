"""The demo with the bundled relay, on a machine without a display."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from app.errors import RelayUnreachable
from app.net import relay_process
from app.net.relay_process import start_relay
from tests.conftest import REPOSITORY

_DISPLAYS = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="these always have a display")
async def test_demo_when_there_is_no_display_then_it_shows_figures_and_ends(
    tmp_path: Path,
) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in _DISPLAYS}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", "demo", "--seconds", "7", "--data-dir", str(tmp_path),
        cwd=REPOSITORY,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        _, stderr = await process.communicate()
    lines = stderr.decode()
    assert process.returncode == 0, lines
    assert "no display: statistics only" in lines
    assert "live in" in lines
    assert "latency" in lines
    assert "Traceback" not in lines


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
