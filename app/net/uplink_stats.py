"""How the uplink fares, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.net.send_buffer import DropCause
    from app.net.uplink_path import UplinkPath


@dataclass(frozen=True, slots=True)
class PathStats:
    """One way up, while there are two."""

    is_open: bool
    queued_ms: float
    late_ms: float
    round_trip_ms: float
    packets_sent: int
    bytes_sent: int


@dataclass(frozen=True, slots=True)
class PublishLinkStats:
    """How the uplink fares; of two ways up, the one for pictures. Durations in milliseconds."""

    queued_ms: float
    queued_bytes: int
    unacknowledged_ms: float
    """Sent, but not in the relay's last feedback."""
    round_trip_ms: float
    packets_sent: int
    bytes_sent: int
    subscribers: int
    dropped: dict[DropCause, int]
    late_ms: float = 0.0
    """How much longer than at the best packets took from our socket to the relay."""
    received_bps: float | None = None
    """What the relay took lately; None while unknown."""
    heard: int = 0
    """The relay's acknowledgements on this connection."""
    paths: tuple[PathStats, ...] = ()
    """Empty where there is only one way."""


@dataclass(frozen=True, slots=True)
class SocketFill:
    """What lies in one way up without moving on: a narrow link's mark."""

    refused_bytes: int = 0
    """The kernel did not take them."""
    unacknowledged_bytes: int | None = None
    """The kernel took them, the relay's has not; None where the system does not say."""


def path_stats(path: UplinkPath) -> PathStats:
    if path.socket is not None:
        path.round_trip_ms = path.socket.round_trip_ms
    return PathStats(
        is_open=path.is_open,
        queued_ms=path.buffer.queued_us / 1000,
        late_ms=round(path.meter.late_ms, 1),
        round_trip_ms=path.round_trip_ms,
        packets_sent=path.packets_sent,
        bytes_sent=path.bytes_sent,
    )
