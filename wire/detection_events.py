"""Relay to client: raids, and banned people who come back under a new name. To leaders alone."""

from __future__ import annotations

from typing import Literal

from wire.event_base import Data, Event, UserInfo
from wire.ids import ActId, RoomId

SignalName = Literal[
    "young_account",
    "came_just_now",
    "writes_fast",
    "repeats_itself",
    "same_text",
    "same_device",
    "same_address",
    "refused",
    "comes_and_goes",
    "reported",
    "banned_device",
    "banned_address",
    "unusual",
]
RaidState = Literal["on", "kept", "over", "undone"]


class Signal(Data, frozen=True, kw_only=True):
    """One reason, with its number: of messages, minutes or people, as the reason has it."""

    name: SignalName
    count: int = 0
    points: int = 0
    """What it adds to a score; 0 in the reasons of a raid."""


class RaidInfo(Data, frozen=True, kw_only=True):
    raid_id: str
    act_id: ActId
    """Its undo takes back all that was done."""
    state: RaidState = "on"
    identities: int
    """New people who took part, as far as they were known when it was found."""
    muted: int = 0
    removed: int = 0
    """Messages."""
    took_ms: int
    """From its first message to when newcomers could no longer write."""
    reasons: tuple[Signal, ...] = ()
    """`count` of each: how many of the people it was found with."""
    remaining_ms: int = 0
    """Until everybody may write again."""


class RaidDetected(Event, frozen=True, kw_only=True):
    """The room lets only people write who were known before; again when that changes."""

    room_id: RoomId
    raid: RaidInfo


class ReturnFlagged(Event, frozen=True, kw_only=True):
    """Somebody may be one who is banned."""

    room_id: RoomId
    user: UserInfo
    banned: UserInfo
    reasons: tuple[Signal, ...]
    is_held: bool
    """What they write waits for review. Never by the address alone: many share one."""
