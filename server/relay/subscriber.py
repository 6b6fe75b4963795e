"""One subscriber: what it is sent, what waits for it, and what is dropped when it cannot keep up.

Pure decisions over a `write` function; time is an argument. The states:

    FLOWING   its socket takes everything: the room writes to it directly, with no check
    LAGGING   its socket is full, or packets wait: they queue here as shared references
    AWAITING  video was dropped (or never began): sound goes on, video from the next keyframe

    FLOWING  --paused-->          LAGGING
    LAGGING  --over budget-->     AWAITING
    LAGGING  --drained-->         FLOWING
    AWAITING --keyframe queued--> LAGGING

A pause alone drops nothing: a keyframe of 60 KB may fill a healthy far viewer's socket for a
moment. Past KEYFRAME_SKIP_S of waiting, a new keyframe replaces the video that waits; past the
budget all waiting video goes.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import TYPE_CHECKING, Final

from wire.media_packet import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.relay.layers import LayerChooser
    from server.relay.packet import RelayedPacket
    from wire.media_packet import Header

KEYFRAME_SKIP_S: Final = 0.25
DRAIN_BYTES: Final = 64 * 1024
"""A cached GOP is 150 packets: one system call for each would cost more than the copy."""

AUDIO_ONLY: Final = -1
"""The group of those who get sound alone."""


class Flow(Enum):
    FLOWING = "flowing"
    LAGGING = "lagging"
    AWAITING = "awaiting"


class Subscriber:
    """Owned by one room, used from the event loop's thread only."""

    def __init__(
        self,
        write: Callable[[bytes], None],
        chooser: LayerChooser,
        *,
        audio_only: bool,
        buffer_bytes_max: int,
        buffer_s_max: float,
    ) -> None:
        self.write = write
        """Writes whole frames to the socket; replaced by `discard` once the socket closes. The
        fan-out calls it directly and minds its RuntimeError; everybody else uses `tell`."""
        self.chooser = chooser
        self.audio_only = audio_only
        self.group = AUDIO_ONLY
        """The layer whose packets it gets now."""
        self.target: int | None = None
        """The layer it moves to at that layer's next keyframe."""
        self.times_flowing = 0
        """How often it came back among those who are written to directly."""
        self.paused = False
        self.awaiting_keyframe = True
        self.queued_bytes = 0
        self.drained_bytes = 0
        """Bytes that left the queue for the socket: a sign of life."""
        self.video_dropped = 0
        self.audio_dropped = 0
        self.sound_known_until = 0
        """Sound up to this arrival reached it in another group already."""
        self.lagged_since_s: float | None = None
        """When the drops began that the subscriber has not been told of."""
        self._queue: deque[tuple[float, Header, bytes]] = deque()
        self._buffer_bytes_max = buffer_bytes_max
        self._buffer_s_max = buffer_s_max

    @property
    def flow(self) -> Flow:
        if self._awaits_picture:
            return Flow.AWAITING
        return Flow.LAGGING if self.paused or self._queue else Flow.FLOWING

    def offer(self, packet: RelayedPacket, now_s: float) -> bool:
        """Queue a packet, or drop it. True in the moment in which video begins to drop."""
        skipped = False
        if not packet.is_video:
            if packet.arrival <= self.sound_known_until:
                return False
        elif self.awaiting_keyframe:
            if not packet.is_keyframe or self._waits_for_lower(packet):
                if self.lagged_since_s is not None:
                    self.video_dropped += 1
                return False
            self.awaiting_keyframe = False
        elif packet.is_keyframe and self.waited_s(now_s) > KEYFRAME_SKIP_S:
            skipped = self._drop_video(now_s)
        self._queue.append((now_s, packet.header, packet.frames))
        self.queued_bytes += len(packet.frames)
        return self._enforce_budget(now_s) or skipped

    def descend(self, layer: int, now_s: float) -> None:
        """Its link cannot carry its layer: no more pictures of it, and a lower one from its
        keyframe on."""
        self.target = layer
        self._drop_video(now_s)
        self.awaiting_keyframe = True

    def give_up_pictures(self) -> None:
        """Those that wait are not wanted any more: that is no lag."""
        kept = [entry for entry in self._queue if entry[1].kind is not Kind.VIDEO]
        self._queue = deque(kept)
        self.queued_bytes = sum(len(frames) for _, _, frames in kept)

    def drain(self) -> None:
        """Write what waits, in pieces of about DRAIN_BYTES, until the socket is full again."""
        while self._queue and not self.paused:
            piece = [self._queue.popleft()[2]]
            size = len(piece[0])
            while self._queue and size + len(self._queue[0][2]) <= DRAIN_BYTES:
                piece.append(self._queue.popleft()[2])
                size += len(piece[-1])
            self.queued_bytes -= size
            self.drained_bytes += size
            self.tell(piece[0] if len(piece) == 1 else b"".join(piece))

    def tell(self, frames: bytes) -> None:
        """Write whole frames now, ahead of what waits. A dead transport ends this one alone."""
        try:
            self.write(frames)
        except RuntimeError:
            self.discard()

    def restart(self) -> None:
        """Forget what waits: a new broadcast begins, or the old one's packets make no sense."""
        self._queue.clear()
        self.queued_bytes = 0
        self.awaiting_keyframe = True
        self.target = None

    def discard(self) -> None:
        """The socket closes: nothing may be written any more."""
        self.write = _write_nothing
        self._queue.clear()
        self.queued_bytes = 0

    def take_lag(self, now_s: float) -> tuple[int, int, int] | None:
        """Once it flows again: (video dropped, audio dropped, ms since), to be told once."""
        if self.lagged_since_s is None or self._awaits_picture:
            return None
        lag = (
            self.video_dropped,
            self.audio_dropped,
            round((now_s - self.lagged_since_s) * 1000),
        )
        self.lagged_since_s = None
        self.video_dropped = self.audio_dropped = 0
        return lag

    def waited_s(self, now_s: float) -> float:
        """How long the first packet of the queue has been there."""
        return now_s - self._queue[0][0] if self._queue else 0.0

    @property
    def _awaits_picture(self) -> bool:
        """Who gets sound alone, by choice or because there is no picture, waits for none."""
        return self.awaiting_keyframe and self.group != AUDIO_ONLY

    def _waits_for_lower(self, packet: RelayedPacket) -> bool:
        return self.target is not None and self.target < self.group == packet.header.layer

    def _enforce_budget(self, now_s: float) -> bool:
        over = (
            self.queued_bytes > self._buffer_bytes_max or self.waited_s(now_s) > self._buffer_s_max
        )
        if not over:
            return False
        began = self._drop_video(now_s)
        if began:
            self.awaiting_keyframe = True
        while self._queue and (
            self.waited_s(now_s) > self._buffer_s_max or self.queued_bytes > self._buffer_bytes_max
        ):
            _, _, frames = self._queue.popleft()
            self.queued_bytes -= len(frames)
            self.audio_dropped += 1
            if self.lagged_since_s is None:
                self.lagged_since_s = now_s
        return began

    def _drop_video(self, now_s: float) -> bool:
        kept: deque[tuple[float, Header, bytes]] = deque()
        dropped = 0
        for entry in self._queue:
            if entry[1].kind is Kind.VIDEO:
                dropped += 1
                self.queued_bytes -= len(entry[2])
            else:
                kept.append(entry)
        self._queue = kept
        self.video_dropped += dropped
        if dropped and self.lagged_since_s is None:
            self.lagged_since_s = now_s
        return dropped > 0


def _write_nothing(_frames: bytes) -> None:
    return None
