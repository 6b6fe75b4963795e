"""One recording that is played: opened, fed with its timeline, and left where it was.

The GUI thread's half: the player is asked directly (it has a lock of its own and never waits in
it), the relay through the loop.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import RelayUnreachable
from app.live.replays import (
    PlayWishes,
    ReplaySinks,
    ReplayVisit,
    begin_replay,
    open_live_recording,
    open_replay,
)
from app.media.replay.replay_status import ReplayStatus
from app.state.replay_timeline import ReplayTimeline
from app.state.replays import resume_ms
from wire.ids import ReplayId, RoomId

if TYPE_CHECKING:
    from app.errors import LivehouseError
    from app.live.house import House
    from app.live.loop_thread import LoopThread
    from app.live.replay_places import ReplayPlaces
    from app.media.playback.chosen_output import OutputState
    from app.state.replay_timeline import Wanted
    from app.ui.door import Door
    from app.ui.room.stage import Stage
    from wire.events import TimelinePage
    from wire.replay_events import ReplayInfo, ReplayOpened

TICK_MS: Final = 100
REFUSED_REST_MS: Final = 3_000
"""After a page of the timeline that did not come."""
REWIND_BACK_MS: Final = 15_000
"""Going back while live begins so long before the end."""
REOPEN_MS: Final = 2_000
REOPENS_MAX: Final = 12
"""In a row: a relay that was killed is there again within some seconds."""
REOPENED_MS: Final = 5_000
"""Having played for so long, it counts as open again."""
US: Final = 1000


class ReplayDesk(QObject):
    """Everything here belongs to the GUI thread, unless it says otherwise."""

    opened = Signal()
    """`replay` is known and the player has begun."""
    failed = Signal(object)
    """A LivehouseError: it does not open."""
    status_changed = Signal()
    jumped = Signal()
    """It stands somewhere else, or more is known of what was said there."""
    ticked = Signal()
    """Ten times a second while it is open."""

    def __init__(
        self, house: House, loop: LoopThread, door: Door, places: ReplayPlaces, stage: Stage
    ) -> None:
        super().__init__(stage)
        self._house = house
        self._loop = loop
        self._door = door
        self._places = places
        self._stage = stage
        self._visit: ReplayVisit | None = None
        self._number = 0
        """Of the opening: what an earlier one brings comes too late."""
        self._volume = 1.0
        self._speed = 1.0
        self._device = ""
        self._start_ms = 0
        self._resumed_ms = 0
        self._rests_until_ms = 0.0
        self._reopens = 0
        self._reopened_ms = 0.0
        self._reopening = ("", 0)
        self.replay: ReplayInfo | None = None
        self.status = ReplayStatus()
        self.timeline = ReplayTimeline()
        self.resumed_ms = 0
        """Where it went on; 0: at the start."""
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    @property
    def visit(self) -> ReplayVisit | None:
        return self._visit

    @property
    def is_open(self) -> bool:
        return self._visit is not None

    @property
    def duration_ms(self) -> int:
        known_ms = self.replay.duration_ms if self.replay is not None else 0
        return self.status.duration_us // US or known_ms

    def position_ms(self) -> float:
        if self._visit is None:
            return float(self._start_ms)
        return self._visit.player.position_us() / US

    # --- opening and leaving ------------------------------------------------------------------

    def open(self, replay_id: str, *, start_ms: int | None = None) -> None:
        """From where it was left, or from a moment that is wanted."""
        self._reopens = 0
        self._open_at(replay_id, start_ms)

    def _open_at(self, replay_id: str, start_ms: int | None) -> None:
        kept_ms = self._places.find(replay_id) if start_ms is None else 0
        number = self._begin()
        done = self._loop.submit(self._open(number, ReplayId(replay_id), kept_ms, start_ms or 0))
        self._deliver(number, done)

    def open_live(self, room_id: str) -> None:
        """The recording that is being made of a room."""
        self._reopens = REOPENS_MAX  # it is the room's affair to come back
        number = self._begin()
        done = self._loop.submit(self._open_live(number, RoomId(room_id)))
        self._deliver(number, done)

    def close(self) -> None:
        """Where it stands is remembered."""
        self._number += 1
        self._timer.stop()
        visit, self._visit = self._visit, None
        if visit is None:
            return
        if visit.replay.state != "recording":
            at_ms = resume_ms(int(visit.player.position_us() // US), self.duration_ms)
            self._places.keep(visit.replay.replay_id, at_ms)
            self._loop.call(self._places.save)
        self._loop.submit(visit.end())
        self.replay = None
        self.status = ReplayStatus()
        self.timeline = ReplayTimeline()
        self._stage.forget_picture()

    def show_replay(self, replay: ReplayInfo) -> None:
        """Title, chapters or visibility are others now."""
        if self.replay is not None and replay.replay_id == self.replay.replay_id:
            self.replay = replay
            self.opened.emit()

    # --- what the viewer does -----------------------------------------------------------------

    def seek(self, at_ms: float) -> None:
        if self._visit is not None:
            at_ms = max(0.0, min(at_ms, float(self.duration_ms)))
            self._visit.player.seek(int(at_ms * US))
            self.jumped.emit()

    def seek_by(self, by_ms: float) -> None:
        self.seek(self.position_ms() + by_ms)

    def pause(self, *, is_paused: bool) -> None:
        if self._visit is not None:
            self._visit.player.pause(is_paused=is_paused)

    def choose_speed(self, speed: float) -> None:
        self._speed = speed
        if self._visit is not None:
            self._visit.player.choose_speed(speed)

    def choose_volume(self, volume: float) -> None:
        """0 is silent."""
        self._volume = volume
        if self._visit is not None:
            self._visit.player.set_volume(volume)

    def choose_output(self, device: str) -> None:
        self._device = device
        if self._visit is not None:
            self._visit.output.choose(device)

    # --- within -------------------------------------------------------------------------------

    def _begin(self) -> int:
        self.close()
        self._start_ms = 0
        self._rests_until_ms = 0.0
        return self._number

    def _deliver(self, number: int, done: object) -> None:
        self._door.deliver(
            done,  # type: ignore[arg-type] # a future of the loop, of whichever opening
            lambda visit: self._on_opened(number, visit),
            lambda error: self._on_failed(number, error),
        )

    async def _open(
        self, number: int, replay_id: ReplayId, kept_ms: int, start_ms: int
    ) -> ReplayVisit:
        opened = await open_replay(self._house, replay_id)
        self._resumed_ms = 0 if start_ms else resume_ms(kept_ms, opened.replay.duration_ms)
        start_ms = start_ms or self._resumed_ms
        return self._play(number, opened, start_ms)

    async def _open_live(self, number: int, room_id: RoomId) -> ReplayVisit:
        opened = await open_live_recording(self._house, room_id)
        start_ms = max(0, opened.replay.duration_ms - REWIND_BACK_MS)
        return self._play(number, opened, start_ms)

    def _play(self, number: int, opened: ReplayOpened, start_ms: int) -> ReplayVisit:
        """On the loop."""
        self._start_ms = start_ms
        sinks = ReplaySinks(
            on_picture=self._stage.show_picture,
            on_status=lambda _status: self._door.post(self._on_status, number),
            on_output=self._on_output,
        )
        wishes = PlayWishes(start_ms=start_ms, output_device=self._device)
        return begin_replay(self._house, opened, wishes, sinks)

    def _on_output(self, output: OutputState) -> None:
        """On the output's thread; the recording plays on in silence."""

    def _on_opened(self, number: int, visit: ReplayVisit) -> None:
        if number != self._number:
            self._loop.submit(visit.end())
            return
        self._visit = visit
        self.replay = visit.replay
        self.status = visit.player.status
        self.timeline = ReplayTimeline(is_growing=visit.replay.state == "recording")
        self.resumed_ms, self._resumed_ms = self._resumed_ms, 0
        visit.player.set_volume(self._volume)
        visit.player.choose_speed(self._speed)
        self._timer.start()
        self.opened.emit()
        self._on_status(number)  # what it said before it was known here
        self._on_tick()

    def _on_failed(self, number: int, error: LivehouseError) -> None:
        if number != self._number:
            return
        self.failed.emit(error)
        if self._reopens and isinstance(error, RelayUnreachable):
            self._reopen_soon(*self._reopening)

    def _reopen_soon(self, replay_id: str, at_ms: int) -> None:
        """Where it was, as soon as the relay is there again."""
        if self._reopens >= REOPENS_MAX:
            return
        self._reopens += 1
        self._reopening = (replay_id, at_ms)
        number = self._number

        def reopen() -> None:
            if number == self._number:
                self._reopened_ms = float(at_ms)
                self._open_at(replay_id, max(1, at_ms))

        QTimer.singleShot(REOPEN_MS, self, reopen)

    def _on_status(self, number: int) -> None:
        if number == self._number and self._visit is not None:
            self.status = self._visit.player.status
            self.status_changed.emit()
            if self.status.phase == "failed":
                self._reopen_soon(self._visit.replay.replay_id, int(self.position_ms()))

    def _on_tick(self) -> None:
        visit = self._visit
        if visit is None:
            return
        at_ms = int(self.position_ms())
        now_ms = time.monotonic() * 1000
        if at_ms > self._reopened_ms + REOPENED_MS and self._reopens < REOPENS_MAX:
            self._reopens = 0
        self.timeline.forget_before(at_ms)
        if now_ms >= self._rests_until_ms:
            wanted = self.timeline.want(at_ms, now_ms)
            if wanted is not None:
                self._read(visit, wanted)
        self.ticked.emit()

    def _read(self, visit: ReplayVisit, wanted: Wanted) -> None:
        timeline = self.timeline
        done = self._loop.submit(visit.read_timeline(wanted))

        def on_page(page: TimelinePage) -> None:
            new_from_ms = timeline.add(page)
            if timeline is not self.timeline or new_from_ms is None:
                return
            if new_from_ms <= self.position_ms():
                self.jumped.emit()

        def on_error(_error: LivehouseError) -> None:
            timeline.fail()
            self._rests_until_ms = time.monotonic() * 1000 + REFUSED_REST_MS

        self._door.deliver(done, on_page, on_error)
