"""Publishing into one room: opens the pipeline, stays connected, and ends in order.

The pipeline runs on through cuts: encoders stay warm, and the broadcast goes on with its own pts at
the next keyframe after the link is back. What it sends follows the uplink and the machine: see
`upstream`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from app.errors import MediaFailed
from app.live.ending import end_media, run_to_end
from app.live.pipeline_making import check_encoder, make_pipeline, translate
from app.live.room_finding import find_room_for_publishing
from app.live.upstream import LOOK_S, Upstream
from app.media.capture.sources import OpenedSources, open_sources
from app.media.clock import MediaClock
from app.media.encode.layer_trial import try_machine
from app.media.encode.layers import LADDER, LAYERS_AUTO, parse_layers
from app.media.errors import (
    MediaError,
    SourceNotFound,
    SourceUnsupported,
)
from app.media.pushing.frame_tee import tee_pictures
from app.net.address import parse_relay_address
from app.net.publish_client import PublishClient
from app.net.reconnect import ReconnectPolicy
from app.net.relay_link import LinkState, RelayLink
from wire.ids import RoomId

if TYPE_CHECKING:
    from app.live.upstream import UpstreamStatus
    from app.media.capture.source import VideoFrame
    from app.media.encode.cpu_budget import Verdict
    from app.media.events import PipelineEvent
    from app.media.publish_stats import PublishStats
    from app.media.publishing import PublishPipeline
    from app.net.uplink_stats import PublishLinkStats
    from app.settings import PublishSettings
    from wire import media_events
    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo

ACCEPT_WAIT_S: Final = 60.0
"""With --seconds: how long the relay may keep saying "busy" before the first packet."""
_POLL_S: Final = 0.1


class PacketTap(Protocol):
    """Gets what is broadcast a second time, for another use than the room's."""

    def begin(
        self,
        tracks: tuple[TrackInfo, ...],
        request_keyframe: Callable[[int], None],
        *,
        has_frames: bool = True,
    ) -> None:
        """On the loop, once the broadcast has begun. `has_frames`: raw pictures come as well."""

    def push(self, packet: MediaPacket) -> None:
        """On the encoders' threads: never blocks."""

    def push_frame(self, frame: VideoFrame) -> None:
        """A raw picture, on its source's thread: never blocks."""

    async def end(self) -> None:
        """On the loop; bounded."""

    def statistics(self) -> dict[str, object]:
        """Joined to the broadcast's; also after the end."""
        ...

    def line(self) -> str:
        """How it goes, for people; may be empty."""
        ...


class Publishing:
    """Made, run and stopped on one asyncio loop; `statistics` may be read from any thread."""

    def __init__(
        self,
        settings: PublishSettings,
        *,
        random: Callable[[], float],
        on_notice: Callable[[str], None],
        open_sources: Callable[..., OpenedSources] = open_sources,
        request_ticket: Callable[[], Awaitable[str]] | None = None,
        on_second_path: Callable[[bool], None] = lambda _is_open: None,
        taps: Sequence[PacketTap] = (),
    ) -> None:
        """With `request_ticket` the room is named by its id and each connection gets a new ticket
        instead of the publish key. `open_sources` puts others in the place of the named ones."""
        self._settings = settings
        self._on_notice = on_notice
        self._open_sources = tee_pictures(open_sources, [tap.push_frame for tap in taps])
        self._request_ticket = request_ticket
        self._tell_second_path = on_second_path
        self._taps = tuple(taps)
        self._address = parse_relay_address(settings.relay, pin=settings.pin)
        self._loop = asyncio.get_running_loop()
        self._clock = MediaClock()
        self._client = PublishClient(
            self._address,
            on_keyframe_wanted=self._request_keyframe,
            on_event=lambda _event: None,
        )
        check_encoder(settings)
        self._layers = LADDER if settings.layers == LAYERS_AUTO else settings.layers
        self._verdict: Verdict | None = None
        """Of this machine, where the layers are to be what it can do."""
        self._pipeline = self.make_pipeline(has_sound=True)
        self._upstream: Upstream | None = None
        self._link = RelayLink(
            self._address,
            self._run_session,
            policy=ReconnectPolicy(random=random),
            on_state=self._on_link_state,
        )
        self._room_id: RoomId | None = None
        self._is_started = self._is_ending = False
        self._last_failure = self._second_path_state = ""
        self._accepted = asyncio.Event()
        self._stopping = asyncio.Event()
        self.tap: Callable[[MediaPacket], None] | None = None
        """Called with every packet, on the encoders' threads: it may not block."""

    async def run(self) -> None:
        """Until `stop`, the end of --seconds or of the source, or an error that ends it."""
        try:
            await self._choose_layers()
            await self._open_pipeline()
        except BaseException:
            # Cancelled while a thread opens sources and encoders: they must not stay open.
            await asyncio.shield(end_media(self._pipeline.stop, self._taps))
            raise
        start = self._loop.create_task
        await run_to_end(
            start(self._link.run()),
            (start(self._await_end()), start(self._control_upstream())),
            beside=(start(self._run_second_path()),),
            stop_media=self._pipeline.stop,
            stop_sending=self._stop_sending,
            taps=self._taps,
            is_stopping=self._stopping.is_set,
        )

    def _stop_sending(self) -> None:
        self._is_ending = True
        self._client.stop()

    def stop(self) -> None:
        """End the broadcast in order. On the loop."""
        self._stopping.set()

    def reconnect_now(self) -> None:
        """Any thread."""
        self._link.reconnect_now()

    @property
    def link_state(self) -> LinkState:
        """Connected while any way up stands."""
        return "connected" if self._client.is_open else self._link.state

    @property
    def is_live(self) -> bool:
        """Whether the relay has accepted the broadcast once."""
        return self._accepted.is_set()

    def statistics(self) -> dict[str, object]:
        """The figures of `--stats-json`."""
        pipeline = msgspec.to_builtins(self._pipeline.stats())
        link = msgspec.to_builtins(self._client.stats())
        return {
            "broadcast_id": self._client.broadcast_id,
            "reconnects": self._link.reconnects,
            "link": link,
            "pipeline": pipeline,
            "upstream": msgspec.to_builtins(self.upstream_status()),
            "machine": msgspec.to_builtins(self._verdict),
            **{name: value for tap in self._taps for name, value in tap.statistics().items()},
        }

    def pipeline_stats(self) -> PublishStats:
        return self._pipeline.stats()

    def link_stats(self) -> PublishLinkStats:
        return self._client.stats()

    def upstream_status(self) -> UpstreamStatus | None:
        """None before the pipeline is open."""
        return None if self._upstream is None else self._upstream.status()

    @property
    def reconnects(self) -> int:
        return self._link.reconnects

    def line(self) -> str:
        """One line of how it goes."""
        pipeline = self._pipeline.stats()
        link = self._client.stats()
        status = self.upstream_status()
        rate = "" if status is None else f"rate {status.bit_rate_bps // 1000} kbit/s  "
        return (
            f"{self._link.state}  {pipeline.fps:.1f} fps  "
            f"{rate}sent {link.bytes_sent / 1e6:.1f} MB  "
            f"queued {link.queued_ms:.0f} ms  round trip {link.round_trip_ms:.1f} ms  "
            f"dropped {sum(link.dropped.values())}  viewers {link.subscribers}"
            + "".join(f"  {line}" for tap in self._taps if (line := tap.line()))
        )

    async def _choose_layers(self) -> None:
        """With "auto": as many as this machine can encode at once."""
        if self._settings.layers != LAYERS_AUTO:
            return
        try:
            verdict = await asyncio.to_thread(
                try_machine, self._settings.codec, self._settings.encoder
            )
        except MediaError as error:
            raise translate(error) from None
        self._verdict = verdict
        what = f"{verdict.layers.replace(',', ', ')}: {verdict.encode_ms:.0f} ms a picture"
        if verdict.is_whole:
            self._on_notice(f"qualities {what}")
        else:
            self._on_notice(f"this machine is too weak for {LADDER.replace(',', ', ')}; {what}")
            self._layers = verdict.layers
            self._pipeline = self.make_pipeline(has_sound=True)

    async def _control_upstream(self) -> None:
        specs = parse_layers(self._layers)
        has_sound = any(track.kind == "audio" for track in self._pipeline.tracks)
        self._upstream = Upstream(
            self._pipeline,
            self._client,
            specs,
            has_sound=has_sound,
            follows_machine=self._settings.layers == LAYERS_AUTO,
            on_notice=self._on_notice,
        )
        while True:
            await asyncio.sleep(LOOK_S)
            self._upstream.look(self._loop.time(), is_connected=self._client.is_open)

    async def _run_second_path(self) -> None:
        """Where the user named an address for it."""
        if not self._settings.second_path:
            return
        await self._accepted.wait()
        if self._room_id is not None:
            address = self._settings.second_path
            await self._client.run_second_path(
                self._room_id, address, on_state=self._on_second_path
            )

    def _on_second_path(self, is_open: bool, words: str) -> None:  # noqa: FBT001 # a listener
        state = "is open" if is_open else f"is not open: {words}"
        if state != self._second_path_state:
            self._second_path_state = state
            self._tell_second_path(is_open)
            self._on_notice(f"the second way up, from {self._settings.second_path}, {state}")

    async def _open_pipeline(self) -> None:
        """With the source's default sound where it has one, else without sound."""
        try:
            await asyncio.to_thread(self._pipeline.open)
        except (SourceUnsupported, SourceNotFound) as error:
            if self._settings.audio is not None:
                raise translate(error) from None
            self._pipeline = self.make_pipeline(has_sound=False)
            try:
                await asyncio.to_thread(self._pipeline.open)
            except MediaError as again:
                raise translate(again) from None
            self._on_notice(f"no sound: {error.message}")
        except MediaError as error:
            raise translate(error) from None

    def make_pipeline(self, *, has_sound: bool) -> PublishPipeline:
        return make_pipeline(
            self._settings,
            self._clock,
            layers=self._layers,
            has_sound=has_sound,
            on_packet=self._send,
            on_tracks=self._client.change_tracks,
            on_event=self._on_pipeline_event,
            open_sources=self._open_sources,
        )

    async def _run_session(self, succeeded: Callable[[], None]) -> None:
        ticket = "" if self._request_ticket is None else await self._request_ticket()
        if ticket:
            self._room_id = RoomId(self._settings.room)
        elif self._room_id is None:
            self._room_id = await find_room_for_publishing(self._address, self._settings.room)

        def on_accepted(accepted: media_events.PublishAccepted) -> None:
            succeeded()
            self._begin(accepted)

        await self._client.run_session(
            room_id=self._room_id,
            tracks=self._pipeline.tracks,
            publish_key=str(self._settings.publish_key),  # msgspec takes no subclass
            ticket=ticket,
            on_accepted=on_accepted,
        )
        if not self._is_ending:
            self._on_notice("the broadcast was ended at the relay")

    def _begin(self, accepted: media_events.PublishAccepted) -> None:
        if not self._is_started:
            self._is_started = True
            self._clock.start_at(accepted.next_pts_us)
            self._pipeline.start()
            for tap in self._taps:
                tap.begin(self._pipeline.tracks, self._request_keyframe)
            self._on_notice(f"live in {self._settings.room} on {self._address.url}")
        self._accepted.set()

    async def _await_end(self) -> None:
        seconds = self._settings.seconds
        if seconds is not None:
            waited_s = 0.0
            while not (self._accepted.is_set() or self._stopping.is_set()):
                if waited_s > ACCEPT_WAIT_S:
                    raise MediaFailed(f"the relay took nothing for {ACCEPT_WAIT_S:.0f} s")
                await asyncio.sleep(_POLL_S)
                waited_s += _POLL_S
        started_at = self._loop.time()
        while not self._stopping.is_set() and not self._pipeline.ended.is_set():
            if seconds is not None and self._loop.time() - started_at >= seconds:
                return
            await asyncio.sleep(_POLL_S)

    @property
    def tracks(self) -> tuple[TrackInfo, ...]:
        """What is encoded, once the pipeline is open."""
        return self._pipeline.tracks

    def request_keyframes(self) -> None:
        """Of every layer, soon. Any thread."""
        for track in self.tracks:
            if track.kind == "video":
                self._pipeline.request_keyframe(track.layer)

    def _send(self, packet: MediaPacket) -> None:
        self._client.push(packet)
        recording = self.tap
        if recording is not None:
            recording(packet)
        for tap in self._taps:
            tap.push(packet)

    def _request_keyframe(self, layer: int) -> None:
        self._pipeline.request_keyframe(layer)

    def _on_pipeline_event(self, event: PipelineEvent) -> None:
        self._loop.call_soon_threadsafe(self._on_notice, str(event))

    def _on_link_state(self, state: LinkState, words: str) -> None:
        if state == "waiting" and words != self._last_failure:
            self._last_failure = words
            self._on_notice(f"{words}; trying again")
        elif state == "connected" and self._link.reconnects:
            self._last_failure = ""
            self._on_notice("connected again")
