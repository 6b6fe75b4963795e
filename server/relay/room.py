"""One room of the media plane: its publisher, its broadcast and its subscribers.

States of a broadcast, as a table; anything else is our mistake:

    None  --start-->  live
    live  --lost-->   away   (the publisher's socket is gone)
    away  --start-->  live   (it is back, or another publisher of the same owner took over)
    live, away  --end-->  None
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from server.relay.fanout import Fanout
from server.relay.keyframe_requests import KeyframeRequests
from server.relay.layers import SOUND, make_ladder
from server.relay.link_meter import LayerRates
from server.relay.live_broadcast import KIND_OF, LiveBroadcast
from server.relay.packet import RelayedPacket
from server.relay.source_lateness import SourceLateness
from server.relay.subscriber import AUDIO_ONLY
from wire import event_base, media_events, room_events
from wire.errors import ErrorCode, PacketError, WireError
from wire.media_packet import HEADER_BYTES, Flags, Kind, parse_header

if TYPE_CHECKING:
    from server.relay.context import RoomContext
    from server.relay.layers import Ladder, Move, MoveReason
    from server.relay.live_broadcast import Publisher
    from server.relay.subscriber import Subscriber
    from server.relay.viewing import Viewing
    from wire.ids import BroadcastId, RoomId
    from wire.media_commands import LayerChoice, Report
    from wire.tracks import TrackInfo

TARGET_S_MAX: Final = 6.0
"""A layer whose keyframe did not come by then is not waited for any longer."""


class LiveRoom:
    """Made when someone publishes or subscribes; used from the event loop's thread only."""

    def __init__(self, context: RoomContext, room_id: RoomId) -> None:
        self.room_id = room_id
        self.broadcast: LiveBroadcast | None = None
        self.viewings: dict[Subscriber, Viewing] = {}
        self.away_s = 0
        """How long the publisher is waited for; 0: as the house says."""
        self.viewers_told = 0
        """The count that the room's members know."""
        self._context = context
        self._arrivals = 0
        self._lateness = SourceLateness()
        self._keyframes = KeyframeRequests()
        self._rates = LayerRates()
        self.fanout = Fanout(
            context.load,
            context.counters,
            mono_s=context.mono_s,
            on_lag=self._on_lag,
            on_moved=self._on_moved,
            on_recovered=self._on_recovered,
        )

    # --- the publisher ------------------------------------------------------------------------

    def start(
        self,
        publisher: Publisher,
        *,
        broadcast_id: BroadcastId,
        started_at_unix_us: int,
        tracks: tuple[TrackInfo, ...],
        last_pts_us: int,
    ) -> None:
        """A publisher begins, comes back, or takes over from another of the same owner."""
        before = self.broadcast
        goes_on = before is not None and before.broadcast_id == broadcast_id
        if before is not None and before.publisher is not None:
            replaced = WireError(ErrorCode.REPLACED, "another publisher took over the room")
            before.publisher.dismiss(replaced)
        if before is not None and not goes_on:
            self._announce(
                room_events.BroadcastEnded(
                    room_id=self.room_id, broadcast_id=before.broadcast_id, reason="replaced"
                )
            )
        if before is None or not goes_on:
            self._rates.clear()
            self.broadcast = before = LiveBroadcast(
                broadcast_id, started_at_unix_us, tracks, publisher, last_pts_us=last_pts_us
            )
        before.publisher = publisher
        before.away_since_s = None
        self._lateness.begin()
        self._set_tracks(before, tracks)
        self._keyframes.begin()
        kind = room_events.BroadcastResumed if goes_on else room_events.BroadcastStarted
        self._restart(kind(room_id=self.room_id, broadcast=before.info()))

    def update_tracks(self, publisher: Publisher, tracks: tuple[TrackInfo, ...]) -> None:
        broadcast = self._published_by(publisher)
        if broadcast is None or broadcast.tracks == tracks:
            return
        self._set_tracks(broadcast, tracks)
        self._restart(room_events.TracksChanged(room_id=self.room_id, tracks=tracks))

    def lose(self, publisher: Publisher) -> bool:
        """The publisher's socket is gone. False when it had already been replaced."""
        broadcast = self._published_by(publisher)
        if broadcast is None:
            return False
        broadcast.publisher = None
        broadcast.away_since_s = self._context.mono_s()
        self._announce(
            room_events.BroadcastAway(room_id=self.room_id, broadcast_id=broadcast.broadcast_id)
        )
        return True

    def end(self, reason: event_base.EndReason) -> LiveBroadcast | None:
        """The broadcast is over. Returns it for the books; None when nothing was live."""
        broadcast = self.broadcast
        if broadcast is None:
            return None
        self.broadcast = None
        if broadcast.publisher is not None:
            broadcast.publisher.dismiss(
                WireError(ErrorCode.BROADCAST_ENDED, f"the broadcast ended: {reason}")
            )
            broadcast.publisher = None
        self.fanout.restart({}, self._context.mono_s())
        self._announce(
            room_events.BroadcastEnded(
                room_id=self.room_id, broadcast_id=broadcast.broadcast_id, reason=reason
            )
        )
        return broadcast

    def is_published_by(self, publisher: Publisher) -> bool:
        return self._published_by(publisher) is not None

    async def ingest(self, publisher: Publisher, message: bytes, frames: bytes) -> None:
        """Forward one packet. Raises PacketError; packets of a replaced publisher vanish."""
        header = parse_header(message)
        broadcast = self._published_by(publisher)
        if broadcast is None:
            return
        if (header.kind, header.layer) not in broadcast.kinds:
            raise PacketError(
                f"no track was announced for kind {header.kind}, layer {header.layer}"
            )
        if len(message) == HEADER_BYTES and not header.flags & Flags.END_OF_TRACK:
            raise PacketError("a media packet without payload")
        broadcast.packets += 1
        broadcast.bytes_received += len(message)
        broadcast.last_pts_us = max(broadcast.last_pts_us, header.pts_us)
        self._rates.add(header.layer if header.kind is Kind.VIDEO else SOUND, len(message))
        now_s = self._context.mono_s()
        self._lateness.note(now_s, header.pts_us)
        if header.flags & Flags.KEYFRAME:
            self._keyframes.note(header.layer, now_s)
        self._arrivals += 1
        counters = self._context.counters
        counters.packets_received += 1
        counters.bytes_received += len(message)
        packet = RelayedPacket(header, frames, self._arrivals)
        for tap in self._context.taps:
            tap(self.room_id, packet)
        await self.fanout.forward(packet)

    # --- subscribers --------------------------------------------------------------------------

    def subscribe(self, viewing: Viewing) -> int | None:
        """Take in a subscriber whose `Subscribed` comes first. Returns the layer; None: no picture.

        Call `admit` right after telling it; nothing is sent before.
        """
        viewing.wants_sound_only = viewing.subscriber.audio_only
        ladder = self._ladder()
        if not ladder:
            return None
        return viewing.subscriber.chooser.start(ladder, self._context.mono_s())

    def admit(self, viewing: Viewing, layer: int | None) -> None:
        """Send the cached GOP and everything from now on."""
        self.viewings[viewing.subscriber] = viewing
        has_cache = self.fanout.add(viewing.subscriber, layer)
        if not has_cache and layer is not None and not viewing.subscriber.audio_only:
            self.ask_for_keyframe(layer)
        if self.broadcast is not None:
            self.broadcast.viewers_peak = max(self.broadcast.viewers_peak, len(self.viewings))

    def leave(self, viewing: Viewing) -> None:
        if self.viewings.pop(viewing.subscriber, None) is not None:
            self._count_drops(viewing.subscriber.video_dropped, viewing.subscriber.audio_dropped)
            viewing.subscriber.discard()
            self.fanout.remove(viewing.subscriber)

    def select(
        self, viewing: Viewing, wish: LayerChoice, *, audio_only: bool, saves_data: bool = False
    ) -> None:
        """The viewer chose another quality."""
        subscriber, now_s, ladder = viewing.subscriber, self._context.mono_s(), self._ladder()
        wanted_sound_only, viewing.wants_sound_only = viewing.wants_sound_only, audio_only
        move = subscriber.chooser.choose(wish, ladder, now_s, saves_data=saves_data)
        if audio_only:
            subscriber.chooser.is_sound_only = False
            if not wanted_sound_only:
                self._give_sound_only(viewing, "chosen")
        elif wanted_sound_only:
            layer = subscriber.chooser.start(ladder, now_s) if ladder else None
            self._give_picture(viewing, layer, "chosen")
        elif move is not None:
            self._carry_out(viewing, move)
        else:
            subscriber.target = None

    def heed(self, viewing: Viewing, report: Report) -> None:
        """The viewer told how it fares."""
        viewing.report = report
        now_s = self._context.mono_s()
        if self._lateness.is_to_blame(now_s):
            viewing.subscriber.chooser.excuse()
            return
        ladder = self._ladder()
        layer = viewing.subscriber.group
        if layer not in ladder or self.broadcast is None or viewing.subscriber.target is not None:
            return
        rates = [t.frame_rate for t in self.broadcast.tracks if t.layer == layer]
        move = viewing.subscriber.chooser.on_report(ladder, now_s, report, frame_rate=max(rates))
        if move is not None:
            self._carry_out(viewing, move)

    def on_paused(self, viewing: Viewing) -> None:
        """The viewer's socket is full."""
        self.fanout.on_paused(viewing.subscriber)
        viewing.measure(self._context.mono_s())

    def ask_for_keyframe(self, layer: int) -> None:
        """Ask the publisher, unless it was asked just now or too often."""
        if self.broadcast is None or self.broadcast.publisher is None:
            return
        if self._keyframes.take(layer, self._context.mono_s()):
            self.broadcast.publisher.request_keyframe(layer)

    def heed_keyframe_request(self, viewing: Viewing) -> None:
        """A viewer's decoder waits for one. Nothing is done where one is on its way already."""
        subscriber, now_s = viewing.subscriber, self._context.mono_s()
        layer = subscriber.group
        if subscriber.awaiting_keyframe or self._keyframes.is_under_way(layer, now_s):
            return
        if layer in self._ladder() and viewing.keyframe_requests.take(now_s):
            self.ask_for_keyframe(layer)

    def tick(self, now_s: float) -> None:
        """Once a second: end what is stuck, let calm links climb."""
        self._rates.tick(now_s)
        ladder = self._ladder()
        limits = self._context.limits
        for viewing in tuple(self.viewings.values()):
            subscriber = viewing.subscriber
            viewing.measure(now_s, is_tick=True)
            if not subscriber.paused:
                viewing.stuck_since_s = None
                self._climb(viewing, ladder, now_s)
                continue
            if viewing.drains_too_little(ladder, now_s):
                self._on_lag(subscriber)
            if viewing.stuck_s(now_s) > limits.subscriber_stuck_s_max:
                self._context.counters.evicted += 1
                viewing.end(
                    WireError(
                        ErrorCode.VIEWER_TOO_SLOW,
                        "this viewer's connection took nothing for "
                        f"{limits.subscriber_stuck_s_max:.0f} s",
                    )
                )

    # --- from the fan-out ---------------------------------------------------------------------

    def _on_lag(self, subscriber: Subscriber) -> None:
        self._context.counters.lags += 1
        viewing = self.viewings.get(subscriber)
        if viewing is None:
            return
        viewing.hide_little(True)  # a callback
        now_s = self._context.mono_s()
        drained_bps = viewing.drain.rate_bps(now_s, viewing.sent_bytes())
        move = subscriber.chooser.on_lag(self._ladder(), now_s, drained_bps)
        if move is not None:
            self._carry_out(viewing, move)
        elif subscriber.target is not None and subscriber.target > subscriber.group:
            subscriber.target = None  # a climb that was about to begin

    def _on_moved(self, subscriber: Subscriber, _before: int, layer: int) -> None:
        viewing = self.viewings.get(subscriber)
        if viewing is not None:
            viewing.send_event(media_events.LayerSelected(layer=layer, reason=viewing.move_reason))
            if viewing.move_reason == "recovered" and layer == max(self._ladder(), default=layer):
                viewing.hide_little(False)  # a callback

    def _on_recovered(self, subscriber: Subscriber) -> None:
        lag = subscriber.take_lag(self._context.mono_s())
        viewing = self.viewings.get(subscriber)
        if lag is None or viewing is None:
            return
        video, audio, milliseconds = lag
        self._count_drops(video, audio)
        viewing.send_event(
            media_events.SubscriberLagged(
                video_dropped=video, audio_dropped=audio, lagged_ms=milliseconds
            )
        )

    def _count_drops(self, video: int, audio: int) -> None:
        self._context.counters.video_dropped += video
        self._context.counters.audio_dropped += audio

    # --- within -------------------------------------------------------------------------------

    def _ladder(self) -> Ladder:
        """The layers with what each takes; empty while nothing is live."""
        return make_ladder(self.broadcast.tracks, self._rates.bps) if self.broadcast else {}

    def _climb(self, viewing: Viewing, ladder: Ladder, now_s: float) -> None:
        subscriber = viewing.subscriber
        if self.broadcast is None or self.broadcast.publisher is None or viewing.wants_sound_only:
            return
        if subscriber.target is not None:
            if now_s - viewing.target_since_s > TARGET_S_MAX:
                subscriber.target = None
            return
        move = subscriber.chooser.on_calm(ladder, now_s)
        if move is not None:
            self._carry_out(viewing, move)

    def _carry_out(self, viewing: Viewing, move: Move) -> None:
        subscriber, now_s = viewing.subscriber, self._context.mono_s()
        if move.layer is None:
            self._give_sound_only(viewing, move.reason)
        elif subscriber.audio_only:
            self._give_picture(viewing, move.layer, move.reason)
        else:
            viewing.move_reason, viewing.target_since_s = move.reason, now_s
            if move.reason == "viewer_slow":
                self.fanout.descend(subscriber, move.layer)
            subscriber.target = move.layer
            self.ask_for_keyframe(move.layer)

    def _give_sound_only(self, viewing: Viewing, reason: MoveReason) -> None:
        self.fanout.change_audio_only(viewing.subscriber, None, on=True)
        viewing.send_event(media_events.LayerSelected(layer=0, audio_only=True, reason=reason))

    def _give_picture(self, viewing: Viewing, layer: int | None, reason: MoveReason) -> None:
        """From the next keyframe of the layer on."""
        if layer is not None:
            viewing.subscriber.chooser.current = layer
            self.ask_for_keyframe(layer)
        self.fanout.change_audio_only(viewing.subscriber, layer, on=False)
        viewing.send_event(media_events.LayerSelected(layer=layer or 0, reason=reason))

    def _published_by(self, publisher: Publisher) -> LiveBroadcast | None:
        broadcast = self.broadcast
        return broadcast if broadcast is not None and broadcast.publisher is publisher else None

    def _set_tracks(self, broadcast: LiveBroadcast, tracks: tuple[TrackInfo, ...]) -> None:
        if tracks != broadcast.tracks:
            self._rates.clear()
        broadcast.tracks = tracks
        broadcast.kinds = frozenset((KIND_OF[track.kind], track.layer) for track in tracks)
        rates = [track.frame_rate for track in tracks if track.kind == "video"]
        if rates:
            self.fanout.video_interval_s = 1 / max(rates)

    def _restart(self, event: event_base.Event) -> None:
        """Begin afresh, say why, and tell those who get another layer than before."""
        before = {
            viewing: (viewing.subscriber.group, viewing.subscriber.chooser.is_sound_only)
            for viewing in self.viewings.values()
        }
        ladder = self._ladder()
        self.fanout.restart(ladder, self._context.mono_s())
        self._announce(event)
        for viewing, (layer, was_cut_to_sound) in before.items():
            group = viewing.subscriber.group
            has_moved = layer != group and AUDIO_ONLY not in {layer, group}
            if group in ladder and (has_moved or was_cut_to_sound):
                is_there = was_cut_to_sound or layer in ladder
                viewing.send_event(
                    media_events.LayerSelected(
                        layer=group, reason="recovered" if is_there else "layer_gone"
                    )
                )

    def _announce(self, event: event_base.Event) -> None:
        """Tell the subscribers on their media sockets and the members of the room."""
        for viewing in tuple(self.viewings.values()):
            viewing.send_event(event)
        self._context.announce(self.room_id, event)
