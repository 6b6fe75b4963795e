"""Watching one room: finds it, stays connected, plays, and keeps account."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.errors import BadInput, MediaFailed
from app.live.room_finding import find_room, find_way_in
from app.media.playback.audio_decoder import AudioDecoder
from app.media.playback.audio_output import AudioOutput, DeviceAudioOutput, NullAudioOutput
from app.media.playback.picture_format import DecodedFrame
from app.media.playback.recorder import Recorder, RecordingFailed
from app.media.playback.video_decoder import VideoDecoder
from app.media.playback.viewer import Viewer
from app.net.address import parse_relay_address
from app.net.reconnect import ReconnectPolicy
from app.net.relay_link import LinkState, RelayLink
from app.net.subscribe_client import SubscribeClient
from app.settings import DECODER_VARIABLE
from wire import event_base, events, media_commands, media_events, room_events
from wire.ids import RoomId

if TYPE_CHECKING:
    from app.settings import WatchSettings
    from wire.ids import BroadcastId
    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo

FIRST_PACKET_WAIT_S: Final = 60.0
"""With --seconds: how long a room may stay dark before it counts as a failure."""

LAGS_KEPT: Final = 1000

PictureSink = Callable[[DecodedFrame, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchHooks:
    """What a window wants beyond `livehouse watch`. All are called on the loop."""

    on_event: Callable[[events.SubscriberEvent], None] = lambda _event: None
    on_link: Callable[[LinkState, str], None] = lambda _state, _words: None
    request_ticket: Callable[[RoomId], Awaitable[str]] | None = None
    """Where given, the settings name the room by its id, and each connection asks for a ticket."""
    output: AudioOutput | None = None
    """Instead of the one that the settings ask for."""


class Watching:
    """Made, run and stopped on one asyncio loop; `statistics` may be read from any thread."""

    def __init__(
        self,
        settings: WatchSettings,
        *,
        random: Callable[[], float],
        unix_us: Callable[[], int],
        on_notice: Callable[[str], None],
        on_picture: PictureSink = lambda _frame, _pts_us: None,
        hooks: WatchHooks | None = None,
    ) -> None:
        self._settings = settings
        self._hooks = hooks or WatchHooks()
        self._on_notice = on_notice
        self._address = parse_relay_address(settings.relay, pin=settings.pin)
        self._output = self._hooks.output or _open_output(settings)
        is_within = bool(os.environ.get(DECODER_VARIABLE))
        self._client = SubscribeClient(
            self._address,
            on_packet=self._on_packet,
            on_event=self._on_event,
            make_report=self._make_report,
        )
        self._viewer = Viewer(
            delay_ms=settings.delay_ms,
            output=self._output,
            monotonic_us=monotonic_us,
            unix_us=unix_us,
            on_picture=on_picture,
            decoder=VideoDecoder() if is_within else None,
            sound_decoder=AudioDecoder() if is_within else None,
            on_keyframe_wanted=self._client.request_keyframe,
        )
        self._recorder = Recorder(settings.record) if settings.record is not None else None
        self._client.layer = settings.layer
        self._client.audio_only = settings.audio_only
        self._client.saves_data = settings.saves_data
        self._link = RelayLink(
            self._address,
            self._run_session,
            policy=ReconnectPolicy(random=random),
            on_state=self._on_link_state,
        )
        self._room_id: RoomId | None = None
        self._broadcast_id: BroadcastId | None = None
        self._started_at_us = 0
        self._last_failure = ""
        self._has_packets = asyncio.Event()
        self._stopping = asyncio.Event()
        self._relay_lag: deque[media_events.SubscriberLagged] = deque(maxlen=LAGS_KEPT)

    async def run(self) -> None:
        """Until `stop`, the end of --seconds, or an error that ends it."""
        self._open()
        loop = asyncio.get_running_loop()
        link = loop.create_task(self._run_link())
        ending = loop.create_task(self._await_end())
        try:
            await asyncio.wait({link, ending}, return_when=asyncio.FIRST_COMPLETED)
            self._client.stop()
            if ending.done() and not link.done():
                await asyncio.wait({link}, timeout=2.0)
        finally:
            for task in (link, ending):
                task.cancel()
            try:
                outcomes = await asyncio.gather(link, ending, return_exceptions=True)
            finally:
                # Also when cancelled once more, here or in the line above: threads must end.
                await asyncio.shield(loop.run_in_executor(None, self._close))
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(
                outcome, asyncio.CancelledError
            ):
                raise outcome
        if self._recorder is not None and self._recorder.failure:
            raise MediaFailed(self._recorder.failure)

    def stop(self) -> None:
        """Leave in order. On the loop."""
        self._stopping.set()

    def reconnect_now(self) -> None:
        """Any thread."""
        self._link.reconnect_now()

    def set_volume(self, volume: float) -> None:
        """From 0, silent, to 1. Any thread."""
        self._output.ring.gain = volume

    def set_delay_ms(self, delay_ms: int) -> None:
        """Any thread."""
        self._viewer.set_delay_ms(delay_ms)

    async def select_layer(
        self, layer: media_commands.LayerChoice, *, audio_only: bool, saves_data: bool = False
    ) -> None:
        """From the next keyframe on, and after a reconnect too."""
        await self._client.select_layer(layer, audio_only=audio_only, saves_data=saves_data)

    @property
    def has_packets(self) -> bool:
        return self._has_packets.is_set()

    @property
    def link_state(self) -> LinkState:
        return self._link.state

    def statistics(self) -> dict[str, object]:
        """The figures of `--stats-json`."""
        stats = self._viewer.statistics()
        latency, offset = stats.latency_ms, stats.av_offset_ms
        return {
            "first_packet_ms": self._since_start_ms(stats.first_packet_at_us),
            "first_picture_ms": self._since_start_ms(stats.first_picture_at_us),
            "first_live_picture_ms": self._since_start_ms(stats.first_live_picture_at_us),
            "frames": stats.frames,
            "frames_dropped": stats.frames_dropped,
            "frames_late": stats.frames_late,
            "frames_caught_up": stats.frames_caught_up,
            "latency_ms": {
                "p50": round(latency.p50, 2),
                "p95": round(latency.p95, 2),
                "p99": round(latency.p99, 2),
                "max": round(latency.maximum, 2),
            },
            "latency_now_ms": round(stats.latency_now_ms, 2),
            "av_offset_ms": {
                "p50": round(offset.p50, 2),
                "p99": round(offset.p99, 2),
                "samples": offset.count,
            },
            "stalls": stats.stalls,
            "stall_ms": round(stats.stall_ms, 1),
            "packets": self._client.packets,
            "bytes": self._client.bytes,
            "layer": stats.layer,
            "layer_switches": stats.layer_switches,
            "reconnects": self._link.reconnects,
            "target_delay_ms": round(stats.target_delay_ms, 1),
            "jitter_ms": round(stats.jitter_ms, 1),
            "buffer_ms": round(stats.buffer_ms, 1),
            "decode_ms": {
                "p50": round(stats.decode_ms.p50, 2),
                "p99": round(stats.decode_ms.p99, 2),
            },
            "gaps": stats.gaps,
            "pts_order_violations": stats.order_violations,
            "pts_step_ms_max": round(stats.pts_step_ms_max, 1),
            "decode_errors": stats.decode_errors,
            "decoder_restarts": stats.decoder_restarts,
            "audio_concealed_ms": round(stats.audio_concealed_ms, 1),
            "packets_dropped_wild": stats.packets_dropped_wild,
            "relay_lagged": len(self._relay_lag),
            "relay_video_dropped": sum(lag.video_dropped for lag in self._relay_lag),
            "round_trip_ms": round(self._client.round_trip_ms, 2),
            "recorded_packets": self._recorder.packets if self._recorder is not None else 0,
        }

    def line(self) -> str:
        """One line of how it goes."""
        stats = self._viewer.statistics()
        if not self._has_packets.is_set():
            return f"{self._link.state}: nothing received yet"
        return (
            f"{self._link.state}  frames {stats.frames} (dropped {stats.frames_dropped})  "
            f"latency {stats.latency_ms.p50:.0f}/{stats.latency_ms.p99:.0f} ms  "
            f"A/V {stats.av_offset_ms.p99:.0f} ms  delay {stats.target_delay_ms:.0f} ms  "
            f"buffer {stats.buffer_ms:.0f} ms  stalls {stats.stalls}  "
            f"{self._client.bytes / 1e6:.1f} MB"
        )

    # --- the link -----------------------------------------------------------------------------

    async def _run_link(self) -> None:
        self._started_at_us = monotonic_us()
        await self._link.run()

    async def _run_session(self, succeeded: Callable[[], None]) -> None:
        request_ticket = self._hooks.request_ticket
        if request_ticket is not None:
            room_id = RoomId(self._settings.room)
            ticket = await request_ticket(room_id)
            await self._client.run_session(room_id=room_id, ticket=ticket, on_subscribed=succeeded)
            return
        if self._settings.invite or self._settings.passphrase:
            room_id, ticket = await find_way_in(
                self._address,
                self._settings.room,
                passphrase=str(self._settings.passphrase),
                invite=str(self._settings.invite),
            )
            await self._client.run_session(room_id=room_id, ticket=ticket, on_subscribed=succeeded)
            return
        if self._room_id is None:
            self._room_id = await find_room(self._address, self._settings.room)
        await self._client.run_session(room_id=self._room_id, on_subscribed=succeeded)

    async def _await_end(self) -> None:
        seconds = self._settings.seconds
        if seconds is None:
            await self._stopping.wait()
            return
        if not await self._stopped_within(FIRST_PACKET_WAIT_S, unless=self._has_packets):
            if not self._has_packets.is_set():
                raise MediaFailed(
                    f"nothing was live in {self._settings.room!r} for {FIRST_PACKET_WAIT_S:.0f} s"
                )
            await self._stopped_within(seconds)

    async def _stopped_within(self, seconds: float, unless: asyncio.Event | None = None) -> bool:
        """Whether `stop` came; returns early when `unless` is set."""
        loop = asyncio.get_running_loop()
        waits = {loop.create_task(self._stopping.wait())}
        if unless is not None:
            waits.add(loop.create_task(unless.wait()))
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        return self._stopping.is_set()

    def _on_link_state(self, state: LinkState, words: str) -> None:
        self._hooks.on_link(state, words)
        if state == "waiting" and words != self._last_failure:
            self._last_failure = words
            self._on_notice(f"{words}; trying again")
        elif state == "connected" and self._link.reconnects:
            self._last_failure = ""
            self._on_notice("connected again")

    def _on_packet(self, packet: MediaPacket, now_us: int) -> None:
        self._has_packets.set()
        self._viewer.push(packet, now_us)
        if self._recorder is not None:
            self._recorder.push(packet)

    def _on_event(self, event: events.SubscriberEvent) -> None:
        self._hooks.on_event(event)
        if isinstance(event, media_events.Subscribed):
            self._on_subscribed(event)
        elif isinstance(event, room_events.BroadcastStarted | room_events.BroadcastResumed):
            self._begin(event.broadcast)
        elif isinstance(event, room_events.TracksChanged):
            self._set_tracks(event.tracks)
        elif isinstance(event, media_events.SubscriberLagged):
            self._relay_lag.append(event)
        words = _explain(event)
        if words:
            self._on_notice(words)

    def _on_subscribed(self, event: media_events.Subscribed) -> None:
        if event.broadcast is None:
            self._on_notice("the room is not live; waiting")
            return
        self._begin(event.broadcast)
        if event.broadcast.state == "away":
            self._on_notice("the host is away; waiting")

    def _begin(self, broadcast: event_base.BroadcastInfo) -> None:
        is_other = self._broadcast_id not in {None, broadcast.broadcast_id}
        self._broadcast_id = broadcast.broadcast_id
        if is_other:
            self._viewer.restart()
            if self._recorder is not None:
                self._recorder.begin_broadcast()
        self._set_tracks(broadcast.tracks)

    def _set_tracks(self, tracks: tuple[TrackInfo, ...]) -> None:
        self._viewer.set_tracks(tracks)
        if self._recorder is not None:
            wanted = tuple(
                track for track in tracks if track.kind == "audio" or not self._settings.audio_only
            )
            self._recorder.set_tracks(wanted)

    def _make_report(self) -> media_commands.Report:
        stats = self._viewer.statistics()
        return media_commands.Report(
            buffer_ms=int(stats.buffer_ms),
            latency_ms=min(int(stats.latency_ms.p50), 86_400_000),
            frames=stats.frames,
            frames_dropped=stats.frames_dropped,
            stalls=stats.stalls,
            decode_ms=int(stats.decode_ms.p95),
        )

    def _open(self) -> None:
        try:
            if self._recorder is not None:
                self._recorder.open()
            self._viewer.start()
        except RecordingFailed as error:
            raise BadInput(error.message) from None
        except RuntimeError as error:
            raise MediaFailed(str(error)) from None

    def _close(self) -> None:
        self._viewer.stop()
        if self._recorder is not None:
            self._recorder.close()

    def _since_start_ms(self, at_us: int | None) -> float | None:
        return None if at_us is None else round((at_us - self._started_at_us) / 1000, 1)


def monotonic_us() -> int:
    return time.monotonic_ns() // 1000


def _explain(event: events.SubscriberEvent) -> str:
    """What a person should read of an event; empty where that is nothing."""
    words = ""
    match event:
        case room_events.BroadcastStarted():
            words = "the broadcast begins"
        case room_events.BroadcastResumed():
            words = "the host is back"
        case room_events.BroadcastAway():
            words = "the host is away; waiting"
        case room_events.BroadcastEnded(reason=reason):
            words = f"the broadcast has ended ({reason}); waiting for the next"
        case media_events.LayerSelected(layer=layer, reason=reason):
            words = f"layer {layer} ({reason.replace('_', ' ')})"
        case media_events.SubscriberLagged(lagged_ms=lagged_ms, video_dropped=dropped):
            words = f"this link was too slow for {lagged_ms} ms: {dropped} pictures left out"
    return words


def _open_output(settings: WatchSettings) -> AudioOutput:
    if not settings.play:
        return NullAudioOutput(monotonic_us=monotonic_us)
    try:
        return DeviceAudioOutput(monotonic_us=monotonic_us)
    except RuntimeError as error:
        raise MediaFailed(str(error)) from None
