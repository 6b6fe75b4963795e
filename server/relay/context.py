"""What the rooms of one media plane share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.relay.load import LoadMeter
    from server.relay.packet import RelayedPacket
    from server.settings import Limits
    from wire.event_base import Event
    from wire.ids import RoomId

    Tap = Callable[[RoomId, RelayedPacket], None]


@dataclass
class MediaCounters:
    """Totals since the relay started, for the metrics."""

    packets_received: int = 0
    bytes_received: int = 0
    bytes_forwarded: int = 0
    video_dropped: int = 0
    audio_dropped: int = 0
    lags: int = 0
    evicted: int = 0


@dataclass(frozen=True)
class RoomContext:
    limits: Limits
    load: LoadMeter
    mono_s: Callable[[], float]
    announce: Callable[[RoomId, Event], None]
    """Tells the members of a room, on their control sockets."""
    counters: MediaCounters = field(default_factory=MediaCounters)
    taps: list[Tap] = field(default_factory=list)
    """Each hears of every packet before it is forwarded; none waits or raises."""
