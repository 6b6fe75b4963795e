"""Recordings on the relay: their list, their covers, their timelines, and one that is played.

Lives on the loop; the player has threads of its own and may be asked from any.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.errors import LivehouseError
from app.live.relay_watch import RelayWatch
from app.live.replay_covers import Control, ReplayCovers
from app.live.watching import PictureSink, monotonic_us
from app.media.playback.chosen_output import ChosenOutput, OutputState
from app.media.replay.replay_player import ReplayPlayer
from app.media.replay.still_finder import StillFinder
from app.net.address import parse_relay_address
from app.net.ranged_source import RangedSource
from app.state import replays as state
from wire import (
    coin_commands,
    coin_events,
    events,
    replay_commands,
    replay_events,
)
from wire.ids import ReplayId
from wire.limits import REPLAYS_PAGE_MAX

if TYPE_CHECKING:
    from app.media.replay.replay_status import ReplayStatus
    from app.state.replay_timeline import Wanted
    from wire.ids import RoomId
    from wire.replay_events import ReplayInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySinks:
    """Where a played recording's news goes: pictures on the presenting thread, the rest on any."""

    on_picture: PictureSink
    on_status: Callable[[ReplayStatus], None]
    on_output: Callable[[OutputState], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayWishes:
    """How a recording is to begin."""

    start_ms: int = 0
    output_device: str = ""
    is_paused: bool = False


class ReplayShelf:
    """The list. The sinks are called on the loop."""

    def __init__(
        self,
        control: Control,
        *,
        on_state: Callable[[state.ReplaysState], None],
        on_cover: Callable[[str, bytes], None],
    ) -> None:
        self._control = control
        self._on_state = on_state
        self._covers = ReplayCovers(control, on_cover)
        self._relay = RelayWatch(control)
        self.state = state.ReplaysState()

    async def refresh(self) -> None:
        """From the start. Failures are in the state."""
        self._forget_another_relay()
        await self._list(is_more=False)

    async def show_more(self) -> None:
        if self.state.has_more:
            await self._list(is_more=True)

    async def search(self, text: str) -> None:
        self._apply(state.SearchChanged(text))
        await self._list(is_more=False)

    def on_event(self, event: events.RoomEvent) -> None:
        """Those of rooms that one is in; can_manage is told by the list alone."""
        if isinstance(event, replay_events.ReplayDeleted):
            self._apply(state.ReplayGone(event.replay_id))

    async def edit(self, command: replay_commands.EditReplay) -> ReplayInfo:
        """Raises LivehouseError."""
        answer = await self._control.request(command, replay_events.ReplayDetails)
        self._apply(state.ReplayChanged(answer.replay))
        return answer.replay

    async def delete(self, replay_id: ReplayId) -> None:
        """For good. Raises LivehouseError."""
        command = replay_commands.DeleteReplay(id=0, replay_id=replay_id)
        await self._control.request(command, events.Ok)
        self._apply(state.ReplayGone(replay_id))

    async def _list(self, *, is_more: bool) -> None:
        search, before = self.state.search, self.state.next if is_more else ""
        command = replay_commands.ListReplays(
            id=0,
            query=search,
            before=before,
            limit=min(24, REPLAYS_PAGE_MAX),
        )
        try:
            answer = await self._control.request(command, replay_events.ReplayList)
        except LivehouseError as error:
            self._apply(state.ListFailed(error))
            return
        replays = answer.replays
        if not replays and not before and state.is_code(search):
            replays = await self._find_unlisted(search)
        self._apply(state.Listed(replays, answer.next, search, before))
        await self._covers.fetch(replays)

    async def _find_unlisted(self, code: str) -> tuple[ReplayInfo, ...]:
        """No list shows it, but whoever was told its code may watch it."""
        try:
            return ((await open_replay(self._control, ReplayId(code))).replay,)
        except LivehouseError:
            return ()

    def _forget_another_relay(self) -> None:
        if self._relay.look() == "another":
            self._covers.forget()
            self._apply(state.Forgotten())

    def _apply(self, change: state.Change) -> None:
        before, self.state = self.state, self.state.apply(change)
        if self.state != before:
            self._on_state(self.state)


_lives: Final[set[asyncio.Task[None]]] = set()
"""Of visits: a loop holds its tasks weakly, and nobody may hold the visit."""


class ReplayVisit:
    """One recording that is played, from its making by `begin_replay` until `end` or the loop's
    end, whichever is first: its threads never outlive both. Made and ended on the loop."""

    def __init__(
        self,
        control: Control,
        opened: replay_events.ReplayOpened,
        player: ReplayPlayer,
        output: ChosenOutput,
        stills: StillFinder,
    ) -> None:
        self._control = control
        self.replay = opened.replay
        self.player = player
        self.output = output
        self.stills = stills
        self._is_ending = asyncio.Event()
        self._has_begun = False
        self._life = asyncio.get_running_loop().create_task(self._live())
        _lives.add(self._life)
        self._life.add_done_callback(self._on_life_over)

    async def read_timeline(self, wanted: Wanted) -> events.TimelinePage:
        """Raises LivehouseError."""
        command = replay_commands.ReadTimeline(
            id=0, replay_id=self.replay.replay_id, from_ms=wanted.from_ms, after=wanted.after
        )
        return await self._control.request(command, events.TimelinePage)

    async def list_gifts(self) -> tuple[coin_events.GiftInfo, ...]:
        """Raises LivehouseError."""
        answer = await self._control.request(
            coin_commands.ListGifts(id=0), coin_events.GiftCatalogue
        )
        return answer.gifts

    async def end(self) -> None:
        self._is_ending.set()
        await asyncio.shield(self._life)

    def _on_life_over(self, life: asyncio.Task[None]) -> None:
        _lives.discard(life)
        if not self._has_begun:  # a loop that ends in this very turn runs nothing of a task
            self._stop()

    async def _live(self) -> None:
        self._has_begun = True
        try:
            await self._is_ending.wait()
        finally:  # the loop ends, too, before whoever asked for it was told that it is there
            await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        self.stills.stop()
        self.player.stop()


async def open_replay(control: Control, replay_id: ReplayId) -> replay_events.ReplayOpened:
    """Raises LivehouseError."""
    command = replay_commands.OpenReplay(id=0, replay_id=replay_id)
    return await control.request(command, replay_events.ReplayOpened)


async def open_live_recording(control: Control, room_id: RoomId) -> replay_events.ReplayOpened:
    """Of what is live in a room now. Raises LivehouseError."""
    command = replay_commands.LiveRecording(id=0, room_id=room_id)
    return await control.request(command, replay_events.ReplayOpened)


def begin_replay(
    control: Control,
    opened: replay_events.ReplayOpened,
    wishes: PlayWishes,
    sinks: ReplaySinks,
) -> ReplayVisit:
    """On the loop. Raises LivehouseError where there is no relay."""
    url, pin = control.relay_settings()
    address = parse_relay_address(url, pin=pin)

    def make_source() -> RangedSource:
        return RangedSource(address, opened.path, opened.ticket)

    output = ChosenOutput(
        wishes.output_device, monotonic_us=monotonic_us, on_change=sinks.on_output
    )
    player = ReplayPlayer(
        make_source(),
        output=output,
        monotonic_us=monotonic_us,
        on_picture=sinks.on_picture,
        on_status=sinks.on_status,
        start_us=wishes.start_ms * 1000,
        is_growing=opened.replay.state == "recording",
        is_paused=wishes.is_paused,
    )
    stills = StillFinder(make_source)
    player.start()
    stills.start()
    return ReplayVisit(control, opened, player, output, stills)
