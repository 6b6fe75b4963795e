"""Recordings from their beginning to their end: what is live is recorded, its events with it.

States of a room's recording, while something is live there:

    off   --begin-->  on      (something begins, or the room wants it again)
    on    --end-->    off     (it is over, the codec changes, or the room wants it no more)
    on    --full-->   full    (too little is free, or its share is used up and nothing may go)
    full  --free-->   on      (by itself; the same file goes on)
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from server.background import BackgroundTasks
from server.ids import MessageIds
from server.recording import disk, queries
from server.recording.listing import Listing, can_hold
from server.recording.recorder import Recorder, best_layer, fits, shape_of
from server.recording.rules import TIMELINE_KINDS
from server.recording.share import Share
from server.recording.timeline import GATHER_S, Timeline
from wire import event_base, room_events
from wire.errors import WireError
from wire.ids import BroadcastId, ReplayId
from wire.order_events import MessagesDeleted, MessagesRestored
from wire.replay_events import RecordingState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection
    from pathlib import Path

    from server.clocks import Clocks
    from server.ids import RandomBytes
    from server.recording.listing import Past, Rooms
    from server.recording.recorder import LiveRecording
    from server.recording.tables import Replay
    from server.relay.media_plane import MediaPlane
    from server.settings import RecordingSettings
    from server.store.store import Store
    from wire.event_base import BroadcastInfo
    from wire.ids import RoomId, UserId
    from wire.replay_events import RecordingNow, RecordingShare
    from wire.tracks import TrackInfo

_log = structlog.get_logger(__name__)

TICK_S: Final = 1.0
DISK_TICKS: Final = 2
GROW_TICKS: Final = 5
RETRY_S: Final = 5.0


class RecordingService:
    """Event loop's thread only."""

    def __init__(
        self,
        store: Store,
        *,
        settings: RecordingSettings,
        folder: Path,
        plane: MediaPlane,
        rooms: Rooms,
        past: Past,
        post: Callable[[RoomId, event_base.Event], None],
        find_cover: Callable[[RoomId], Awaitable[bytes | None]],
        clocks: Clocks,
        random_bytes: RandomBytes,
        gather_s: float = GATHER_S,
    ) -> None:
        self._store = store
        self._settings = settings
        self.folder = folder
        self._plane = plane
        self._post = post
        self._clocks = clocks
        self._ids = MessageIds(random_bytes)
        self.timeline = Timeline(store, gather_s=gather_s)
        self.recorder = Recorder(mono_s=clocks.mono_s, listener=self)
        self._listing = Listing(
            store,
            folder=folder,
            recorder=self.recorder,
            timeline=self.timeline,
            rooms=rooms,
            past=past,
            find_cover=find_cover,
        )
        self._share = Share(
            store,
            settings=settings,
            folder=folder,
            recorder=self.recorder,
            rooms=rooms,
            delete=self.delete,
        )
        self.on_ended: Callable[[str], None] = lambda _replay_id: None
        """Hears of each that plays, when its broadcast is over."""
        self._live: dict[RoomId, BroadcastInfo] = {}
        self._unwanted: set[str] = set()
        """Rooms that are not to be recorded."""
        self._stopped: dict[RoomId, float] = {}
        """Rooms whose recording failed, and when it is tried again."""
        self._mended: dict[BroadcastId, Replay] = {}
        """Recordings that a relay's end cut short: they go on where their broadcast does."""
        self._is_full = False
        self._is_closing = False
        self._tasks = BackgroundTasks()

    # --- the house ----------------------------------------------------------------------------

    async def start(self) -> None:
        """Mend what a kill left behind. Never raises: a relay without recordings is a relay."""
        if not self._settings.is_on:
            return
        try:
            await asyncio.to_thread(disk.open_folder, self.folder)
            self._unwanted = await self._store.read(queries.rooms_without)
            for row in await self._store.read(queries.list_growing):
                await self._recover(row)
        except (OSError, WireError) as error:
            _log.warning("recordings were not looked through", cause=str(error))
        self._plane.taps.append(self.recorder.tap)

    async def run(self) -> None:
        """The clockwork, for as long as the relay serves."""
        ticks = 0
        while self._settings.is_on:
            await asyncio.sleep(TICK_S)
            ticks += 1
            self.recorder.tick()
            if ticks % DISK_TICKS == 0:
                await self.check_disk()
            if ticks % GROW_TICKS == 0:
                await self._listing.grow(self._growing())

    async def close(self) -> None:
        """Every file is closed in order and its row is right."""
        self._is_closing = True
        self._listing.close_soon()
        await self.recorder.close()
        while len(self._tasks):
            await self._tasks.wait_any()
        await self.timeline.close()

    def now(self, room_id: RoomId) -> RecordingNow:
        if self.recorder.find(room_id) is not None:
            return "on"
        return "stopped_disk_full" if self._is_full and room_id in self._live else "off"

    def is_wanted(self, room_id: RoomId) -> bool:
        return self._settings.is_on and room_id not in self._unwanted

    async def choose(self, room_id: RoomId, *, is_on: bool) -> None:
        """Raises WireError."""
        await self._store.write(lambda session: queries.choose(session, room_id, is_on=is_on))
        if not is_on:
            self._unwanted.add(room_id)
            self._end(room_id)
        elif room_id in self._unwanted:
            self._unwanted.discard(room_id)
            self._begin_soon(room_id, goes_on=False)

    # --- what happens in rooms ----------------------------------------------------------------

    def note(self, event: event_base.Event) -> None:
        """Hears of every event that rooms are sent. Never waits."""
        if not self._settings.is_on:
            return
        match event:
            case room_events.BroadcastStarted(room_id=room_id, broadcast=broadcast):
                self._on_live(room_id, broadcast, goes_on=False)
            case room_events.BroadcastResumed(room_id=room_id, broadcast=broadcast):
                self._on_live(room_id, broadcast, goes_on=True)
            case room_events.TracksChanged(room_id=room_id, tracks=tracks):
                self._on_tracks(room_id, tracks)
            case room_events.BroadcastEnded(room_id=room_id):
                self._leave(room_id)
            case MessagesDeleted(message_ids=message_ids):
                self.timeline.mark(message_ids, is_deleted=True)
            case MessagesRestored(messages=messages):
                ids = [message.message_id for message in messages]
                self.timeline.mark(ids, is_deleted=False)
            case room_events.RoomChanged(room=room):
                self._on_title(room.room_id, room.title)
            case _ if isinstance(event, TIMELINE_KINDS):
                self._note_in_timeline(event)

    def _on_title(self, room_id: RoomId, title: str) -> None:
        live = self.recorder.find(room_id)
        if live is not None:
            self._listing.rename(live, title, live.now_us(self._clocks.mono_s()))

    def _note_in_timeline(self, event: event_base.Event) -> None:
        live = self.recorder.find(getattr(event, "room_id", ""))  # type: ignore[arg-type]  # of those kinds all have one
        if live is not None:
            self.timeline.note(live, event, live.now_us(self._clocks.mono_s()))

    def _on_live(self, room_id: RoomId, broadcast: BroadcastInfo, *, goes_on: bool) -> None:
        self._live[room_id] = broadcast
        live = self.recorder.find(room_id)
        if live is not None and live.broadcast_id == broadcast.broadcast_id:
            self._on_tracks(room_id, broadcast.tracks)
            return
        self._end(room_id)
        mended = self._mended.pop(broadcast.broadcast_id, None)
        if mended is not None and can_hold(mended, broadcast):
            self._open(room_id, broadcast, mended)
        elif goes_on:
            self._begin_soon(room_id, goes_on=True)
        else:
            # Now, not soon: the first packet is a keyframe.
            self._open(room_id, broadcast)

    def _on_tracks(self, room_id: RoomId, tracks: tuple[TrackInfo, ...]) -> None:
        broadcast, live = self._live.get(room_id), self.recorder.find(room_id)
        if broadcast is None:
            return
        self._live[room_id] = broadcast = msgspec.structs.replace(broadcast, tracks=tracks)
        if live is None:
            return
        if fits(live.shape, shape_of(tracks)):
            self.recorder.go_on(live, tracks)
        else:
            self._end(room_id)
            self._open(room_id, broadcast)

    # --- beginning and ending -----------------------------------------------------------------

    def _may_begin(self, room_id: RoomId, broadcast: BroadcastInfo) -> bool:
        shape = shape_of(broadcast.tracks)
        has_media = shape.video_codec is not None or shape.sound_channels is not None
        return (
            has_media
            and self.is_wanted(room_id)
            and not self._is_full
            and not self._is_closing
            and self.recorder.find(room_id) is None
        )

    def _open(self, room_id: RoomId, broadcast: BroadcastInfo, row: Replay | None = None) -> None:
        """`row`: its file goes on."""
        if not self._may_begin(room_id, broadcast):
            return
        self._stopped.pop(room_id, None)
        began_ms = self._clocks.unix_ms() if row is None else row.started_at_unix_ms
        replay_id = ReplayId(self._ids.make(began_ms) if row is None else row.id)
        self.recorder.begin(
            room_id,
            broadcast_id=broadcast.broadcast_id,
            replay_id=replay_id,
            path=disk.video_path(self.folder, replay_id),
            tracks=broadcast.tracks,
            started_at_unix_ms=began_ms,
            base_pts_us=None if row is None else row.base_pts_us,
        )

    def _begin_soon(self, room_id: RoomId, *, goes_on: bool) -> None:
        if room_id in self._live:
            self._tasks.start(self._begin(room_id, goes_on=goes_on), name="begin a recording")

    async def _begin(self, room_id: RoomId, *, goes_on: bool) -> None:
        """Where there is a file of this broadcast that fits, it goes on."""
        broadcast = self._live.get(room_id)
        if broadcast is None or not self._may_begin(room_id, broadcast):
            return
        row = None
        if goes_on:
            row = await self._listing.find_of(broadcast.broadcast_id)
            if self._live.get(room_id) is not broadcast or self.recorder.find(room_id) is not None:
                return
        self._open(room_id, broadcast, row if row and can_hold(row, broadcast) else None)
        room = self._plane.rooms.get(room_id)
        if room is not None:
            room.ask_for_keyframe(best_layer(broadcast.tracks))

    def _leave(self, room_id: RoomId) -> None:
        """Nothing is live there any more."""
        self._live.pop(room_id, None)
        self._stopped.pop(room_id, None)
        self._end(room_id)

    def _end(self, room_id: RoomId) -> None:
        live = self.recorder.end(room_id)
        if live is not None:
            self._tell(room_id)

    def _tell(self, room_id: RoomId) -> None:
        self._post(room_id, RecordingState(room_id=room_id, state=self.now(room_id)))

    # --- from the recorder --------------------------------------------------------------------

    def on_begun(self, live: LiveRecording) -> None:
        self._tasks.start(self._write_begin(live), name="a recording begins")
        self._tell(live.room_id)

    def on_closed(self, live: LiveRecording) -> None:
        if live.is_begun:
            self._tasks.start(self._write_end(live), name="a recording ends")

    def on_failed(self, live: LiveRecording, *, is_full: bool) -> None:
        if is_full:
            self._is_full = True
        if live.room_id in self._live and self.recorder.find(live.room_id) is None:
            self._stopped[live.room_id] = self._clocks.mono_s() + RETRY_S
            self._tell(live.room_id)
        if live.is_begun:
            self._tasks.start(self._mend(live), name="a recording failed")

    async def _write_begin(self, live: LiveRecording) -> None:
        try:
            is_listed = await self._listing.begin(live)
        except WireError:
            # Its room is gone, perhaps with its owner: without a row nothing else finds the file.
            self._leave(live.room_id)
            await self.delete(live.replay_id)
            return
        if is_listed:
            await self._listing.keep_cover(live)

    async def _write_end(self, live: LiveRecording) -> None:
        if self._is_closing:
            await live.settled.wait()
            # The broadcast may go on with the next relay: its start looks after the rest.
            await self._listing.grow([live])
            return
        row = await self._listing.end(live, *live.extent())
        broadcast = self._live.get(live.room_id)
        is_over = broadcast is None or broadcast.broadcast_id != live.broadcast_id
        if row is not None and row.state == "ready" and is_over:
            self.on_ended(row.id)
            await self.check_disk()

    async def _mend(self, live: LiveRecording) -> None:
        """What a process that died had written, or a full disk left."""
        with contextlib.suppress(TimeoutError):  # the next start tries again
            closed = await self.recorder.mend(live.path)
            await self._listing.end(live, closed.size, closed.ends_at_us // 1_000)

    # --- after a kill -------------------------------------------------------------------------

    async def _recover(self, row: Replay) -> None:
        """Once, for nobody is served before; where it fails the next start tries again."""
        try:
            closed = await self.recorder.mend(disk.video_path(self.folder, row.id))
            mended = await self._listing.finish(row.id, closed.size, closed.ends_at_us // 1_000)
        except TimeoutError:  # told by the recorder
            return
        except WireError as error:
            _log.warning("a recording was not mended", code=error.code, replay_id=row.id)
            return
        if mended is not None and mended.size_bytes:
            self._mended[BroadcastId(row.broadcast_id)] = mended

    # --- the disk -----------------------------------------------------------------------------

    async def check_disk(self) -> None:
        """Make room, stop before the disk is full, go on when there is room again."""
        try:
            is_full = await self._share.is_full(was_full=self._is_full)
        except (OSError, WireError) as error:
            _log.warning("the recordings' disk was not looked at", cause=str(error))
            return
        if is_full and not self._is_full:
            _log.warning("recording stops")
            self._is_full = True
            for room_id in tuple(self._live):
                live = self.recorder.end(room_id)
                if live is not None:
                    self._tell(room_id)
        elif not is_full and self._is_full:
            _log.info("recording goes on")
            self._is_full = False
        if not self._is_full:
            self._begin_again()

    async def look(self) -> RecordingShare:
        """How much there is. Raises WireError."""
        return await self._share.look(is_full=self._is_full)

    def _begin_again(self) -> None:
        now_s = self._clocks.mono_s()
        for room_id in self._live:
            if self.recorder.find(room_id) is None and self._stopped.get(room_id, 0.0) <= now_s:
                self._begin_soon(room_id, goes_on=True)

    def _growing(self) -> list[LiveRecording]:
        found = map(self.recorder.find, self._live)
        return [live for live in found if live is not None and live.is_begun]

    # --- deleting -----------------------------------------------------------------------------

    async def delete(self, replay_id: str) -> None:
        """File, cover, row and timeline. Raises WireError."""
        live = self.recorder.find_growing(replay_id)
        if live is not None and self.recorder.find(live.room_id) is live:
            self._end(live.room_id)
        await self._listing.delete(replay_id)

    async def silence(self, room_ids: Collection[RoomId]) -> None:
        """These rooms are about to be erased: nobody finds their files any more."""
        await self._listing.silence(room_ids)

    async def forget(self, room_ids: Collection[RoomId], user_id: UserId) -> None:
        """They are out of the database."""
        self.timeline.forget(user_id)
        for room_id in room_ids:
            self._leave(room_id)
        await asyncio.to_thread(disk.open_folder, self.folder)
