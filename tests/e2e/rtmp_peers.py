"""Programs that others wrote, as the other end of RTMP: ffmpeg sends, nginx receives."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest

from tests.e2e.programs import STOP_TIMEOUT_S, wait_until

RTMP_MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
PROBE_TIMEOUT_S = 20.0
START_TIMEOUT_S = 30.0

_CONFIGURATION = """
load_module {module};
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log info;
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{port}; application app {{ live on; record off; }} }} }}
"""

WITHOUT_B_FRAMES = ("-preset", "ultrafast", "-tune", "zerolatency")
WITH_B_FRAMES = ("-preset", "veryfast", "-bf", "2")


class Nginx:
    """A server of its own on a free port; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if self._program is None or not RTMP_MODULE.is_file():
            pytest.skip("needs nginx with its RTMP module (nginx-light, libnginx-mod-rtmp)")
        if shutil.which("ffprobe") is None or shutil.which("ffmpeg") is None:
            pytest.skip("needs ffmpeg and ffprobe on PATH")
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir(exist_ok=True)
        configuration = self._folder / "nginx.conf"
        configuration.write_text(
            _CONFIGURATION.format(module=RTMP_MODULE, folder=self._folder, port=self.port)
        )
        with (self._folder / "says").open("wb") as says:
            self._process = subprocess.Popen(
                [str(self._program), "-c", str(configuration), "-p", str(self._folder)],
                stdout=says, stderr=says,
            )  # fmt: skip
        wait_until(lambda: _answers(self.port), START_TIMEOUT_S, "nginx's port")
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(STOP_TIMEOUT_S)

    def address(self, key: str) -> str:
        return f"rtmp://127.0.0.1:{self.port}/app/{key}"

    def probe(self, key: str) -> dict[str, dict[str, object]]:
        """What ffprobe sees of a stream, by kind; empty while there is none."""
        command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", self.address(key)]
        try:
            found = subprocess.run(
                command, capture_output=True, check=False, timeout=PROBE_TIMEOUT_S
            )
        except subprocess.TimeoutExpired:
            return {}
        with suppress(json.JSONDecodeError):
            streams = json.loads(found.stdout).get("streams", [])
            return {stream["codec_type"]: stream for stream in streams}
        return {}


def start_sending(address: str, *options: str, errors_to: Path) -> subprocess.Popen[bytes]:
    """ffmpeg as an encoder: 360p at 30 frames a second, AAC of 44.1 kHz. Small, so that a busy
    machine encodes it twice in time."""
    return _start(*options, "-f", "flv", address, errors_to=errors_to)


def start_serving(address: str, *, errors_to: Path) -> subprocess.Popen[bytes]:
    """The same for whoever asks first at an HTTP address."""
    output = ("-f", "mpegts", "-listen", "1", address)
    return _start(*WITHOUT_B_FRAMES, *output, errors_to=errors_to)


def _start(*options: str, errors_to: Path) -> subprocess.Popen[bytes]:
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs ffmpeg on PATH")
    with errors_to.open("wb") as errors:
        return subprocess.Popen(
            ["ffmpeg", "-v", "error", "-re",
             "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30",
             "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100", "-t", "300",
             "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "30", "-b:v", "800k",
             "-c:a", "aac", "-ac", "2", *options],
            stdin=subprocess.DEVNULL, stderr=errors,
        )  # fmt: skip


def end(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl+C does: ffmpeg says goodbye."""
    process.terminate()
    process.wait(STOP_TIMEOUT_S)


def free_port() -> int:
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        return int(plug.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
        return True
    return False
