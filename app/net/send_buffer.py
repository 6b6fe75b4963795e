"""What waits to be sent to the relay, and what is given up first: pure, no clock, no sockets.

The drop rule:

1. Sound is never dropped while the link stands; it also overtakes pictures.
2. More than 1 s or 4 MB of pictures waiting: all waiting pictures go, and each layer begins again
   at its next keyframe, which is asked for. A late picture is worth nothing. The same when the rate
   control finds the link so narrow that what waits would take it long.
3. Without a link nothing is kept. When it is back, each video layer starts at its next keyframe,
   and the first packet of each track carries DISCONTINUITY: what was missed is not sent late. Not
   where another link carried the broadcast meanwhile: then nothing was missed.
4. A change of tracks waits among the pictures, and is never dropped while the link stands: what
   was pushed after it is sent after it. Pictures of a layer that it left out are not sent any more,
   for the relay refuses what was not announced.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from wire.media_packet import Flags, Kind, MediaPacket

if TYPE_CHECKING:
    from wire.tracks import TrackInfo

VIDEO_QUEUED_US_MAX: Final = 1_000_000
VIDEO_QUEUED_BYTES_MAX: Final = 4 * 1024 * 1024
TAKEN_OVER_US_MAX: Final = 1_000_000
"""Of another link: what is older nobody waits for."""
AUDIO_PACKETS_MAX: Final = 1000
"""20 s of sound. The dead-link watchdog acts after 4 s, so that this bounds a bug, not a cut."""

DropCause = Literal["slow_link", "no_link", "before_keyframe", "audio_overflow", "layer_gone"]


class TrackChange(NamedTuple):
    """What follows it belongs to these tracks."""

    tracks: tuple[TrackInfo, ...]
    revision: int
    """Grows by each change, so that the same one over two ways up counts once."""


class SendBuffer:
    """Not thread-safe: its owner holds a lock around each call."""

    def __init__(self) -> None:
        self._video: deque[MediaPacket | TrackChange] = deque()
        self._audio: deque[MediaPacket] = deque()
        self._video_bytes = 0
        self._taken_over = 0
        """So many of the first pictures came from another link."""
        self._is_open = self._goes_on = False
        self._layers: set[int] = set()
        """Video layers seen so far: those that a keyframe must be asked for."""
        self._started: set[tuple[Kind, int]] = set()
        """Tracks that may go on without a keyframe, because theirs was taken."""
        self._announced: frozenset[int] | None = None
        """The video layers that may be sent; None: any."""
        self._fresh: set[tuple[Kind, int]] = set()
        """Tracks whose first packet since the link opened was taken (and carries the flag)."""
        self.dropped: Counter[DropCause] = Counter()

    def open(self, *, goes_on: bool = False) -> frozenset[int]:
        """The link stands. Returns the video layers of which a keyframe should be asked for.

        `goes_on`: another link carried the broadcast meanwhile, and nothing was missed.
        """
        self._forget()
        self._goes_on = goes_on
        self._is_open = True
        return frozenset(self._layers)

    def change_tracks(self, change: TrackChange) -> None:
        """Without a link there is nothing to tell: the next one begins with its tracks."""
        self._announced = frozenset(track.layer for track in change.tracks if track.kind == "video")
        self._layers &= self._announced
        if self._is_open:
            self._video.append(change)
            # The relay begins afresh, and so does every layer.
            self._started.clear()

    def can_carry(self, packet: MediaPacket) -> bool:
        """Whether a packet would not be dropped for want of a link or of a keyframe before it."""
        return self._is_open and (
            packet.kind is not Kind.VIDEO
            or packet.is_keyframe
            or (packet.kind, packet.layer) in self._started
        )

    def close(self, *, is_handed_over: bool = False) -> list[MediaPacket]:
        """The link is gone: what waits is old by the time that it is back. Returns the pictures,
        oldest first: another link may take them over."""
        left = list(self._pictures())
        if not is_handed_over:
            self.dropped["no_link"] += len(left) + len(self._audio)
        self._forget()
        self._is_open = False
        return left

    def take_over(self, packets: Iterable[MediaPacket]) -> None:
        """What another link may have lost goes ahead of what waits here, in order: pictures that
        are young enough to be worth anything. The relay knows what it has already. A change of
        tracks goes ahead of them: some may be of a layer that is new with it."""
        if not self._is_open:
            return
        changes = [waiting for waiting in self._video if isinstance(waiting, TrackChange)]
        if changes:
            self._video = deque(self._pictures())
        pictures = [packet for packet in packets if packet.kind is Kind.VIDEO]
        newest_us = max((packet.pts_us for packet in pictures), default=0)
        taken = [
            packet
            for packet in pictures
            if packet.pts_us >= newest_us - TAKEN_OVER_US_MAX
            and (self._announced is None or packet.layer in self._announced)
        ]
        self._video.extendleft(reversed(taken))
        self._video.extendleft(changes[-1:])
        self._video_bytes += sum(len(packet.payload) for packet in taken)
        self._taken_over += len(taken)

    def give_over(self) -> list[MediaPacket]:
        """The pictures that wait, oldest first: they go over another link instead."""
        pictures = list(self._pictures())
        self._video = deque(one for one in self._video if isinstance(one, TrackChange))
        self._video_bytes = self._taken_over = 0
        return pictures

    def push(self, packet: MediaPacket) -> frozenset[int]:
        """Take a packet, or drop it. Returns layers of which a keyframe should be asked for."""
        if packet.kind is Kind.VIDEO:
            if self._announced is not None and packet.layer not in self._announced:
                self.dropped["layer_gone"] += 1
                return frozenset()
            self._layers.add(packet.layer)
        if not self._is_open:
            self.dropped["no_link"] += 1
            return frozenset()
        if packet.kind is not Kind.VIDEO:
            self._push_audio(packet)
            return frozenset()
        track = (packet.kind, packet.layer)
        if track not in self._started:
            if not packet.is_keyframe:
                self.dropped["before_keyframe"] += 1
                return frozenset()
            self._started.add(track)
        self._video.append(self._flagged(packet))
        self._video_bytes += len(packet.payload)
        if self.queued_us <= VIDEO_QUEUED_US_MAX and self._video_bytes <= VIDEO_QUEUED_BYTES_MAX:
            return frozenset()
        return self.drop_pictures()

    def drop_pictures(self) -> frozenset[int]:
        """All that wait go. Returns the layers of which a keyframe should be asked for."""
        changes = [waiting for waiting in self._video if isinstance(waiting, TrackChange)]
        self.dropped["slow_link"] += len(self._video) - len(changes)
        self._video.clear()
        self._video.extend(changes[-1:])
        self._video_bytes = self._taken_over = 0
        layers = frozenset(layer for _, layer in self._started)
        self._started.clear()
        return layers

    def pop(self) -> MediaPacket | TrackChange | None:
        """The next packet to send, or a change of tracks to tell."""
        if self._audio:
            return self._audio.popleft()
        if not self._video:
            return None
        waiting = self._video.popleft()
        if isinstance(waiting, MediaPacket):
            self._video_bytes -= len(waiting.payload)
            self._taken_over = max(0, self._taken_over - 1)
        return waiting

    @property
    def queued_us(self) -> int:
        """The span of pictures that wait, without those that another link failed to carry: they
        are no sign of this one."""
        first = next(islice(self._pictures(), self._taken_over, None), None)
        last = next(self._pictures(reverse=True), None)
        return 0 if first is None or last is None else max(0, last.pts_us - first.pts_us)

    def _pictures(self, *, reverse: bool = False) -> Iterator[MediaPacket]:
        waiting = reversed(self._video) if reverse else iter(self._video)
        return (one for one in waiting if isinstance(one, MediaPacket))

    @property
    def queued_bytes(self) -> int:
        return self._video_bytes + sum(len(packet.payload) for packet in self._audio)

    def _push_audio(self, packet: MediaPacket) -> None:
        if len(self._audio) >= AUDIO_PACKETS_MAX:
            self._audio.popleft()
            self.dropped["audio_overflow"] += 1
        self._audio.append(self._flagged(packet))

    def _flagged(self, packet: MediaPacket) -> MediaPacket:
        track = (packet.kind, packet.layer)
        if track in self._fresh or self._goes_on:
            return packet
        self._fresh.add(track)
        return packet._replace(flags=packet.flags | Flags.DISCONTINUITY)

    def _forget(self) -> None:
        self._video.clear()
        self._audio.clear()
        self._video_bytes = self._taken_over = 0
        self._started.clear()
        self._fresh.clear()
