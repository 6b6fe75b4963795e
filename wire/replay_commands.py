"""Commands of recordings: their list, opening one, its timeline, and keeping them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from wire import limits
from wire.command_base import Command, Count, RoomIdField
from wire.ids import ReplayId
from wire.replay_events import Chapter, ReplayVisibility

ReplayIdField = Annotated[ReplayId, Meta(min_length=1, max_length=limits.ID_CHARACTERS_MAX)]
Cursor = Annotated[str, Meta(max_length=limits.ID_CHARACTERS_MAX)]


class ListReplays(Command, frozen=True, kw_only=True):
    """Recordings that the asker may find, newest first. Answer: ReplayList."""

    room_id: Annotated[str, Meta(max_length=limits.ID_CHARACTERS_MAX)] = ""
    """Of one room; empty: of all."""
    query: Annotated[str, Meta(max_length=limits.SEARCH_CHARACTERS_MAX)] = ""
    """Only those with this in their title or their room's name, whatever its case."""
    before: Cursor = ""
    """The page before this one ended here (`ReplayList.next`)."""
    limit: Annotated[int, Meta(ge=1, le=limits.REPLAYS_PAGE_MAX)] = limits.REPLAYS_PAGE_MAX


class OpenReplay(Command, frozen=True, kw_only=True):
    """A ticket for the file of a recording. Answer: ReplayOpened."""

    replay_id: ReplayIdField


class LiveRecording(Command, frozen=True, kw_only=True):
    """The recording that is being made of a room, to go back in it. Answer: ReplayOpened."""

    room_id: RoomIdField


class ReadTimeline(Command, frozen=True, kw_only=True):
    """What happened in the room, by the recording's own time. Answer: TimelinePage."""

    replay_id: ReplayIdField
    from_ms: Count = 0
    after: Cursor = ""
    """The page before this one ended here (`TimelinePage.next`); then `from_ms` counts no more."""
    limit: Annotated[int, Meta(ge=1, le=limits.TIMELINE_PAGE_MAX)] = limits.TIMELINE_PAGE_MAX


class EditReplay(Command, frozen=True, kw_only=True):
    """Fields that are left out stay as they are. Answer: ReplayDetails."""

    replay_id: ReplayIdField
    title: Annotated[str, Meta(max_length=limits.ROOM_TITLE_CHARACTERS_MAX)] | None = None
    visibility: ReplayVisibility | None = None
    kept: bool | None = None
    chapters: Annotated[tuple[Chapter, ...], Meta(max_length=limits.CHAPTERS_MAX)] | None = None
    """All of them."""


class DeleteReplay(Command, frozen=True, kw_only=True):
    """With its file and its timeline, at once. Answer: Ok."""

    replay_id: ReplayIdField


class GetRoomRecording(Command, frozen=True, kw_only=True):
    """Whether a room is recorded. Answer: RecordingDetails."""

    room_id: RoomIdField


class RecordRoom(Command, frozen=True, kw_only=True):
    """Whether a room's broadcasts are recorded, this one included. Answer: RecordingDetails."""

    room_id: RoomIdField
    is_on: bool
