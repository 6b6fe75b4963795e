"""The thread between a foreign encoder's connection and the broadcast: parses, decodes sound, and
hands on. The network never waits for it.

Drop rule: when TAGS_QUEUED_MAX tags or BYTES_QUEUED_MAX wait, pictures go until the next keyframe;
sound stays.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from app.media.errors import MediaError
from app.media.ingest.arrivals import HeldGop
from app.media.ingest.flv_reader import FlvReader

if TYPE_CHECKING:
    from app.media.ingest.arrivals import ArrivedPicture, ArrivedSound, Intake, StreamShape

TAGS_QUEUED_MAX: Final = 400
"""Four seconds of a stream with 60 pictures and 47 pieces of sound a second."""

BYTES_QUEUED_MAX: Final = 32 * 1024 * 1024

JOIN_TIMEOUT_S: Final = 2.0
_KEYFRAME: Final = 1


class _Tag(NamedTuple):
    kind: Literal["video", "audio"]
    timestamp_ms: int
    body: bytes


class IngestWorker:
    """One for each connection. `push` never blocks; the callbacks come on the worker's thread."""

    def __init__(
        self,
        *,
        on_shape: Callable[[StreamShape], None],
        on_failure: Callable[[str], None],
    ) -> None:
        self._on_shape = on_shape
        self._on_failure = on_failure
        self._reader = FlvReader()
        self._held = HeldGop()
        self._queue: deque[_Tag | Mapping[str, object]] = deque()
        self._changed = threading.Condition()
        self._bytes = 0
        self._is_skipping = False
        self._stopping = False
        self._thread: threading.Thread | None = None
        self.intake: Intake | None = None
        """Where arrivals go; replaced as a whole, from any thread."""
        self.dropped = 0

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def push(self, kind: Literal["video", "audio"], timestamp_ms: int, body: bytes) -> None:
        with self._changed:
            if kind == "video" and not self._may_wait(body):
                self.dropped += 1
                return
            if len(self._queue) >= 2 * TAGS_QUEUED_MAX:
                self.dropped += 1  # a flood of sound: no encoder does that
                return
            self._queue.append(_Tag(kind, timestamp_ms, body))
            self._bytes += len(body)
            self._changed.notify()

    def push_metadata(self, fields: Mapping[str, object]) -> None:
        with self._changed:
            if len(self._queue) < TAGS_QUEUED_MAX:
                self._queue.append(fields)
                self._changed.notify()

    def stop_soon(self) -> None:
        """Without waiting: its thread ends by itself, and nothing more arrives."""
        self.intake = None
        with self._changed:
            self._stopping = True
            self._queue.clear()
            self._changed.notify()

    def stop(self) -> None:
        self.stop_soon()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)

    def _may_wait(self, body: bytes) -> bool:
        if len(self._queue) >= TAGS_QUEUED_MAX or self._bytes >= BYTES_QUEUED_MAX:
            self._is_skipping = True
            return False
        if self._is_skipping:
            is_setup = body[1:2] == b"\x00"
            self._is_skipping = not (body and body[0] >> 4 & 7 == _KEYFRAME and not is_setup)
            return not self._is_skipping or is_setup
        return True

    def _run(self) -> None:
        shape: StreamShape | None = None
        while (tag := self._wait()) is not None:
            try:
                if not isinstance(tag, _Tag):
                    self._reader.read_metadata(tag)
                    continue
                items = self._reader.push(*tag)
            except MediaError as error:
                self._on_failure(error.message)
                return
            if self._reader.shape is not shape:
                shape = self._reader.shape
                if shape is not None:
                    self._on_shape(shape)
            for item in items:
                self._give(item)

    def _give(self, item: ArrivedPicture | ArrivedSound) -> None:
        intake = self.intake
        if intake is None:
            self._held.push(item)
            return
        for each in (*self._held.take(), item):
            intake.push(each)

    def _wait(self) -> _Tag | Mapping[str, object] | None:
        with self._changed:
            while not self._queue and not self._stopping:
                self._changed.wait()
            if self._stopping:
                return None
            tag = self._queue.popleft()
            self._bytes -= len(tag.body) if isinstance(tag, _Tag) else 0
            return tag
