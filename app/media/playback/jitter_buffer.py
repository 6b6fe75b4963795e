"""One track's packets in order, compressed until they are needed: pure, time is an argument.

Order is by sequence, never by time. A missing packet is waited for exactly as long as the packet
after it can wait: when that one's release time comes, the gap is passed over and reported. So the
target delay is the reordering window, and over TCP, where nothing comes late, a gap costs nothing.

Limits and drop rule: at most `PACKETS_MAX` packets and `BYTES_MAX` bytes. When full, the oldest go
up to the next keyframe; sound loses its oldest packet.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from wire.media_packet import Flags, Kind, MediaPacket, sequence_distance

PACKETS_MAX: Final = 2000
"""40 s of sound, more than a minute of pictures: far above the longest delay of 2 s and a GOP."""
BYTES_MAX: Final = 48 * 1024 * 1024
RESTART_DISTANCE: Final = 3000
"""A sequence that jumps further than this is a new stream, not a gap."""

PushResult = Literal["taken", "duplicate", "late", "stray"]


class Released(NamedTuple):
    """A packet that leaves the buffer."""

    packet: MediaPacket
    gap: int
    """How many packets are missing right before it."""
    is_restart: bool
    """Time or content jumps here: another layer, or the publisher came back."""


@dataclass(slots=True)
class BufferCounts:
    taken: int = 0
    gaps: int = 0
    """Packets that never came."""
    duplicates: int = 0
    late: int = 0
    stray: int = 0
    """Not of the layer that is played, and no keyframe to change to."""
    overflowed: int = 0


class _Slot(NamedTuple):
    order: int
    packet: MediaPacket
    is_restart: bool


class JitterBuffer:
    """Packets of one track, whatever layers it moves through. One thread, or the owner's lock."""

    def __init__(self) -> None:
        self._slots: list[_Slot] = []
        self._bytes = 0
        self._layer: int | None = None
        self._newest_sequence = 0
        self._newest_order = 0
        self._newest_pts_us = 0
        self._released_order: int | None = None
        self._given_up = 0
        """Pictures that overflowed right before the next that comes."""
        self.counts = BufferCounts()

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def newest_pts_us(self) -> int | None:
        return self._slots[-1].packet.pts_us if self._slots else None

    @property
    def oldest_pts_us(self) -> int | None:
        return self._slots[0].packet.pts_us if self._slots else None

    @property
    def has_keyframe(self) -> bool:
        return any(slot.packet.is_keyframe for slot in self._slots)

    def push(self, packet: MediaPacket) -> PushResult:
        """Take a packet in whatever order it came."""
        order, is_restart = self._place(packet)
        if order is None:
            self.counts.stray += 1
            return "stray"
        if self._released_order is not None and order <= self._released_order:
            self.counts.late += 1
            return "late"
        at = bisect.bisect_left(self._slots, order, key=lambda slot: slot.order)
        if at < len(self._slots) and self._slots[at].order == order:
            self.counts.duplicates += 1
            return "duplicate"
        self._slots.insert(at, _Slot(order, packet, is_restart))
        self._bytes += len(packet.payload)
        self.counts.taken += 1
        self._make_room()
        return "taken"

    def pop(self, is_due: Callable[[MediaPacket], bool]) -> Released | None:
        """The next packet in order, once `is_due` says that its time to be decoded has come."""
        if not self._slots or not is_due(self._slots[0].packet):
            return None
        slot = self._slots.pop(0)
        self._bytes -= len(slot.packet.payload)
        gap = 0
        if self._released_order is not None and not slot.is_restart:
            gap = max(0, slot.order - self._released_order - 1)
            self.counts.gaps += gap
        self._released_order = slot.order
        gap, self._given_up = gap + self._given_up, 0
        return Released(slot.packet, gap, slot.is_restart)

    def peek(self) -> MediaPacket | None:
        return self._slots[0].packet if self._slots else None

    def skip_to_keyframe(self, before_pts_us: int) -> int:
        """Give up what stands before the newest keyframe that is not after `before_pts_us`.

        Returns how many packets were given up; 0 when there is no such keyframe.
        """
        for index in range(len(self._slots) - 1, 0, -1):
            packet = self._slots[index].packet
            if packet.is_keyframe and packet.pts_us <= before_pts_us:
                self._discard(index)
                return index
        return 0

    def clear(self) -> None:
        """Forget what is queued and start afresh with the next packet."""
        self._slots.clear()
        self._bytes = 0
        self._layer = None
        self._released_order = None
        self._given_up = 0

    def _place(self, packet: MediaPacket) -> tuple[int | None, bool]:
        """Where the packet stands in one endless count, and whether it starts something new."""
        if self._layer is None:
            return self._begin(packet), True
        distance = sequence_distance(self._newest_sequence, packet.sequence)
        if packet.layer != self._layer:
            if packet.kind is Kind.VIDEO and not packet.is_keyframe:
                return None, False
            return self._begin(packet), True
        is_renumbered = distance < 0 and packet.pts_us > self._newest_pts_us
        if abs(distance) > RESTART_DISTANCE or is_renumbered:
            return self._begin(packet), True
        order = self._newest_order + distance
        if distance > 0:
            self._newest_order = order
            self._newest_sequence = packet.sequence
            self._newest_pts_us = packet.pts_us
        return order, bool(packet.flags & Flags.DISCONTINUITY)

    def _begin(self, packet: MediaPacket) -> int:
        self._layer = packet.layer
        self._newest_sequence = packet.sequence
        self._newest_pts_us = packet.pts_us
        self._newest_order += 1
        return self._newest_order

    def _make_room(self) -> None:
        while len(self._slots) > PACKETS_MAX or self._bytes > BYTES_MAX:
            count = 1
            if self._slots[0].packet.kind is Kind.VIDEO:
                while count < len(self._slots) and not self._slots[count].packet.is_keyframe:
                    count += 1
            self.counts.overflowed += count
            is_all = count == len(self._slots) and self._slots[0].packet.kind is Kind.VIDEO
            self._discard(count)
            self._given_up = self._given_up + count if is_all else 0

    def _discard(self, count: int) -> None:
        for slot in self._slots[:count]:
            self._bytes -= len(slot.packet.payload)
        self._released_order = self._slots[count - 1].order
        del self._slots[:count]
