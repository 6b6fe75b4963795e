"""The C halves of the fan-out bench, built with the machine's compiler into a temporary folder."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

SOURCES = Path(__file__).parents[1] / "native"
BUILD_TIMEOUT_S = 60.0


class NativePrograms(NamedTuple):
    sender: Path
    viewers: Path


def build_native_programs(folder: Path) -> NativePrograms | str:
    """The programs, or why there are none: then plain Python takes their place where it can."""
    if not sys.platform.startswith("linux"):
        return "the C programs use epoll, which only Linux has"
    compiler = shlex.split(os.environ.get("CC", "cc"))
    if not compiler or shutil.which(compiler[0]) is None:
        return "there is no C compiler (cc) on this machine"
    for name in NativePrograms._fields:
        built = subprocess.run(
            [*compiler, "-O2", "-o", str(folder / name), str(SOURCES / f"{name}.c")],
            capture_output=True,
            text=True,
            timeout=BUILD_TIMEOUT_S,
            check=False,
        )
        if built.returncode != 0:
            first_line = (built.stderr.strip().splitlines() or ["no reason given"])[0]
            return f"{name}.c does not build: {first_line}"
    return NativePrograms(folder / "sender", folder / "viewers")
