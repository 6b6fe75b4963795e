"""A recording, a piece of it, or what was said in it, as a file of the user's."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from app.danmaku.ass_file import AssFont, write_ass
from app.danmaku.bilibili_xml import write_xml
from app.danmaku.choices import DanmakuSettings, Sieve
from app.danmaku.lanes import PRIVILEGED_ROLES, SCALES, find_mode
from app.danmaku.saying import Saying, clean_text
from app.errors import LivehouseError, MediaFailed
from app.live.burning import BurnedDanmaku, TextPainter, measured, stage_for
from app.live.replay_source import access_source
from app.media.clipping.copying import copy_clip
from app.media.clipping.part_file import write_whole
from app.media.clipping.recording import ClipMade, Marks, Source, Watch
from app.media.clipping.reencoding import encode_clip
from app.media.errors import ClippingCancelled, MediaError
from app.state.timeline_export import select, write_csv, write_json
from wire import event_base, events, limits, replay_commands
from wire.ids import ReplayId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.live.replay_source import Control
    from wire.replay_events import ReplayInfo

ExportKind = Literal["video", "xml", "ass", "csv", "json"]
SUFFIXES: Final[dict[ExportKind, str]] = {
    "video": ".mp4",
    "xml": ".xml",
    "ass": ".ass",
    "csv": ".csv",
    "json": ".json",
}
ENTRIES_MAX: Final = 500_000
"""Of a timeline: more is not one evening."""
STAGE_WIDTH, STAGE_HEIGHT = 1280, 720
"""Where the recording does not say how large it is."""
TIMELINE_SHARE: Final = 0.2
"""Of the progress; the file is the rest."""
SALT_BYTES: Final = 16


class ExportCancelled(LivehouseError):
    """It was not wanted any more; nothing is left of it."""


class ExportFailed(MediaFailed):
    """The recording could not be read, or the file not written."""

    def __init__(self, message: str, code: str = "") -> None:
        """`code`: of `ClippingFailed`."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class ExportWish:
    kind: ExportKind
    path: Path
    marks: Marks = field(default_factory=Marks)
    """Of a video only; the other kinds are of the whole recording."""
    is_exact: bool = False
    """From picture to picture, encoded again; otherwise copied from the keyframe before."""
    has_danmaku: bool = False
    """Painted into the pictures, which then are encoded again too."""
    settings: DanmakuSettings = field(default_factory=DanmakuSettings)
    """How danmaku look, painted or in ASS."""
    font: AssFont = field(default_factory=AssFont)


@dataclass(frozen=True, slots=True)
class Exported:
    path: Path
    size_bytes: int
    lines: int = 0
    """Danmaku, or rows."""
    is_cut: bool = False
    """There was more than `ENTRIES_MAX`: what came last is not in it."""
    clip: ClipMade | None = None


class Export:
    """One export. `run` on a loop; `cancel` from any thread. `on_progress` on any thread."""

    def __init__(
        self,
        control: Control,
        replay: ReplayInfo,
        source: Source | None = None,
        *,
        painter: TextPainter,
        on_progress: Callable[[float], None] = lambda _share: None,
    ) -> None:
        """Without a source: the relay's file."""
        self._control = control
        self._replay = replay
        self._source = source
        self._painter = painter
        self._on_progress = on_progress
        self._is_cancelled = False
        self._is_cut = False

    def cancel(self) -> None:
        self._is_cancelled = True

    async def run(self, wish: ExportWish) -> Exported:
        """Raises LivehouseError."""
        entries: tuple[events.TimelineEntry, ...] = ()
        share = 0.0
        if wish.kind != "video" or wish.has_danmaku:
            share = TIMELINE_SHARE if wish.kind == "video" else 0.9
            entries = await self._read_timeline(share)
        if wish.kind == "video" and self._source is None:
            self._source = await access_source(self._control, self._replay.replay_id)
        try:
            return await asyncio.to_thread(self._write, wish, entries, share)
        except asyncio.CancelledError:
            self.cancel()  # a thread is told, it cannot be stopped
            raise
        except ClippingCancelled:
            raise ExportCancelled("the export was cancelled") from None
        except MediaError as error:
            raise ExportFailed(error.message, error.code) from None

    async def _read_timeline(self, share: float) -> tuple[events.TimelineEntry, ...]:
        entries: list[events.TimelineEntry] = []
        after, whole_ms = "", max(1, self._replay.duration_ms)
        while True:
            page = await self._control.request(
                replay_commands.ReadTimeline(
                    id=0,
                    replay_id=ReplayId(self._replay.replay_id),
                    after=after,
                    limit=limits.TIMELINE_PAGE_MAX,
                ),
                events.TimelinePage,
            )
            self._check()
            entries.extend(page.entries)
            if page.entries:
                self._on_progress(share * min(1.0, page.entries[-1].at_ms / whole_ms))
            is_last = not page.next or page.next == after
            if is_last or len(entries) >= ENTRIES_MAX:
                self._is_cut = not is_last or len(entries) > ENTRIES_MAX
                return tuple(entries[:ENTRIES_MAX])
            after = page.next

    def _write(
        self, wish: ExportWish, entries: Sequence[events.TimelineEntry], share: float
    ) -> Exported:
        if wish.kind == "video":
            return self._write_video(wish, entries, share)
        sayings = to_sayings(entries)
        if wish.kind == "csv":
            words, lines = write_csv(entries, write_time), len(select(entries))
        elif wish.kind == "json":
            words, lines = write_json(entries), len(select(entries))
        else:
            words, lines = self._write_danmaku(wish, sayings), len(sayings)
        self._check()
        size = write_text(wish.path, words)
        self._on_progress(1.0)
        return Exported(wish.path, size, lines, self._is_cut)

    def _write_danmaku(self, wish: ExportWish, sayings: Sequence[Saying]) -> str:
        if wish.kind == "xml":
            return write_xml(
                sayings, salt=secrets.token_bytes(SALT_BYTES), chat_id=self._replay.replay_id
            )
        width, height = self._replay.width or STAGE_WIDTH, self._replay.height or STAGE_HEIGHT
        stage = stage_for(width, height, wish.settings)
        font = replace(wish.font, opacity=wish.settings.opacity)
        widths = measured(sayings, stage, self._painter)
        return write_ass(sayings, stage, widths, font=font, title=self._replay.title)

    def _write_video(
        self, wish: ExportWish, entries: Sequence[events.TimelineEntry], share: float
    ) -> Exported:
        source = self._source
        if source is None:
            raise ExportFailed("there is no recording to read")
        watch = Watch(
            lambda part: self._on_progress(share + (1 - share) * part),
            lambda: self._is_cancelled,
        )
        if not (wish.is_exact or wish.has_danmaku):
            made = copy_clip(source, wish.marks, wish.path, watch)
            return Exported(made.path, made.size_bytes, clip=made)
        sieve = Sieve(wish.settings.blocks)
        sayings = [one for one in to_sayings(entries) if not sieve.blocks(one.text, one.author)]
        over = BurnedDanmaku(sayings, self._painter, wish.settings).lay if sayings else None
        made = encode_clip(source, wish.marks, wish.path, watch, lay=over)
        return Exported(made.path, made.size_bytes, len(sayings), self._is_cut, made)

    def _check(self) -> None:
        if self._is_cancelled:
            raise ExportCancelled("the export was cancelled")


def to_sayings(entries: Iterable[events.TimelineEntry]) -> tuple[Saying, ...]:
    """The danmaku among them, as the room saw them."""
    return tuple(
        saying
        for entry in entries
        if isinstance(entry.event, event_base.DanmakuPosted)
        and (saying := _to_saying(entry.at_ms, entry.event)).text
    )


def write_text(path: Path, words: str) -> int:
    """Whole or not at all; how many bytes it has. Raises ClippingFailed."""
    content = words.encode()
    with write_whole(path) as part:
        part.write_bytes(content)
    return len(content)


def write_time(at_unix_ms: int) -> str:
    """In UTC: a file may be read anywhere."""
    moment = datetime.fromtimestamp(at_unix_ms / 1000, UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _to_saying(at_ms: int, posted: event_base.DanmakuPosted) -> Saying:
    return Saying(
        at_ms=at_ms,
        text=clean_text(posted.text),
        mode=find_mode(posted.mode),
        color=posted.color,
        scale=SCALES.get(posted.size, 1.0),
        said_at_unix_s=posted.sent_at_unix_ms // 1000,
        author=posted.user_id,
        name=posted.name,
        is_privileged=posted.role in PRIVILEGED_ROLES,
        key=posted.message_id,
    )
