"""What is live in a room, and who feeds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from wire import event_base
from wire.media_packet import Kind

if TYPE_CHECKING:
    from wire.errors import WireError
    from wire.ids import BroadcastId
    from wire.tracks import TrackInfo

KIND_OF: Final = {"video": Kind.VIDEO, "audio": Kind.AUDIO, "data": Kind.DATA}


class Publisher(Protocol):
    """The socket that feeds a room."""

    def request_keyframe(self, layer: int) -> None: ...

    def dismiss(self, error: WireError) -> None:
        """Close the socket: somebody else publishes now, or the broadcast is over."""


@dataclass
class LiveBroadcast:
    broadcast_id: BroadcastId
    started_at_unix_us: int
    tracks: tuple[TrackInfo, ...]
    publisher: Publisher | None
    away_since_s: float | None = None
    last_pts_us: int = 0
    """The largest so far."""
    packets: int = 0
    bytes_received: int = 0
    viewers_peak: int = 0
    kinds: frozenset[tuple[Kind, int]] = field(default_factory=frozenset)

    def info(self) -> event_base.BroadcastInfo:
        return event_base.BroadcastInfo(
            broadcast_id=self.broadcast_id,
            started_at_unix_us=self.started_at_unix_us,
            state="live" if self.publisher is not None else "away",
            tracks=self.tracks,
        )

    def away_for_s(self, now_s: float) -> float:
        """How long its publisher has been gone; 0 while it is there."""
        return 0.0 if self.away_since_s is None else now_s - self.away_since_s

    def layers(self) -> list[int]:
        return [track.layer for track in self.tracks if track.kind == "video"]
