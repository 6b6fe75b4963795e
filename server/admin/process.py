"""What the system says of the relay's own process."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

_STATM: Final = Path("/proc/self/statm")


def program_version() -> str:
    """Empty where the program is run without having been installed."""
    try:
        return version("livehouse")
    except PackageNotFoundError:
        return ""


def memory_bytes() -> int:
    """Resident memory now; where only the peak is told, the peak; 0 where nothing is."""
    try:
        pages = int(_STATM.read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return _peak_bytes()
    return pages * _page_bytes()


def _page_bytes() -> int:
    if sys.platform == "win32":
        return 4096
    import resource  # noqa: PLC0415 # POSIX alone has it

    return resource.getpagesize()


def _peak_bytes() -> int:
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 # POSIX alone has it

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
