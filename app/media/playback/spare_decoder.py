"""Decoder children that are started before they are needed, so that a room opens without waiting.

They have seen no packet yet: a child that decoded for one room is never given to another.
"""

from __future__ import annotations

import atexit
import threading
from typing import Final

from app.media.playback.decoder_process import DecoderProcess

SPARES: Final = 2
"""A room takes one for its pictures and one for its sound."""


class SpareDecoder:
    """Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spares: list[DecoderProcess] = []

    def prepare(self) -> None:
        """Start what is missing; a few milliseconds for each. Raises OSError."""
        with self._lock:
            while len(self._spares) < SPARES:
                self._spares.append(DecoderProcess())

    def take(self) -> DecoderProcess:
        """One that waited, or a new one. Raises OSError."""
        while True:
            with self._lock:
                spare = self._spares.pop(0) if self._spares else None
            if spare is None:
                return DecoderProcess()
            if spare.is_running:
                return spare
            spare.close()

    def close(self) -> None:
        with self._lock:
            spares, self._spares = self._spares, []
        for spare in spares:
            spare.close()


SPARE: Final = SpareDecoder()
"""The program's one."""
atexit.register(SPARE.close)
