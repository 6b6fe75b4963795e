"""The studio: a preview without being live, and a broadcast that no change of scene interrupts.

Lives on the loop. What the user does arrives as plain calls; what became of it leaves as frozen
states, at most twenty a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.errors import LivehouseError, RelayRefused, RelayUnreachable
from app.live.publishing import Publishing
from app.live.scene_file import SceneFile
from app.live.studio_checks import run_checks
from app.live.studio_figures import measure
from app.live.studio_notices import make_notice, make_refusal
from app.live.studio_recording import StudioRecording, find_folder
from app.live.studio_return import StudioReturn
from app.live.studio_room import StudioRoom
from app.live.studio_stage import StudioStage
from app.live.studio_streams import StudioStreams
from app.live.sweeping import sweep_later
from app.media.capture.devices import list_cameras
from app.media.encode.layer_trial import try_machine
from app.media.encode.layers import LAYERS_AUTO, LAYERS_DEFAULT
from app.media.errors import MediaError
from app.settings import PublishSettings, Secret
from app.state import studio_events
from app.state.studio import StudioState
from app.state.studio_qualities import MachineJudged, Qualities, QualitiesChosen
from app.state.studio_recording import RecordingMeasured
from app.state.studio_scene import Box, ItemKind, LayoutName, StudioItem
from app.state.studio_sound import Channel
from wire import room_commands, room_events
from wire.errors import ErrorCode
from wire.ids import RoomId

if TYPE_CHECKING:
    from app.live.pushing import Pushing
    from app.live.studio_control import Control
    from app.live.vault import Vault
    from app.media.events import PipelineEvent
    from app.media.scene.filters_on_demand import Pixels

STATE_INTERVAL_S: Final = 0.05
LEVEL_INTERVAL_S: Final = 0.1
FIGURE_INTERVAL_S: Final = 0.5
CHECK_INTERVAL_S: Final = 2.0
FIRST_CHECK_S: Final = 1.0
"""After the first sources were opened: sooner, everything that only begins would be called bad."""
END_TIMEOUT_S: Final = 8.0


class StudioSession:
    """Made, started and stopped on one asyncio loop. `on_state` is called there, `on_pixels` on
    the preview's thread."""

    def __init__(
        self,
        control: Control,
        *,
        random: Callable[[], float],
        on_state: Callable[[StudioState], None],
        on_pixels: Callable[[Pixels], None],
        layers: str = LAYERS_DEFAULT,
        second_path: str = "",
        vault: Vault | None = None,
        scene_file: SceneFile | None = None,
        texts: Mapping[str, Pixels] | None = None,
        collect: Callable[[], object] = gc.collect,
    ) -> None:
        """Without a file no scene is kept; `texts` are the pictures of the texts in it. `collect`
        is called some time after each broadcast: see sweeping."""
        self._control = control
        self._collect = collect
        self._layers = layers
        self._second_path = second_path
        self._random = random
        self._on_state = on_state
        self._loop = asyncio.get_running_loop()
        self.stage = StudioStage(on_pixels=on_pixels, on_event=self._on_media_event)
        qualities = Qualities(is_several=layers == LAYERS_AUTO)
        self.state = StudioState(qualities=qualities)
        self._numbers = itertools.count(1)
        self._return = StudioReturn(
            scene_file or SceneFile(None),
            self.stage,
            texts=texts or {},
            read=lambda: self.state,
            apply=self._apply,
        )
        self._publishing: Publishing | None = None
        self._tap: Pushing | None = None
        self._recording = StudioRecording(
            find_folder(),
            now=lambda: datetime.now(UTC).astimezone(),
            monotonic_s=self._loop.time,
        )
        self._broadcast: asyncio.Task[None] | None = None
        self._is_starting = self._is_end_wanted = False
        self._began_s = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._post_due: asyncio.TimerHandle | None = None
        self._end_following = control.add_link_listener(self._on_control_link)
        self.room = StudioRoom(
            control,
            apply=self._apply,
            start=self._start,
            rounds=lambda: self.state.kept.rounds,
        )
        self.streams = StudioStreams(
            vault,
            random=random,
            on_changed=self._tell_streams,
            on_failure=lambda error: self._apply(
                studio_events.Noticed(studio_events.Notice("failed", error=error))
            ),
        )

    async def start(self) -> None:
        """Preview the scene as it was left; without one what there is: a camera, else the test
        card; a microphone where there is one."""
        self.stage.start()
        works = (self._measure_levels(), self._measure_figures())
        self._tasks = {self._loop.create_task(work) for work in works}
        self._start(self.streams.load())
        if await self._return.restore(self._make_key):
            await self._return.open_missing()
        else:
            await self._open_usual()
            self._return.note_start()
        self._start(self._return.heal())
        self._tasks.add(self._loop.create_task(self._check()))
        if self._layers == LAYERS_AUTO:
            self._start(self._judge_machine())

    async def _open_usual(self) -> None:
        has_camera = False
        for camera in (await asyncio.to_thread(list_cameras))[:1]:
            has_camera = await self.add_source("camera", camera.address, camera.name, is_quiet=True)
        if not has_camera:
            await self.add_source("testcard", "testcard", "", is_quiet=True)
        await self.add_sound("mic", "", is_quiet=True)

    async def stop(self) -> None:
        """End the broadcast, then everything else. Bounded."""
        await self.streams.close_port()
        await self.end()
        for task in self._tasks:
            task.cancel()
        self._end_following()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._return.keep()
        await self._recording.close()
        self.room.close()
        if self._post_due is not None:
            self._post_due.cancel()
        await asyncio.to_thread(self.stage.stop)

    # --- the scene --------------------------------------------------------------------------------

    async def add_source(
        self, kind: ItemKind, address: str, label: str, *, is_quiet: bool = False
    ) -> bool:
        """Open a source and show it where the layout wants it; whether that worked."""
        key = self._make_key(kind)
        try:
            if kind == "image":
                await self.stage.open_image(key, address)
                has_sound = False
            else:
                has_sound = await self.stage.open_picture(key, address)
        except LivehouseError as error:
            if not is_quiet:
                self._apply(studio_events.Noticed(make_refusal(kind, label, error)))
            return False
        box = Box(0.3, 0.3, 0.4, 0.4)
        self._apply(studio_events.ItemAdded(StudioItem(key, kind, label, address=address, box=box)))
        if has_sound:
            self._apply(studio_events.ChannelAdded(Channel(key, label)))
        self._arrange()
        return True

    def add_text(self, text: str, pixels: Pixels) -> None:
        """`pixels` is the text as it is to look: RGBA of shape (height, width, 4)."""
        key = self._make_key("text")
        self.stage.show_still(key, pixels)
        box = Box(0.05, 0.82, 0.9, 0.12)
        self._apply(studio_events.ItemAdded(StudioItem(key, "text", text, box=box)))
        self._arrange()

    async def remove(self, key: str) -> None:
        """A source, or a sound that stands alone."""
        self._return.forget(key)
        self._apply(studio_events.ItemRemoved(key))
        self._apply(studio_events.ChannelRemoved(key))
        self._arrange()
        await self.stage.close(key)

    def choose_layout(self, layout: LayoutName) -> None:
        self._apply(studio_events.LayoutChosen(layout))
        self._arrange()

    async def show_layout(self, layout: LayoutName) -> None:
        """As `choose_layout`; the screen is added where the layout wants one and there is one."""
        self.choose_layout(layout)
        wants_screen = layout in {"screen", "screen_camera"}
        if wants_screen and all(item.kind != "screen" for item in self.state.items):
            await self.add_source("screen", "screen", "", is_quiet=True)

    def change(
        self, event: studio_events.ItemMoved | studio_events.ItemChanged | studio_events.ItemRaised
    ) -> None:
        self._apply(event)
        self._arrange()

    def select(self, key: str) -> None:
        self._apply(studio_events.ItemSelected(key))

    # --- sound ------------------------------------------------------------------------------------

    async def add_sound(self, address: str, label: str, *, is_quiet: bool = False) -> bool:
        key = self._make_key("sound")
        try:
            name = await self.stage.open_sound(key, address)
        except LivehouseError as error:
            if not is_quiet:
                self._apply(studio_events.Noticed(studio_events.Notice("failed", error=error)))
            return False
        is_microphone = address.startswith("mic")
        channel = Channel(key, label or name, is_microphone=is_microphone, address=address)
        self._apply(studio_events.ChannelAdded(channel))
        return True

    def change_channel(self, event: studio_events.ChannelChanged) -> None:
        self._apply(event)
        for channel in self.state.channels:
            if channel.key == event.key:
                self.stage.set_channel(channel)

    def hold_microphones(self, held: bool) -> None:  # noqa: FBT001 # called by position through the loop
        self.stage.mixer.hold_microphones(held=held)
        self._apply(studio_events.MicrophonesHeld(held))

    # --- the broadcast ----------------------------------------------------------------------------

    async def go_live(self) -> None:
        """Returns when the broadcast is being started. Raises LivehouseError."""
        if self._broadcast is not None or self._is_starting:
            return
        self._is_starting, self._is_end_wanted = True, False
        self._apply(studio_events.PhaseChanged("starting"))
        try:
            await self.room.enter()
            publishing = None if self._is_end_wanted else self._make_publishing()
        except BaseException as error:
            failure = error if isinstance(error, LivehouseError) else None
            self._apply(studio_events.PhaseChanged("preview", failure))
            raise
        finally:
            self._is_starting = False
        if publishing is None:
            self._apply(studio_events.PhaseChanged("preview"))
            return
        self._publishing = publishing
        self._began_s = 0.0
        self._broadcast = self._loop.create_task(self._run_broadcast(publishing))

    def _make_publishing(self) -> Publishing:
        url, pin = self._control.relay_settings()
        settings = PublishSettings(
            relay=url,
            pin=pin,
            room=self.room.room_id or "",
            publish_key=Secret(""),
            source="testcard",
            audio="tone",
            layers=self._layers,
            second_path=self._second_path,
        )
        tap = self._tap = self.streams.make_tap()
        try:
            return Publishing(
                settings,
                random=self._random,
                on_notice=lambda _words: None,
                open_sources=self.stage.open_feeds,
                request_ticket=self._request_ticket,
                on_second_path=self._on_second_path,
                taps=[tap],
            )
        except LivehouseError:
            self.streams.forget_tap(tap)
            raise

    async def end(self) -> None:
        """End the broadcast in order, or do not begin it; the preview goes on."""
        self._is_end_wanted = True
        broadcast, publishing = self._broadcast, self._publishing
        if broadcast is None or publishing is None:
            return
        self._apply(studio_events.PhaseChanged("ending"))
        publishing.stop()
        await asyncio.wait({broadcast}, timeout=END_TIMEOUT_S)
        if not broadcast.done():
            broadcast.cancel()
            await asyncio.gather(broadcast, return_exceptions=True)

    def choose_qualities(self, is_several: bool) -> None:  # noqa: FBT001 # called by position through the loop
        """Several, as many as this computer encodes at once, or one: when going live next."""
        self._layers = LAYERS_AUTO if is_several else LAYERS_DEFAULT
        self._apply(QualitiesChosen(is_several))
        if is_several:
            self._start(self._judge_machine())

    def choose_second_path(self, address: str) -> None:
        """Of this machine, for a second way up; empty for none. When going live next."""
        self._second_path = address

    def reconnect_now(self) -> None:
        if self._publishing is not None:
            self._publishing.reconnect_now()

    def record(self, *, is_wanted: bool, folder: str = "") -> None:
        """The switch of the recording on this computer. An empty folder is the usual one."""
        self._recording.folder = Path(folder) if folder else find_folder()
        self._recording.want(is_wanted=is_wanted)
        self._apply(RecordingMeasured(self._recording.state))

    def statistics(self) -> dict[str, object]:
        """Of the broadcast, as `livehouse publish --stats-json` writes it; empty without one."""
        return {} if self._publishing is None else self._publishing.statistics()

    async def open_port(self) -> None:
        """Let OBS stream into the room instead of Studio. Raises LivehouseError."""
        await self.room.enter()
        url, pin = self._control.relay_settings()
        settings = PublishSettings(
            relay=url,
            pin=pin,
            room=self.room.room_id or "",
            publish_key=Secret(""),
            source="testcard",
        )
        await self.streams.open_port(settings, self._request_ticket)

    async def renew_stream_key(self) -> None:
        """The old one opens nothing any more. Raises LivehouseError."""
        was_open = self.streams.is_port_open
        await self.streams.close_port()
        await self.streams.renew_key()
        if was_open:
            await self.open_port()

    async def _run_broadcast(self, publishing: Publishing) -> None:
        failure: LivehouseError | None = None
        try:
            await publishing.run()
        except LivehouseError as error:
            failure = error
        finally:
            self._broadcast = self._publishing = None
            if self._tap is not None:
                self.streams.forget_tap(self._tap)
                self._tap = None
            self._tell_streams()
            self._apply(studio_events.PhaseChanged("preview", failure))
            sweep_later(self._loop, self._collect)
        if failure is not None:
            self._apply(studio_events.Noticed(studio_events.Notice("failed", error=failure)))

    async def _request_ticket(self) -> str:
        command = room_commands.RequestPublishTicket(id=0, room_id=self.room.room_id or RoomId(""))
        try:
            return (await self._control.request(command, room_events.TicketIssued)).ticket
        except RelayRefused as refused:
            if refused.code is ErrorCode.LOGIN_REQUIRED:
                # The control link is back but not logged in yet: worth another try.
                raise RelayUnreachable(refused.message) from None
            raise

    # --- what happens -----------------------------------------------------------------------------

    def _on_media_event(self, event: PipelineEvent) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._apply, studio_events.Noticed(make_notice(event)))

    def _on_control_link(self, is_up: bool) -> None:  # noqa: FBT001 # a listener
        """The relay is back: membership ended with the old link, and media need not wait."""
        if not is_up:
            return
        self.reconnect_now()
        if self.room.room_id is not None:
            self._start(self._enter_again())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _judge_machine(self) -> None:
        with contextlib.suppress(MediaError):  # the encoder's own check says so
            verdict = await asyncio.to_thread(try_machine)
            names = tuple(spec.name for spec in reversed(verdict.specs))
            self._apply(MachineJudged(names, verdict.is_whole))

    def _on_second_path(self, is_open: bool) -> None:  # noqa: FBT001 # a listener
        kind: studio_events.NoticeKind = "second_way_open" if is_open else "second_way_closed"
        self._apply(studio_events.Noticed(studio_events.Notice(kind, self._second_path)))

    async def _enter_again(self) -> None:
        with contextlib.suppress(LivehouseError):
            await self.room.enter()

    async def _measure_levels(self) -> None:
        while True:
            await asyncio.sleep(LEVEL_INTERVAL_S)
            if self.state.channels and self.stage.is_looked_at:
                master_db = self.stage.mixer.master_level.peak_db
                self._apply(studio_events.LevelsMeasured(self.stage.levels(), master_db))

    async def _measure_figures(self) -> None:
        while True:
            await asyncio.sleep(FIGURE_INTERVAL_S)
            for item in self.state.items:
                if self._return.is_missing(item.key):
                    continue
                signal = self.stage.scene.state_of(item.key)
                shape = self.stage.scene.shape_of(item.key)
                if signal != item.signal or (shape is not None and shape != item.shape):
                    self._apply(studio_events.ItemChanged(item.key, signal=signal, shape=shape))
            for channel in self.state.channels:
                if self._return.is_missing(channel.key):
                    continue
                signal = self.stage.mixer.state_of(channel.key)
                if signal != channel.signal:
                    self._apply(studio_events.ChannelChanged(channel.key, signal=signal))
            await self._return.keep()
            self._follow_link()
            self._apply(RecordingMeasured(await self._recording.follow(self._publishing)))
            if self.state.targets or self.streams.is_port_open:
                self._tell_streams()
            figures = measure(
                self._publishing,
                self.stage,
                self.state,
                elapsed_s=self._loop.time() - self._began_s if self._began_s else 0.0,
                interval_s=FIGURE_INTERVAL_S,
            )
            self._apply(
                studio_events.FiguresMeasured(figures, self.stage.costs_ms(self.state.items))
            )

    def _follow_link(self) -> None:
        publishing = self._publishing
        if publishing is None or not publishing.is_live or self.state.phase == "ending":
            return
        self._began_s = self._began_s or self._loop.time()
        phase: studio_events.Phase = "live" if publishing.link_state == "connected" else "waiting"
        if phase != self.state.phase:
            self._apply(studio_events.PhaseChanged(phase))

    async def _check(self) -> None:
        await asyncio.sleep(FIRST_CHECK_S)
        while True:
            if not self.state.is_on_air:
                self._apply(await run_checks(self._control, self.state))
            await asyncio.sleep(CHECK_INTERVAL_S)

    def _tell_streams(self) -> None:
        self._apply(studio_events.StreamsTold(self.streams.statuses(), self.streams.stream_in()))

    def _make_key(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers)}"

    def _arrange(self) -> None:
        self.stage.arrange(self.state.items)

    def _apply(self, event: studio_events.Event) -> None:
        self.state = self.state.apply(event)
        if self._post_due is None:
            self._post_due = self._loop.call_later(STATE_INTERVAL_S, self._post)

    def _post(self) -> None:
        self._post_due = None
        self._on_state(self.state)
