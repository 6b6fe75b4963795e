"""How the broadcast fares at the services that it is also streamed to, and whether another program
streams into the room. Frozen, pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from app.settings import Crop, Secret

TargetState = Literal["off", "connecting", "live", "waiting", "refused"]
Trouble = Literal[
    "", "unreachable", "silent", "slow", "lost", "refused", "protocol", "codec", "encoder"
]
StreamInState = Literal["off", "waiting", "live", "held"]


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """One target. Holds no key: it may be shown and logged."""

    target_id: str
    name: str
    address: str
    is_enabled: bool = True
    crop: Crop = ""
    state: TargetState = "off"
    trouble: Trouble = ""
    """Why it waits or was refused; `words` says it in full, in English."""
    words: str = ""
    bit_rate_bps: int = 0
    dropped: int = 0
    reconnects: int = 0
    live_s: float = 0.0


@dataclass(frozen=True, slots=True)
class StreamIn:
    """The room's own port for OBS and the like."""

    state: StreamInState = "off"
    server: str = ""
    key: Secret = field(default=Secret(""), repr=False)
    """To be copied into the encoder's settings."""
    line: str = ""
    """How the stream goes, in English."""
