"""Answers and events of polls and draws."""

from __future__ import annotations

from wire.event_base import Answer, Data, Event, UserInfo
from wire.ids import DrawId, PollId, RoomId, UserId


class PollInfo(Data, frozen=True, kw_only=True):
    poll_id: PollId
    question: str
    choices: tuple[str, ...]
    votes: tuple[int, ...]
    """One number for each choice."""
    ends_in_ms: int
    """From when this was sent; 0 once it is over."""
    own_choice: int | None = None
    """In RoomJoined: what this user chose."""


class PollDetails(Answer, frozen=True, kw_only=True):
    poll: PollInfo


class PollOpened(Event, frozen=True, kw_only=True):
    room_id: RoomId
    poll: PollInfo


class PollCounted(Event, frozen=True, kw_only=True):
    """Only when a vote came, and at most twice a second."""

    room_id: RoomId
    poll_id: PollId
    votes: tuple[int, ...]


class PollClosed(Event, frozen=True, kw_only=True):
    room_id: RoomId
    poll: PollInfo


class DrawInfo(Data, frozen=True, kw_only=True):
    draw_id: DrawId
    prize: str
    winners_max: int
    commitment: str
    """SHA-256 of the seed, which is revealed at the end."""
    entries: int
    ends_in_ms: int
    has_entered: bool = False
    """In RoomJoined: whether this user has."""


class DrawDetails(Answer, frozen=True, kw_only=True):
    draw: DrawInfo


class DrawEntries(Answer, frozen=True, kw_only=True):
    seed: str
    winners_max: int
    entries: tuple[UserId, ...]
    """In the order of entering; fewer than a page where it is the last."""


class DrawOpened(Event, frozen=True, kw_only=True):
    room_id: RoomId
    draw: DrawInfo


class DrawEntered(Event, frozen=True, kw_only=True):
    """Only when somebody entered, and at most twice a second."""

    room_id: RoomId
    draw_id: DrawId
    entries: int


class DrawClosed(Event, frozen=True, kw_only=True):
    """The winners, and what proves them."""

    room_id: RoomId
    draw_id: DrawId
    prize: str
    commitment: str
    seed: str
    entries: int
    entries_sha256: str
    winners_max: int
    winners: tuple[UserInfo, ...] = ()
    """The luckiest first."""
