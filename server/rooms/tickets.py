"""Tickets for media sockets: single use, short-lived, bounded. The time is an argument."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from server.ids import digest
from wire.errors import ErrorCode, WireError
from wire.limits import TICKET_LIFETIME_S

if TYPE_CHECKING:
    from wire.ids import RoomId, SessionId, UserId

TICKETS_MAX: Final = 10_000

TicketPurpose = Literal["publish", "subscribe"]


@dataclass(frozen=True)
class TicketGrant:
    """What a ticket lets its bearer do."""

    purpose: TicketPurpose
    room_id: RoomId
    user_id: UserId | None = None
    """None: a guest who has passed the door of a private room."""
    session_id: SessionId | None = None


class Tickets:
    """The tickets that are out, oldest first, by the digest of their secret."""

    def __init__(
        self, *, lifetime_s: float = TICKET_LIFETIME_S, tickets_max: int = TICKETS_MAX
    ) -> None:
        self._lifetime_s = lifetime_s
        self._tickets_max = tickets_max
        self._out: OrderedDict[str, tuple[TicketGrant, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._out)

    def issue(self, secret: str, grant: TicketGrant, now_mono_s: float) -> None:
        """Raises WireError(BUSY) when too many are out."""
        self._forget_expired(now_mono_s)
        if len(self._out) >= self._tickets_max:
            raise WireError(ErrorCode.BUSY, "too many tickets are out", retry_after_ms=1_000)
        self._out[digest(secret)] = (grant, now_mono_s + self._lifetime_s)

    def redeem(
        self, secret: str, *, purpose: TicketPurpose, room_id: RoomId, now_mono_s: float
    ) -> TicketGrant:
        """Use a ticket up, right or wrong. Raises WireError(TICKET_INVALID)."""
        self._forget_expired(now_mono_s)
        found = self._out.pop(digest(secret), None)
        if found is None or found[0].purpose != purpose or found[0].room_id != room_id:
            raise WireError(
                ErrorCode.TICKET_INVALID, "this ticket is not valid here, was used or has ended"
            )
        return found[0]

    def revoke(self, *, session_id: SessionId | None = None, user_id: UserId | None = None) -> None:
        """The session, or all of the user's, ended."""
        ended = [
            key
            for key, (grant, _) in self._out.items()
            if (session_id is not None and grant.session_id == session_id)
            or (user_id is not None and grant.user_id == user_id)
        ]
        for key in ended:
            del self._out[key]

    def _forget_expired(self, now_mono_s: float) -> None:
        while self._out:
            key = next(iter(self._out))
            if self._out[key][1] > now_mono_s:
                return
            del self._out[key]
