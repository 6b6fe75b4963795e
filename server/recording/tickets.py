"""Tickets for the files of recordings: to whom each was given, and until when."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.ids import make_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.accounts.actor import Actor, Login
    from server.ids import RandomBytes
    from wire.ids import RoomId

TICKET_S: Final = 6 * 3600.0
TICKETS_MAX: Final = 10_000
"""Beyond it those that were shown longest ago open nothing more."""


@dataclass(frozen=True)
class Ticket:
    """Says who asks, not that they may: it opens what they may open at that moment."""

    replay_id: str
    actor: Actor
    inside: tuple[RoomId, ...]
    """Its room, if they had been let in."""
    ends_at_s: float


class Tickets:
    """Event loop's thread only."""

    def __init__(self, *, mono_s: Callable[[], float], random_bytes: RandomBytes) -> None:
        self._mono_s = mono_s
        self._random_bytes = random_bytes
        self._given: OrderedDict[str, Ticket] = OrderedDict()

    def give(self, replay_id: str, actor: Actor, *, inside: tuple[RoomId, ...]) -> str:
        secret = make_secret(self._random_bytes)
        self._given[secret] = Ticket(replay_id, actor, inside, self._mono_s() + TICKET_S)
        while len(self._given) > TICKETS_MAX:
            self._given.popitem(last=False)
        return secret

    def find(self, secret: str, replay_id: str) -> Ticket | None:
        given = self._given.get(secret)
        if given is None or given.replay_id != replay_id:
            return None
        if given.ends_at_s < self._mono_s():
            del self._given[secret]
            return None
        self._given.move_to_end(secret)
        return given

    def end(self, is_ended: Callable[[Login], bool]) -> None:
        """These logins are over: what was given to them opens nothing more."""
        for secret, given in tuple(self._given.items()):
            if given.actor.login is not None and is_ended(given.actor.login):
                del self._given[secret]
