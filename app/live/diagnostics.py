"""What the program knows of itself, for feedback: versions, system, encoders, last errors.

Of an error in the log only its own sentence is kept, before anything is put into it, and the kind
of the exception: no addresses, no names of files, no words of others can be in that.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import platform
from collections import deque
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final

from app.live.encoder_table import probe_encoders
from app.state.inbox import describe_diagnostics

ERRORS_MAX: Final = 6
_LIBRARIES: Final = {"qt": "PySide6-Essentials", "pyav": "av", "websockets": "websockets"}


class RecentErrors(logging.Handler):
    """The newest warnings and errors of the log, in the program's own words. Any thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._lines: deque[str] = deque(maxlen=ERRORS_MAX)

    @property
    def lines(self) -> tuple[str, ...]:
        """Oldest first."""
        return tuple(self._lines)

    def emit(self, record: logging.LogRecord) -> None:
        at = datetime.fromtimestamp(record.created, UTC)
        error = record.exc_info[1] if record.exc_info else None
        kind = f" ({type(error).__name__})" if error is not None else ""
        sentence = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        self._lines.append(f"{at:%H:%M:%S} {record.name}: {sentence}{kind}")


async def collect_diagnostics(errors: RecentErrors) -> str:
    """Trying the encoders takes up to some seconds, in a thread."""
    facts = await asyncio.to_thread(_read_facts)
    return describe_diagnostics(facts, errors.lines, home=str(Path.home()))


def _read_facts() -> dict[str, str]:
    encoders = ", ".join(f"{row.codec} {row.name}" for row in probe_encoders() if row.works)
    return {
        "livehouse": _version_of("livehouse"),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: _version_of(library) for name, library in _LIBRARIES.items()},
        "encoders": encoders or "none works",
    }


def _version_of(library: str) -> str:
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version(library)
    return ""
