"""The virtual environment in .venv: exactly what requirements.lock says, and Livehouse itself."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import shutil
import sys
from typing import TYPE_CHECKING

from distribution.machine.interpreter import VENV, base_python, python_version, venv_program
from distribution.machine.steps import ROOT, Stop, run_step
from distribution.machine.system_packages import find_privilege

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = ROOT / "requirements.lock"


@contextlib.contextmanager
def one_set_up_at_a_time() -> Iterator[None]:
    """Two terminals that start at once must not build the environment over each other."""
    with LOCK.open("rb") as lock:
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 # not there on Windows

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up_environment(*, rebuild: bool) -> None:
    """Bring .venv to exactly what the lock says, with this checkout importable in it."""
    python = str(venv_program("python"))
    # The path is in it because a moved environment's programs still point to the old place, the
    # version because `python3.13 dev.py test` has to mean what it says.
    place = f"{ROOT}\nPython {sys.version_info[0]}.{sys.version_info[1]}\n"
    locked = place + hashlib.sha256(LOCK.read_bytes()).hexdigest()
    project = place + hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    locked_stamp, project_stamp = VENV / "stamp-lock", VENV / "stamp-project"
    stamped = read_stamp(locked_stamp)
    if not rebuild and stamped == locked and read_stamp(project_stamp) == project:
        return
    with one_set_up_at_a_time():
        stamped = read_stamp(locked_stamp)
        if rebuild or not stamped.startswith(place) or not python_version([python]):
            create_environment()
            stamped = ""
        if stamped != locked:
            locked_stamp.unlink(missing_ok=True)
            # The lock is complete, so pip need not resolve; and nothing is built from source.
            flags = "--require-hashes --no-deps --only-binary :all: --progress-bar off"
            command = f"install {flags} --requirement {LOCK.name}"
            run_step("Locked packages", [*pip(python), *command.split()])
            locked_stamp.write_text(locked, encoding="utf-8")
        if read_stamp(project_stamp) != project:
            command = "install --no-index --no-deps --no-build-isolation --editable ."
            run_step("Livehouse itself", [*pip(python), *command.split()])
            project_stamp.write_text(project, encoding="utf-8")


def read_stamp(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def pip(python: str) -> list[str]:
    return [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]


def create_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        install_venv_module()
    run_step(
        f"Virtual environment with Python {sys.version_info[0]}.{sys.version_info[1]}",
        [base_python(), "-m", "venv", "--clear", str(VENV)],
    )


def install_venv_module() -> None:
    """Debian and Ubuntu keep half of the standard library's venv in a package of its own."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    privilege = find_privilege()
    if privilege is None or shutil.which("apt-get") is None:
        raise Stop(f"This Python cannot make virtual environments. sudo apt-get install {package}")
    run_step("System package lists", [*privilege, "apt-get", "update"])
    run_step("System packages", [*privilege, "apt-get", "install", "-y", package])
