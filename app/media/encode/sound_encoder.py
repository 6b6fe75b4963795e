"""The sound track's thread: blocks in, one Opus packet each 20 ms out."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.media.capture.sound_timeline import SoundTimeline
from app.media.encode.opus_encoder import OpusEncoder
from wire.media_packet import Flags, Kind, MediaPacket

if TYPE_CHECKING:
    from app.media.capture.source import AudioBlock
    from app.media.clock import MediaClock

BLOCKS_QUEUED_MAX: Final = 200
"""Raw blocks that wait. Drop rule: the oldest goes and is counted; its time becomes silence."""

JOIN_TIMEOUT_S: Final = 2.0


class SoundEncoder:
    """Owns the encoder and its thread. `push` may be called from any one thread."""

    def __init__(self, *, clock: MediaClock, on_packet: Callable[[MediaPacket], None]) -> None:
        self._clock = clock
        self._on_packet = on_packet
        self._encoder = OpusEncoder()
        self._timeline = SoundTimeline()
        self._restarts = -1
        self._queue: deque[AudioBlock] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._flags = Flags.NONE
        self.packets = 0
        self.bytes = 0
        self.blocks = 0
        self.blocks_lost = 0

    @property
    def encoder_name(self) -> str:
        return self._encoder.name

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="encode-sound", daemon=True)
        self._thread.start()

    def push(self, block: AudioBlock) -> None:
        """Never blocks."""
        with self._changed:
            self.blocks += 1
            if len(self._queue) >= BLOCKS_QUEUED_MAX:
                self._queue.popleft()
                self.blocks_lost += 1
            self._queue.append(block)
            self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)

    def _run(self) -> None:
        while (block := self._wait()) is not None:
            self._encode(block)

    def _wait(self) -> AudioBlock | None:
        with self._changed:
            while not self._queue and not self._stopping:
                self._changed.wait()
            return None if self._stopping else self._queue.popleft()

    def _encode(self, block: AudioBlock) -> None:
        samples = self._timeline.push(block.samples, block.pts_us)
        if self._timeline.restarts != self._restarts:
            if self._restarts >= 0:
                self._flags = Flags.DISCONTINUITY
            self._restarts = self._timeline.restarts
            self._encoder.start_run(block.pts_us)
        for packet in self._encoder.push(samples):
            if packet.pts_us < 0:
                continue
            flags, self._flags = self._flags, Flags.NONE
            self._on_packet(
                MediaPacket(
                    kind=Kind.AUDIO,
                    layer=0,
                    flags=flags,
                    sequence=self.packets,
                    pts_us=packet.pts_us,
                    captured_at_unix_us=self._clock.unix_us(packet.pts_us),
                    payload=packet.payload,
                )
            )
            self.packets += 1
            self.bytes += len(packet.payload)
