"""How many sockets may be open, and how many may still owe their first message.

This machine's own addresses are counted apart: the owner's programs and a TLS proxy in front all
come from there, so a bound for each address would shut out a whole audience
(docs/decisions has the reasons).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from server.addresses import is_loopback

if TYPE_CHECKING:
    from server.gateway.channel import Channel
    from server.settings import Limits


class Admission:
    """Event loop's thread only."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: dict[Channel, bool] = {}
        """Each open socket, and whether it is admitted."""
        self._per_address: Counter[str] = Counter()
        self._pending_per_address: Counter[str] = Counter()
        self._pending_loopback = 0
        self._pending_elsewhere = 0
        self.refused = 0

    def set_limits(self, limits: Limits) -> None:
        """From now on; sockets that are open stay."""
        self._limits = limits

    def __len__(self) -> int:
        return len(self._open)

    @property
    def pending(self) -> int:
        return self._pending_loopback + self._pending_elsewhere

    def on_connected(self, channel: Channel) -> None:
        """A TCP connection is there; too many are aborted before a byte is read."""
        if not self._has_place(channel.address):
            self.refused += 1
            channel.abort()
            return
        self._open[channel] = False
        self._per_address[channel.address] += 1
        self._count_pending(channel.address, +1)

    def admit(self, channel: Channel) -> None:
        """The socket has said who it is or what it wants, and may."""
        if self._open.get(channel) is False:
            self._open[channel] = True
            self._count_pending(channel.address, -1)

    def replace(self, before: Channel, after: Channel) -> None:
        """The same connection goes on as another channel, which has its place."""
        was_admitted = self._open.pop(before, None)
        if was_admitted is not None:
            self._open[after] = True
            if not was_admitted:
                self._count_pending(after.address, -1)

    def on_lost(self, channel: Channel) -> None:
        was_admitted = self._open.pop(channel, None)
        if was_admitted is None:
            return
        if not was_admitted:
            self._count_pending(channel.address, -1)
        self._per_address[channel.address] -= 1
        if not self._per_address[channel.address]:
            del self._per_address[channel.address]
            self._pending_per_address.pop(channel.address, None)

    def connections(self) -> tuple[Channel, ...]:
        return tuple(self._open)

    def _has_place(self, address: str) -> bool:
        limits = self._limits
        if len(self._open) >= limits.sockets_max:
            return False
        if is_loopback(address):
            return self._pending_loopback < limits.unauthenticated_loopback_max
        return (
            self._pending_elsewhere < limits.unauthenticated_sockets_max
            and self._pending_per_address[address] < limits.unauthenticated_per_address_max
            and self._per_address[address] < limits.sockets_per_address_max
        )

    def _count_pending(self, address: str, change: int) -> None:
        self._pending_per_address[address] += change
        if is_loopback(address):
            self._pending_loopback += change
        else:
            self._pending_elsewhere += change
