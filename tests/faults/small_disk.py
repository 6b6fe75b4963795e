"""A disk that is full when a test wants it: a tmpfs of a few megabytes."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGE_BYTES: Final = 4096


def why_not() -> str:
    """Empty where a disk can be had; otherwise the reason of a skip."""
    if sys.platform != "linux":
        return "tmpfs is Linux's"
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return "mounting a tmpfs needs root"
    with tempfile.TemporaryDirectory() as folder:
        try:
            _mount(Path(folder), 1)
        except subprocess.CalledProcessError as error:
            words = error.stderr.decode(errors="replace").strip()
            return f"this machine mounts no tmpfs: {words}"
        _unmount(Path(folder))
    return ""


@dataclass(frozen=True)
class SmallDisk:
    folder: Path

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self, growing: Path | None = None) -> None:
        """To the last page, and to the end of that page which another file grows into."""
        for path, piece in ((self._ballast, bytes(PAGE_BYTES)), (growing, b"\n")):
            if path is not None:
                _fill(path, piece)

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)


def _fill(path: Path, piece: bytes) -> None:
    with path.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(piece)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    folder.mkdir(mode=0o700)
    _mount(folder, megabytes)
    try:
        yield SmallDisk(folder)
    finally:
        _unmount(folder)


def _mount(folder: Path, megabytes: int) -> None:
    options = f"size={megabytes}m,mode=0700"
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],
        check=True,
        capture_output=True,
    )


def _unmount(folder: Path) -> None:
    # Lazily: whoever still has a file there keeps it, and nobody else sees it.
    subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)
