"""Joins what one publisher sends over several paths into one sequence. Pure: time is an argument.

For each kind and layer: the first copy of a packet counts, later ones vanish, and the order is that
of the sequence. A packet that is ahead waits for those before it, which may come by the other path;
after PATH_WAIT_MS_MAX the gap is passed over, and whoever fills it later is late and vanishes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from wire.limits import PATH_WAIT_MS_MAX
from wire.media_packet import SEQUENCE_MODULUS, Flags, Kind, sequence_distance

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from wire.media_packet import Header

WAIT_S: Final = PATH_WAIT_MS_MAX / 1000
HELD_PACKETS_MAX: Final = 512
HELD_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of one track; beyond either the oldest gap is passed over at once."""

Item = TypeVar("Item")


@dataclass(frozen=True)
class _Held(Generic[Item]):
    came_at_s: float
    header: Header
    size: int
    item: Item


@dataclass
class _Track(Generic[Item]):
    newest: int
    """The sequence that was let through last."""
    held: dict[int, _Held[Item]] = field(default_factory=dict)
    held_bytes: int = 0


class PathJoiner(Generic[Item]):
    """Of one publisher. `Item` is whatever the caller wants back."""

    def __init__(self) -> None:
        self._tracks: dict[tuple[Kind, int], _Track[Item]] = {}
        self._broken_layers: set[int] = set()
        self.duplicates = 0
        """Packets that had come already, or too late."""
        self.missing = 0
        """Packets that were waited for in vain."""

    @property
    def due_s(self) -> float | None:
        """When `release` has something to do; None while nothing waits."""
        waits = [held.came_at_s for track in self._tracks.values() for held in track.held.values()]
        return min(waits) + WAIT_S if waits else None

    def note(self, header: Header) -> None:
        """A packet of a publisher with one path went through as it came."""
        self._tracks[header.kind, header.layer] = _Track(header.sequence)

    def take(self, header: Header, item: Item, size: int, now_s: float) -> list[Item]:
        """One packet came. What may be forwarded now, in order."""
        key = header.kind, header.layer
        track = self._tracks.get(key)
        if track is None:
            self._tracks[key] = _Track(header.sequence)
            return [item]
        distance = sequence_distance(track.newest, header.sequence)
        if distance <= 0 or header.sequence in track.held:
            self.duplicates += 1
            return []
        if distance == 1:
            track.newest = header.sequence
            return [item, *self._follow(track)]
        track.held[header.sequence] = _Held(now_s, header, size, item)
        track.held_bytes += size
        passed: list[Item] = []
        while len(track.held) > HELD_PACKETS_MAX or track.held_bytes > HELD_BYTES_MAX:
            passed += self._pass_gap(track)
        return passed

    def release(self, now_s: float) -> list[Item]:
        """What has waited long enough, with all that stands before it."""
        passed: list[Item] = []
        for track in self._tracks.values():
            while any(held.came_at_s + WAIT_S <= now_s for held in track.held.values()):
                passed += self._pass_gap(track)
        return passed

    def take_broken_layers(self) -> set[int]:
        """Layers in which pictures were passed over since the last call, and no keyframe came."""
        broken, self._broken_layers = self._broken_layers, set()
        return broken

    def keep_only(self, tracks: Collection[tuple[Kind, int]]) -> None:
        """Forget every other track: should it come again, it begins anew."""
        for key in [key for key in self._tracks if key not in tracks]:
            del self._tracks[key]

    def _pass_gap(self, track: _Track[Item]) -> list[Item]:
        """Give up what is missing before the first that waits."""
        ahead = {sequence_distance(track.newest, sequence): sequence for sequence in track.held}
        distance = min(ahead)
        held = self._pop(track, ahead[distance])
        self.missing += distance - 1
        if held.header.kind is Kind.VIDEO and not held.header.flags & Flags.KEYFRAME:
            self._broken_layers.add(held.header.layer)
        return [held.item, *self._follow(track)]

    def _follow(self, track: _Track[Item]) -> Iterator[Item]:
        """What waited for exactly what came."""
        while (following := (track.newest + 1) % SEQUENCE_MODULUS) in track.held:
            yield self._pop(track, following).item

    def _pop(self, track: _Track[Item], sequence: int) -> _Held[Item]:
        held = track.held.pop(sequence)
        track.held_bytes -= held.size
        track.newest = sequence
        return held
