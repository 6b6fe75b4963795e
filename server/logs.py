"""Structured logs on standard error: for people by default, JSON lines with --log-json."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import TYPE_CHECKING, Final, TextIO, cast

import structlog

if TYPE_CHECKING:
    from structlog.typing import Processor

WRITTEN_TO_NOBODY: Final = "socket.send() raised exception."
"""asyncio's line for each write to a socket whose end it has still to tell us of: a peer that left
while the relay was busy would be good for hundreds."""


class PatientLog:
    """Standard error, whose disk may be full: a line that cannot be written is left out.

    Raised where something is logged, the failure would end whatever was to be told of.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._file.flush()


def configure_logs(*, as_json: bool) -> None:
    """Call once, before anything logs. No secret, token or message text is ever a log field."""
    logging.getLogger("asyncio").addFilter(lambda record: record.msg != WRITTEN_TO_NOBODY)
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor]
    if as_json:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        last = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # The default shows the variables of each frame, and those are what people wrote.
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", PatientLog(sys.stderr))),
        cache_logger_on_first_use=True,
    )
