"""Libraries and programs of the system: which are missing, and how they come."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from distribution.machine.steps import Stop, as_typed, run_step, say

if TYPE_CHECKING:
    from collections.abc import Sequence


class PackageManager(NamedTuple):
    program: str
    query: str
    """Prints `installed` as a line of its own for each package that is there."""
    installed: str
    install: str
    needed: str
    """Without these the programs do not start."""
    fonts: str
    """Without these Chinese text and emoji show as boxes."""
    tests: str
    """Without these some tests skip themselves and say so, or nothing is packaged."""


PACKAGE_MANAGERS = (
    PackageManager(
        program="apt-get",
        query="dpkg-query -W -f ${db:Status-Status}=${Package}\\n",
        installed="installed={}",
        install="apt-get install -y --no-install-recommends",
        needed="libportaudio2 libegl1 libgl1 libglib2.0-0 libxkbcommon0 libxkbcommon-x11-0 "
        "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 "
        "libxcb-render-util0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libx11-xcb1 "
        "libdbus-1-3 libfontconfig1",
        fonts="fonts-noto-cjk fonts-noto-color-emoji",
        tests="xvfb xauth pulseaudio libasound2-plugins postgresql ffmpeg gcc libc6-dev iproute2 "
        "nftables libfaketime openssl nginx-light libnginx-mod-rtmp",
    ),
    PackageManager(
        program="dnf",
        query="rpm -q --qf %{NAME}\\n",
        installed="{}",
        install="dnf install -y",
        needed="portaudio mesa-libEGL mesa-libGL glib2 libxkbcommon libxkbcommon-x11 "
        "xcb-util-cursor xcb-util-wm xcb-util-image xcb-util-keysyms xcb-util-renderutil "
        "dbus-libs fontconfig",
        fonts="google-noto-sans-cjk-fonts google-noto-color-emoji-fonts",
        tests="xorg-x11-server-Xvfb xorg-x11-xauth pulseaudio-utils alsa-plugins-pulseaudio "
        "postgresql-server ffmpeg-free gcc iproute nftables libfaketime openssl",
    ),
    PackageManager(
        program="pacman",
        query="pacman -Qq",
        installed="{}",
        install="pacman -S --needed --noconfirm",
        needed="portaudio libglvnd glib2 libxkbcommon libxkbcommon-x11 xcb-util-cursor "
        "xcb-util-wm xcb-util-image xcb-util-keysyms xcb-util-renderutil dbus fontconfig",
        fonts="noto-fonts-cjk noto-fonts-emoji",
        tests="xorg-server-xvfb xorg-xauth pulseaudio alsa-plugins postgresql ffmpeg gcc "
        "iproute2 nftables libfaketime openssl",
    ),
)
"""macOS and Windows need none: the wheels of PySide6 and sounddevice hold all that they use."""

SAME_AS = {"gcc": "cc", "libc6-dev": "cc", "ffmpeg": "ffprobe", "ffmpeg-free": "ffprobe"}
"""Packages that are not asked for where their program came from somewhere else."""


def set_up_system(*, for_tests: bool) -> None:
    """Install the missing system packages, or name the command that does."""
    manager = next((one for one in PACKAGE_MANAGERS if shutil.which(one.program)), None)
    if manager is None:
        for program in ("ffprobe", "initdb") if for_tests else ():
            if shutil.which(program) is None:
                say(f"- {program} is not on PATH: the tests that need it will be skipped")
        return
    wanted = f"{manager.needed} {manager.fonts} {manager.tests if for_tests else ''}".split()
    if for_tests and manager.program == "apt-get":
        wanted += debian_python_library()
    missing = find_missing_packages(manager, wanted)
    if not missing:
        return
    install = [*manager.install.split(), *missing]
    privilege = find_privilege()
    if manager.program == "apt-get" and privilege is not None:
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        say(f"Missing on this system: {' '.join(missing)}")
        # A mirror that is down is no reason to stop while the package lists at hand still do.
        with contextlib.suppress(Stop):
            run_step("System package lists", [*privilege, "apt-get", "update"], env)
        patience = ["-o", "DPkg::Lock::Timeout=120"]  # another installer may be at work
        run_step("System packages", [*privilege, *install, *patience], env)
        return
    by_hand = as_typed(["sudo", *install])
    vital = sorted(set(missing) & set(manager.needed.split()))
    if vital:
        raise Stop(
            f"These system libraries are missing: {' '.join(vital)}\n"
            f"Type this, then run it again (or go on without: dev.py --no-system ...):\n  {by_hand}"
        )
    say(f"Missing on this system, so some things are skipped: {' '.join(missing)}\n  {by_hand}")


def debian_python_library() -> list[str]:
    """What the packaged folder takes along and Debian keeps apart from its own interpreter."""
    is_debians = sys.base_prefix == "/usr"
    return [f"libpython{sys.version_info[0]}.{sys.version_info[1]}"] if is_debians else []


def find_missing_packages(manager: PackageManager, names: Sequence[str]) -> list[str]:
    # The time_t transition renamed some of Debian's libraries from x to xt64.
    asked = [*names, *(f"{name}t64" for name in names if manager.program == "apt-get")]
    query = [part.replace("\\n", "\n") for part in manager.query.split()]
    answer = subprocess.run(
        [*query, *asked],
        check=False,  # says 1 as soon as one of them is unknown
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    there = set(answer.stdout.decode().split("\n"))
    return [
        name
        for name in names
        if manager.installed.format(name) not in there
        and manager.installed.format(f"{name}t64") not in there
        and not (name in SAME_AS and shutil.which(SAME_AS[name]))
    ]


def find_privilege() -> list[str] | None:
    """What to put before a command to run it as root without being asked; None if nothing does."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    test = subprocess.run(
        ["sudo", "-n", "true"],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return ["sudo", "-n"] if test.returncode == 0 else None
