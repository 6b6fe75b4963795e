"""Answers and events of recordings. A page of a timeline holds other events: see events.py."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from wire import limits
from wire.event_base import Answer, Data, Event, UserInfo
from wire.ids import ReplayId, RoomId

ReplayVisibility = Literal["private", "unlisted", "public"]
"""private: for those who keep the room. unlisted: for whoever has its id. public: in lists too.

A room that is not public itself shows its recordings only to those who may enter it freely.
"""
ReplayState = Literal["recording", "ready", "broken"]
RecordingNow = Literal["on", "off", "stopped_disk_full"]
ChapterSource = Literal["peak", "pin", "title", "hand"]


class Chapter(Data, frozen=True, kw_only=True):
    at_ms: Annotated[int, Meta(ge=0, le=limits.INTEGER_MAX)]
    title: Annotated[str, Meta(max_length=limits.CHAPTER_CHARACTERS_MAX)] = ""
    """Empty for a peak that nobody has named."""
    source: ChapterSource = "hand"


class ReplayInfo(Data, frozen=True, kw_only=True):
    replay_id: ReplayId
    room_id: RoomId
    room_title: str
    """The room's name."""
    title: str
    """The room's title when the broadcast began, unless somebody has changed it."""
    streamer: UserInfo
    started_at_unix_ms: int
    duration_ms: int = 0
    size_bytes: int = 0
    width: int = 0
    height: int = 0
    visibility: ReplayVisibility = "private"
    kept: bool = False
    """Not deleted when the recordings' share of the disk is used up."""
    state: ReplayState = "ready"
    danmaku: int = 0
    density: tuple[int, ...] = ()
    """Messages of each `density_step_ms`; at most 300 steps."""
    density_step_ms: int = 0
    chapters: tuple[Chapter, ...] = ()
    can_manage: bool = False
    """Whether the asker may edit and delete it; false in events."""


class ReplayList(Answer, frozen=True, kw_only=True):
    replays: tuple[ReplayInfo, ...] = ()
    next: str = ""
    """Cursor of the next page; empty: this is the last."""


class RoomShare(Data, frozen=True, kw_only=True):
    """What a room has of the recordings' share."""

    room_id: RoomId
    name: str
    recordings: int
    bytes: int


class RecordingShare(Data, frozen=True, kw_only=True):
    """The recordings' share of the disk, and the rule that keeps it."""

    is_on: bool
    """Whether this relay records at all."""
    is_full: bool
    """Recording waits for room."""
    recordings: int
    bytes: int
    kept_bytes: int
    """Of those that are to be kept: they never go by themselves."""
    bytes_max: int
    """Beyond it the oldest go."""
    free_bytes: int
    """Of the disk that they are on."""
    free_bytes_min: int
    """While less is free, nothing is recorded."""
    rooms: tuple[RoomShare, ...] = ()
    """Those that have most, at most 10, the largest first."""


class ReplayOpened(Answer, frozen=True, kw_only=True):
    replay: ReplayInfo
    path: str
    """On the relay's own port, by HTTP."""
    ticket: str
    """For the header `Authorization: Bearer`; for this recording alone, for 6 hours."""


class ReplayDetails(Answer, frozen=True, kw_only=True):
    replay: ReplayInfo


class RecordingDetails(Answer, frozen=True, kw_only=True):
    room_id: RoomId
    is_on: bool
    """What the room has chosen."""
    now: RecordingNow
    """What is being done: `off` too where nothing is live, or the relay records nothing."""


class ReplayReady(Event, frozen=True, kw_only=True):
    """A broadcast is over and its recording can be played. To all who may open it."""

    replay: ReplayInfo


class ReplayDeleted(Event, frozen=True, kw_only=True):
    replay_id: ReplayId


class RecordingState(Event, frozen=True, kw_only=True):
    room_id: RoomId
    state: RecordingNow
