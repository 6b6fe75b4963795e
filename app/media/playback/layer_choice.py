"""Which layer of a broadcast goes into a file: the best, while it comes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wire.media_packet import Kind

if TYPE_CHECKING:
    from wire.media_packet import MediaPacket

SILENT_US: Final = 2_000_000
"""A layer that was left out for so long gives way to the best that comes."""


class LayerChoice:
    """Begins with the best; changes at keyframes only."""

    def __init__(self, best: int) -> None:
        self.layer = best
        self._heard_us: int | None = None

    def is_wanted(self, packet: MediaPacket) -> bool:
        if packet.kind is not Kind.VIDEO:
            return True
        if self._heard_us is None:
            self._heard_us = packet.pts_us
        if packet.layer != self.layer:
            is_silent = packet.pts_us - self._heard_us > SILENT_US
            if not packet.is_keyframe or (packet.layer < self.layer and not is_silent):
                return False
            self.layer = packet.layer
        self._heard_us = packet.pts_us
        return True
