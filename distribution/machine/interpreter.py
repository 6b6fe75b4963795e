"""Which Python runs: the one that began, a fitting one in its stead, or that of .venv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from distribution.machine.steps import ROOT, Stop, as_typed, run_in_foreground, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

VENV = ROOT / ".venv"
PYTHONS = ((3, 11), (3, 12), (3, 13))


def go_on_with_a_fitting_python() -> None:
    """Return if this interpreter is supported; otherwise start one that is, or stop."""
    version = sys.version_info[:2]
    if version in PYTHONS:
        return
    here = ".".join(map(str, sys.version_info[:3]))
    span = f"3.{PYTHONS[0][1]} to 3.{PYTHONS[-1][1]}"
    found = find_fitting_python()
    if found is None:
        raise Stop(
            f"Livehouse needs Python {span}; this is {here} and no fitting one is on PATH.\n"
            "Install one and run this again:\n"
            "  Debian, Ubuntu   sudo apt-get install python3 python3-venv\n"
            "  Fedora           sudo dnf install python3.13\n"
            "  macOS            brew install python@3.13\n"
            "  Windows          winget install Python.Python.3.13"
        )
    say(f"Livehouse needs Python {span}; this is {here}, so going on with {as_typed(found)}.")
    raise SystemExit(run_in_foreground([*found, str(ROOT / "dev.py"), *sys.argv[1:]]))


def find_fitting_python() -> list[str] | None:
    candidates = [[str(venv_program("python"))]]
    for major, minor in reversed(PYTHONS):
        candidates.append([f"python{major}.{minor}"])
        if os.name == "nt":
            candidates.append(["py", f"-{major}.{minor}"])
    for candidate in candidates:
        program = shutil.which(candidate[0])
        if program and python_version([program, *candidate[1:]])[:2] in PYTHONS:
            return [program, *candidate[1:]]
    return None


def python_version(command: Sequence[str]) -> tuple[int, ...]:
    """Ask an interpreter which it is; () when it does not start (a shim, a moved one)."""
    question = "import sys; print(*sys.version_info[:3])"
    try:
        answer = subprocess.run(
            [*command, "-c", question],
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(int(part) for part in answer.stdout.split())


def venv_program(name: str) -> Path:
    if os.name == "nt":
        return VENV / "Scripts" / f"{name}.exe"
    return VENV / "bin" / name


def base_python() -> str:
    """Not the one inside .venv, which may be running this and is about to be replaced."""
    return str(getattr(sys, "_base_executable", sys.executable))
