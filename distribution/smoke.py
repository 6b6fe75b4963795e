"""Runs the packaged programs as somebody who has no Python: an empty home, nothing on the PATH.

    python -m distribution.smoke dist/livehouse [--picture window.png] [--json FILE]

Relay, broadcast, viewer and the demo's way (`livehouse host`) must work, the window must open, be
painted and close. Each step prints what it took; the first that fails ends it with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

START_TIMEOUT_S: Final = 60.0
STEP_TIMEOUT_S: Final = 90.0
STOP_TIMEOUT_S: Final = 20.0
BROADCAST_S: Final = 25
WATCH_S: Final = 4
WINDOW_S: Final = 5
_KEPT: Final = ("DISPLAY", "XAUTHORITY", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
"""Without a screen there is no window; Windows starts nothing without its root."""


class SmokeFailed(Exception):
    """What did not work, in words."""


@dataclass
class PackagedPrograms:
    """Both programs of one packaged folder, and a home that is empty at the beginning."""

    folder: Path
    home: Path
    took_s: dict[str, float] = field(default_factory=dict)

    def command(self, program: str) -> str:
        suffix = ".exe" if sys.platform == "win32" else ""
        return str(self.folder / f"{program}{suffix}")

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        nowhere = str(self.home / "no-programs-here")
        return {**kept, "HOME": str(self.home), "USERPROFILE": str(self.home), "PATH": nowhere}

    def run(self, program: str, *arguments: str, extra: dict[str, str] | None = None) -> str:
        """Its standard output. Raises SmokeFailed unless it ends with 0."""
        done = subprocess.run(
            [self.command(program), *arguments],
            env={**self.environment(), **(extra or {})},
            capture_output=True,
            timeout=STEP_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode != 0:
            words = done.stderr.decode(errors="replace")[-2000:]
            raise SmokeFailed(f"{program} {arguments[0]} ended with {done.returncode}: {words}")
        return done.stdout.decode(errors="replace")

    @contextmanager
    def started(self, program: str, *arguments: str, extra: dict[str, str] | None = None) -> Any:
        """A child for the time of the block; asked to end after it, and made to."""
        with (self.home / f"{program}.log").open("ab") as log:
            process = subprocess.Popen(
                [self.command(program), *arguments],
                env={**self.environment(), **(extra or {})},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.took_s[name] = time.monotonic() - started


def about(programs: PackagedPrograms) -> str:
    words = programs.run("livehouse-relay", "about")
    if "livehouse" not in words or "ffmpeg" not in words:
        raise SmokeFailed(f"livehouse-relay about says {words!r}")
    commands = programs.run("livehouse", "--help")
    if "publish" not in commands:
        raise SmokeFailed(f"livehouse --help says {commands!r}")
    return " · ".join(" ".join(line.split()) for line in words.splitlines()[:3])


def devices(programs: PackagedPrograms) -> str:
    """Encoders are tried, sound and camera libraries are loaded."""
    if "libx264" not in programs.run("livehouse", "encoders"):
        raise SmokeFailed("libx264 is missing")
    lines = programs.run("livehouse", "devices").splitlines()
    return f"encoders work, {len(lines)} devices listed"


def broadcast(programs: PackagedPrograms) -> str:
    """The relay, a test card with tone, and a viewer of them."""
    data = ("--data-dir", str(programs.home / "relay"))
    with programs.started("livehouse-relay", "run", *data, *_RUN_OPTIONS) as relay:
        ready = _read_ready(relay)
        room = ready["rooms"][0]
        there = ("--relay", ready["url"], "--room", room["id"])
        source = ("--source", "testcard", "--audio", "tone", "--seconds", str(BROADCAST_S))
        key = {"LIVEHOUSE_PUBLISH_KEY": room["publish_key"]}
        statistics = programs.home / "watched.json"
        with programs.started("livehouse", "publish", *there, *source, extra=key):
            seconds = ("--seconds", str(WATCH_S), "--stats-json", str(statistics))
            programs.run("livehouse", "watch", *there, *seconds)
        seen = json.loads(statistics.read_text(encoding="utf-8"))
    frames = int(seen["frames"])
    if frames < WATCH_S * 10:
        raise SmokeFailed(f"the viewer saw {frames} pictures in {WATCH_S} s")
    return f"{frames} pictures watched in {WATCH_S} s"


def hosted(programs: PackagedPrograms) -> str:
    """The desktop program starts the relay that lies beside it."""
    folder = ("--data-dir", str(programs.home / "hosted"))
    without_screen = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
    programs.run("livehouse", *folder, "host", "--seconds", "3", extra=without_screen)
    return "went live with the relay beside it"


def window(programs: PackagedPrograms, picture: Path | None) -> str:
    """Opened twice: the second start finds its files in memory, as a user's usual start does."""
    from distribution.screen import Screen  # noqa: PLC0415 # Qt, and a display, for this step only

    screen = Screen()
    folder = ("--data-dir", str(programs.home / "window"), "--seconds", str(WINDOW_S))
    for start in ("first start", "second start"):
        began = time.monotonic()
        with programs.started("livehouse", *folder) as process:
            if not screen.wait_until_painted(START_TIMEOUT_S):
                raise SmokeFailed("no window was painted")
            programs.took_s[f"window, {start}"] = time.monotonic() - began
            if picture is not None:
                screen.save(picture)
            code = process.wait(WINDOW_S + STOP_TIMEOUT_S)
        if code != 0:
            raise SmokeFailed(f"the window's program ended with {code}")
        if not screen.wait_until_empty(STOP_TIMEOUT_S):
            raise SmokeFailed("something is on the screen after the window was closed")
    return f"painted after {programs.took_s['window, second start']:.2f} s"


_RUN_OPTIONS: Final = (
    *("--host", "127.0.0.1", "--port", "0", "--room", "Hall", "--print-ready"),
    "--stop-with-stdin",
)


def _read_ready(relay: subprocess.Popen[bytes]) -> dict[str, Any]:
    deadline = time.monotonic() + START_TIMEOUT_S
    if relay.stdout is None:
        raise SmokeFailed("the relay has no standard output")
    while time.monotonic() < deadline and (line := relay.stdout.readline()):
        if line.startswith(b"{"):
            ready: dict[str, Any] = json.loads(line)
            return ready
    raise SmokeFailed("the relay did not say that it is ready")


def run_all(folder: Path, home: Path, *, picture: Path | None) -> PackagedPrograms:
    """Every step; prints a line for each. Raises SmokeFailed."""
    programs = PackagedPrograms(folder.resolve(), home)
    steps: list[tuple[str, Callable[[], str]]] = [
        ("versions", lambda: about(programs)),
        ("devices", lambda: devices(programs)),
        ("broadcast", lambda: broadcast(programs)),
        ("host", lambda: hosted(programs)),
    ]
    if sys.platform != "linux" or os.environ.get("DISPLAY"):
        steps.append(("window", lambda: window(programs, picture)))
    else:
        sys.stdout.write("window      not tried: there is no display\n")
    for name, step in steps:
        with programs.timed(name):
            words = step()
        sys.stdout.write(f"{name:<12}{programs.took_s[name]:6.1f} s  {words}\n")
        sys.stdout.flush()
    return programs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--picture", type=Path, help="where the photograph of the window goes")
    parser.add_argument("--json", type=Path, help="where the times go")
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="livehouse-smoke-"))
    try:
        programs = run_all(options.folder, home, picture=options.picture)
    except (SmokeFailed, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"the packaged programs fail: {error}\n")
        return 1
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(programs.took_s, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
