"""The packets since the last keyframe of each layer, so that a joiner sees a picture at once.

Pure: packets in, packets out. Sound is kept from the oldest cached keyframe on, in the order in
which it came in between.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from server.relay.packet import RelayedPacket

GOP_BYTES_MAX: Final = 8 * 1024 * 1024
"""A layer whose GOP grows beyond this is not cached until its next keyframe."""

GOP_PACKETS_MAX: Final = 1_200
"""20 s at 60 frames a second; a longer GOP is not cached."""

AUDIO_PACKETS_MAX: Final = 1_000
"""20 s of Opus; what a room without pictures keeps is far less, see AUDIO_ONLY_PACKETS."""

AUDIO_BYTES_MAX: Final = 2 * 1024 * 1024
"""20 s of sound at 800 kbit/s. What is not a picture may be as large as one."""

AUDIO_ONLY_PACKETS: Final = 5
"""100 ms: enough to start the decoder of someone who only listens."""


class GopCache:
    """The cache of one room."""

    def __init__(self) -> None:
        self._video: dict[int, list[RelayedPacket]] = {}
        self._bytes: dict[int, int] = {}
        self._audio: deque[RelayedPacket] = deque()
        self._audio_bytes = 0

    def clear(self) -> None:
        self._video.clear()
        self._bytes.clear()
        self._audio.clear()
        self._audio_bytes = 0

    def push(self, packet: RelayedPacket) -> None:
        if not packet.is_video:
            self._push_audio(packet)
            return
        layer = packet.header.layer
        if packet.is_keyframe:
            self._video[layer] = [packet]
            self._bytes[layer] = len(packet.frames)
            self._trim_audio()
            return
        gop = self._video.get(layer)
        if gop is None:
            return
        gop.append(packet)
        self._bytes[layer] += len(packet.frames)
        if len(gop) > GOP_PACKETS_MAX or self._bytes[layer] > GOP_BYTES_MAX:
            del self._video[layer], self._bytes[layer]

    def find_keyframe(self) -> RelayedPacket | None:
        """The newest keyframe of the lowest cached layer: the cheapest to decode."""
        return self._video[min(self._video)][0] if self._video else None

    def snapshot(self, layer: int, *, audio_before: int | None = None) -> list[RelayedPacket]:
        """Video of `layer` since its keyframe with the sound that came between; [] without one.

        Sound with an arrival of `audio_before` or later is left out: it is still held back and
        reaches the joiner with everybody else's.
        """
        gop = self._video.get(layer)
        if gop is None:
            return []
        first = gop[0].arrival
        sound = [
            packet
            for packet in self._audio
            if packet.arrival > first and (audio_before is None or packet.arrival < audio_before)
        ]
        return sorted((*gop, *sound), key=lambda packet: packet.arrival)

    def recent_audio(self) -> list[RelayedPacket]:
        """The last moments of sound, for someone who only listens."""
        return list(self._audio)[-AUDIO_ONLY_PACKETS:]

    def __len__(self) -> int:
        """Bytes held for video, over all layers."""
        return sum(self._bytes.values())

    def _trim_audio(self) -> None:
        oldest = min(gop[0].arrival for gop in self._video.values())
        while self._audio and self._audio[0].arrival < oldest:
            self._audio_bytes -= len(self._audio.popleft().frames)

    def _push_audio(self, packet: RelayedPacket) -> None:
        self._audio.append(packet)
        self._audio_bytes += len(packet.frames)
        while len(self._audio) > AUDIO_PACKETS_MAX or (
            self._audio_bytes > AUDIO_BYTES_MAX and len(self._audio) > 1
        ):
            self._audio_bytes -= len(self._audio.popleft().frames)
