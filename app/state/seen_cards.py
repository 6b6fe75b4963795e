"""Which recommended rooms and recordings were really seen: on the screen for a second, once a
visit. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wire.event_base import ReasonKind
    from wire.ids import ReplayId, RoomId

SEEN_AFTER_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A room of the recommended list, or a recording of one, as it stands there."""

    room_id: RoomId
    position: int
    """From 0."""
    reason: ReasonKind | None = None
    replay_id: ReplayId | None = None

    @property
    def key(self) -> str:
        """Two cards that stand for the same have the same."""
        return self.replay_id or self.room_id


@dataclass(frozen=True, slots=True)
class SeenCards:
    """Changed only by `look`."""

    since_s: Mapping[str, float] = field(default_factory=dict)
    """When each that is on the screen now came there."""
    cards: tuple[ShownCard, ...] = ()
    """What is on the screen."""
    told: frozenset[str] = frozenset()

    def look(
        self, now_s: float, cards: Iterable[ShownCard] | None = None
    ) -> tuple[SeenCards, tuple[ShownCard, ...]]:
        """What is on the screen from now on (None: as before), and what has been seen until now
        and was not told of."""
        seen = tuple(
            card
            for card in self.cards
            if card.key not in self.told and now_s - self.since_s[card.key] >= SEEN_AFTER_S
        )
        shown = self.cards if cards is None else tuple(cards)
        since_s = {card.key: self.since_s.get(card.key, now_s) for card in shown}
        told = self.told | {card.key for card in seen}
        return SeenCards(since_s, shown, told), seen
