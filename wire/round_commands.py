"""Requests about polls and draws."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import Command, Count, RoomIdField, RoundSeconds
from wire.ids import DrawId, PollId


class OpenPoll(Command, frozen=True, kw_only=True):
    """Ask the room. Answer: PollDetails."""

    room_id: RoomIdField
    question: Annotated[str, Meta(max_length=limits.POLL_QUESTION_CHARACTERS_MAX * 4)]
    choices: Annotated[
        tuple[Annotated[str, Meta(max_length=limits.POLL_CHOICE_CHARACTERS_MAX * 4)], ...],
        Meta(min_length=2, max_length=limits.POLL_CHOICES_MAX),
    ]
    seconds: RoundSeconds = 120


class VotePoll(Command, frozen=True, kw_only=True):
    """Choose, or choose anew. Answer: Ok, once the vote is on disk."""

    room_id: RoomIdField
    poll_id: Annotated[PollId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
    choice: Annotated[int, Meta(ge=0, lt=limits.POLL_CHOICES_MAX)]


class ClosePoll(Command, frozen=True, kw_only=True):
    """End a poll before its time. Answer: PollDetails."""

    room_id: RoomIdField
    poll_id: Annotated[PollId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class OpenDraw(Command, frozen=True, kw_only=True):
    """Draw lots among those who enter. Answer: DrawDetails."""

    room_id: RoomIdField
    prize: Annotated[str, Meta(max_length=limits.DRAW_PRIZE_CHARACTERS_MAX * 4)]
    winners: Annotated[int, Meta(ge=1, le=limits.DRAW_WINNERS_MAX)] = 1
    seconds: RoundSeconds = 120


class EnterDraw(Command, frozen=True, kw_only=True):
    """Answer: Ok, once the entry is on disk."""

    room_id: RoomIdField
    draw_id: Annotated[DrawId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class CloseDraw(Command, frozen=True, kw_only=True):
    """Draw now, before its time. Answer: Ok; DrawClosed says who won."""

    room_id: RoomIdField
    draw_id: Annotated[DrawId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]


class ListDrawEntries(Command, frozen=True, kw_only=True):
    """All that is needed to check a closed draw. Answer: DrawEntries."""

    room_id: RoomIdField
    draw_id: Annotated[DrawId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
    after: Count = 0
    """Entries to pass over: those that came before."""
