"""A wall clock that jumps, by libfaketime: for a program that is started with `environment`.

The monotonic clock goes on as it is, as it does when somebody sets a machine's clock.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DAY_S: Final = 24 * 3600
_FOLDERS: Final = ("/usr/lib", "/usr/lib64", "/usr/local/lib")
_LIBRARY: Final = "faketime/libfaketimeMT.so.1"


def why_not() -> str:
    """Empty where clocks can jump; otherwise the reason of a skip."""
    if not sys.platform.startswith("linux"):
        return "libfaketime is used on Linux"
    return "" if _find() is not None else "not installed: libfaketime"


def _find() -> Path | None:
    return next(
        (
            found
            for folder in _FOLDERS
            for pattern in (_LIBRARY, f"*/{_LIBRARY}")
            for found in sorted(Path(folder).glob(pattern))
        ),
        None,
    )


@dataclass(frozen=True)
class WallClock:
    """Right until it is told to jump."""

    file: Path

    @property
    def environment(self) -> dict[str, str]:
        self.jump(0)
        return {
            "LD_PRELOAD": str(_find()),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def jump(self, seconds: int) -> None:
        """So far ahead of the true time, or behind; at once, in every program that has it."""
        # In one piece: a reader between two writes must not find an empty file.
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n", encoding="ascii")
        fresh.replace(self.file)
