"""One decoder child that is started before it is needed, so that a room opens without waiting.

It has seen no packet yet: a child that decoded for one room is never given to another.
"""

from __future__ import annotations

import atexit
import threading
from typing import Final

from app.media.playback.decoder_process import DecoderProcess


class SpareDecoder:
    """Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spare: DecoderProcess | None = None

    def prepare(self) -> None:
        """Start one where there is none. Takes a few milliseconds. Raises OSError."""
        with self._lock:
            if self._spare is None:
                self._spare = DecoderProcess()

    def take(self) -> DecoderProcess:
        """The spare, or a new one. Raises OSError."""
        with self._lock:
            spare, self._spare = self._spare, None
        if spare is not None:
            if spare.is_running:
                return spare
            spare.close()
        return DecoderProcess()

    def close(self) -> None:
        with self._lock:
            spare, self._spare = self._spare, None
        if spare is not None:
            spare.close()


SPARE: Final = SpareDecoder()
"""The program's one."""
atexit.register(SPARE.close)
