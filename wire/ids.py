"""Names of things. All ids are opaque lower-case text made by the relay, never parsed."""

from __future__ import annotations

from typing import NewType

UserId = NewType("UserId", str)
RoomId = NewType("RoomId", str)
BroadcastId = NewType("BroadcastId", str)
MessageId = NewType("MessageId", str)
"""Message ids of one room sort by the order in which the relay took them."""

ReplayId = NewType("ReplayId", str)
"""Of one recording. They sort by the time at which they began."""

SessionId = NewType("SessionId", str)
PublishKeyId = NewType("PublishKeyId", str)
InviteId = NewType("InviteId", str)
PollId = NewType("PollId", str)
DrawId = NewType("DrawId", str)
GiftId = NewType("GiftId", str)
TransferId = NewType("TransferId", str)
PacketId = NewType("PacketId", str)
ActId = NewType("ActId", str)
"""Sorts by the order in which the acts were done."""
SanctionId = NewType("SanctionId", str)
