"""How the broadcast fares at the services that it is also streamed to. Frozen, pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TargetState = Literal["off", "connecting", "live", "waiting", "refused"]


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """One target. Holds no key: it may be shown and logged."""

    target_id: str
    name: str
    address: str
    is_enabled: bool = True
    state: TargetState = "off"
    words: str = ""
    """Why it waits or was refused."""
    bit_rate_bps: int = 0
    dropped: int = 0
    reconnects: int = 0
    live_s: float = 0.0
