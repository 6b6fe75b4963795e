"""A recording's timeline, a relay that gives it page by page, and a painter without Qt."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from app.danmaku.lanes import LINE_HEIGHT, Text
from wire import coin_events, command_base, event_base, events, replay_commands
from wire.event_base import UserInfo
from wire.ids import GiftId, MessageId, ReplayId, RoomId, TransferId, UserId
from wire.replay_events import ReplayInfo

if TYPE_CHECKING:
    from app.media.clipping.overlay import Pixels

ROOM = RoomId("room-1")


def a_replay(**changes: Any) -> ReplayInfo:
    known: dict[str, Any] = {
        "replay_id": ReplayId("replay-1"),
        "room_id": ROOM,
        "room_title": "castle",
        "title": "An evening",
        "streamer": UserInfo(user_id=UserId("u-1"), name="Alice"),
        "started_at_unix_ms": 1_700_000_000_000,
        "duration_ms": 4000,
        "width": 320,
        "height": 180,
    }
    return ReplayInfo(**{**known, **changes})


def said(at_ms: int, text: str, **changes: Any) -> events.TimelineEntry:
    known: dict[str, Any] = {
        "room_id": ROOM,
        "message_id": MessageId(f"m-{at_ms}"),
        "user_id": UserId("u-2"),
        "name": "Bob",
        "role": "viewer",
        "text": text,
        "sent_at_unix_ms": 1_700_000_000_000 + at_ms,
    }
    return events.TimelineEntry(at_ms=at_ms, event=event_base.DanmakuPosted(**{**known, **changes}))


def given(at_ms: int, gift: str, count: int = 1, coins: int = 10) -> events.TimelineEntry:
    return events.TimelineEntry(
        at_ms=at_ms,
        event=coin_events.GiftSent(
            room_id=ROOM,
            transfer_id=TransferId("t-1"),
            user_id=UserId("u-3"),
            name="=Carol",
            gift_id=GiftId(gift),
            count=count,
            combo=count,
            coins=coins,
            sent_at_unix_ms=1_700_000_000_000 + at_ms,
        ),
    )


class PagedRelay:
    """Answers ReadTimeline, two entries a page."""

    def __init__(self, entries: Sequence[events.TimelineEntry], page: int = 2) -> None:
        self.entries = tuple(entries)
        self.page = page
        self.asked = 0

    def relay_settings(self) -> tuple[str, str | None]:
        return "ws://127.0.0.1:1", None

    async def request(self, command: command_base.Command, answer: type[Any]) -> Any:
        assert isinstance(command, replay_commands.ReadTimeline)
        assert answer is events.TimelinePage
        self.asked += 1
        start = int(command.after or 0)
        end = start + self.page
        more = str(end) if end < len(self.entries) else ""
        return events.TimelinePage(entries=self.entries[start:end], next=more)


class PlainPainter:
    """Every text is a white block of its own size."""

    def __init__(self) -> None:
        self.painted: list[str] = []
        self.threads: set[int] = set()

    def measure(self, texts: Sequence[tuple[str, float]]) -> list[float]:
        return [len(words) * font * 0.6 for words, font in texts]

    def paint(self, text: Text, font: float) -> Pixels:
        self.painted.append(text.text)
        self.threads.add(threading.get_ident())
        return np.full((round(LINE_HEIGHT * font), round(text.width), 4), 255, np.uint8)

    def paint_count(self, count: int, font: float) -> Pixels:
        self.painted.append(f"×{count}")
        return np.full((8, 16, 4), 255, np.uint8)
