"""The viewer's pipeline: packets in from the network's thread, pictures and sound out.

    push (any thread) -> jitter buffers -> decoder threads -> due moment -> on_picture / output

One lock guards buffers, clock and counts; it is never held while decoding or in a callback.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.media.playback.audio_player import AudioPlayer
from app.media.playback.av_sync import PlayoutClock
from app.media.playback.isolated_decoder import IsolatedDecoder
from app.media.playback.isolated_sound import IsolatedSoundDecoder
from app.media.playback.video_player import VideoPlayer
from wire.media_packet import Flags, Kind, MediaPacket

if TYPE_CHECKING:
    import av

    from app.media.playback.audio_decoder import SoundDecoder
    from app.media.playback.audio_output import AudioOutput
    from app.media.playback.statistics import Summary
    from app.media.playback.video_decoder import PictureDecoder
    from wire.tracks import TrackInfo


@dataclass(frozen=True, slots=True)
class ViewerStatistics:
    """How watching goes, since the start. Durations in milliseconds."""

    first_packet_at_us: int | None
    """Monotonic."""
    first_picture_at_us: int | None
    first_live_picture_at_us: int | None
    """The first picture that was due in time, after the cached GOP was decoded silently."""
    frames: int
    frames_dropped: int
    frames_late: int
    frames_caught_up: int
    latency_ms: Summary
    latency_now_ms: float
    av_offset_ms: Summary
    """Of the absolute difference between the pts shown and the pts heard in that moment."""
    decode_ms: Summary
    stalls: int
    stall_ms: float
    layer_switches: int
    layer: int | None
    gaps: int
    order_violations: int
    pts_step_ms_max: float
    target_delay_ms: float
    jitter_ms: float
    buffer_ms: float
    decode_errors: int
    decoder_restarts: int
    audio_concealed_ms: float
    packets_dropped_wild: int


class Viewer:
    """Start it, push packets, stop it. `on_picture` is called on the presenting thread."""

    def __init__(
        self,
        *,
        delay_ms: int,
        output: AudioOutput,
        monotonic_us: Callable[[], int],
        unix_us: Callable[[], int],
        on_picture: Callable[[av.VideoFrame, int], None],
        decoder: PictureDecoder | None = None,
        sound_decoder: SoundDecoder | None = None,
        on_keyframe_wanted: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_keyframe_wanted` is called on the decoding thread; it may not block."""
        self._monotonic_us = monotonic_us
        self._lock = threading.RLock()
        self._clock = PlayoutClock(delay_us=delay_ms * 1000)
        self._first_packet_at_us: int | None = None
        self._wild_packets = 0
        self._video = VideoPlayer(
            clock=self._clock,
            lock=self._lock,
            monotonic_us=monotonic_us,
            unix_us=unix_us,
            position_us=self._position_us,
            heard_us=self._heard_us,
            on_picture=on_picture,
            decoder=decoder or IsolatedDecoder(),
            on_keyframe_wanted=on_keyframe_wanted,
        )
        self._audio = AudioPlayer(
            clock=self._clock,
            lock=self._lock,
            output=output,
            monotonic_us=monotonic_us,
            newest_video_pts_us=self._newest_video_pts_us,
            decoder=sound_decoder or IsolatedSoundDecoder(),
        )
        self._newest_video_us: int | None = None

    def start(self) -> None:
        """Raises RuntimeError where the sound output does not start."""
        self._audio.start()
        self._video.start()

    def stop(self) -> None:
        self._video.stop()
        self._audio.stop()

    def set_tracks(self, tracks: tuple[TrackInfo, ...]) -> None:
        with self._lock:
            self._video.set_tracks(tracks)

    def set_delay_ms(self, delay_ms: int) -> None:
        """The slider from "instant" to "steady"; reached by another tempo, or by a jump."""
        with self._lock:
            self._clock.set_delay(delay_ms * 1000, self._monotonic_us())

    def push(self, packet: MediaPacket, now_us: int) -> None:
        """A packet as it arrived. Any thread; never blocks for longer than a copy."""
        with self._lock:
            if self._first_packet_at_us is None:
                self._first_packet_at_us = now_us
            if packet.flags & Flags.DISCONTINUITY:
                self._jump()
            if not self._clock.observe(packet.kind, packet.pts_us, now_us):
                self._wild_packets += 1
                return
            if packet.kind is Kind.VIDEO:
                self._newest_video_us = packet.pts_us
                self._video.push(packet)
            elif packet.kind is Kind.AUDIO:
                self._audio.push(packet)
        self._audio.wake()

    def restart(self) -> None:
        """Another broadcast begins: nothing of the old one is worth keeping."""
        with self._lock:
            self._video.buffer.clear()
            self._audio.buffer.clear()
            self._newest_video_us = None
            self._jump()

    def statistics(self) -> ViewerStatistics:
        """A snapshot; any thread."""
        with self._lock:
            now_us = self._monotonic_us()
            counts = self._video.counts
            buffered_us = self._buffered_us(now_us)
            is_settled = self._clock.is_settled
            return ViewerStatistics(
                first_packet_at_us=self._first_packet_at_us,
                first_picture_at_us=self._video.first_shown_at_us,
                first_live_picture_at_us=self._video.first_live_at_us,
                frames=counts.shown,
                frames_dropped=counts.late + counts.overtaken,
                frames_late=counts.late,
                frames_caught_up=counts.caught_up,
                latency_ms=counts.latency_ms.summary(),
                latency_now_ms=counts.latency_now_ms,
                av_offset_ms=counts.av_offset_ms.summary(),
                decode_ms=counts.decode_ms.summary(),
                stalls=counts.stalls,
                stall_ms=counts.stall_us / 1000,
                layer_switches=counts.layer_switches,
                layer=self._video.layer,
                gaps=self._video.buffer.counts.gaps + self._audio.buffer.counts.gaps,
                order_violations=counts.order_violations,
                pts_step_ms_max=counts.interval_us_max / 1000,
                target_delay_ms=(self._clock.target_delay_us(now_us) / 1000 if is_settled else 0.0),
                jitter_ms=self._clock.jitter_us() / 1000,
                buffer_ms=buffered_us / 1000,
                decode_errors=self._video.decode_errors + self._audio.decode_errors,
                decoder_restarts=self._video.decoder_restarts + self._audio.decoder_restarts,
                audio_concealed_ms=self._audio.concealed_us / 1000,
                packets_dropped_wild=self._wild_packets,
            )

    def _jump(self) -> None:
        if self._clock.is_settled:
            self._clock.restart()
            self._video.restart()
            self._audio.restart()

    def _position_us(self, now_us: int) -> int:
        heard_us = self._audio.heard_pts_us(now_us)
        if heard_us is None:
            return self._clock.position_us(now_us)
        self._clock.follow(heard_us, now_us)
        return heard_us

    def _heard_us(self, now_us: int) -> int | None:
        return self._audio.heard_pts_us(now_us)

    def _newest_video_pts_us(self) -> int | None:
        with self._lock:
            return self._newest_video_us

    def _buffered_us(self, now_us: int) -> int:
        newest_us = self._newest_video_us or self._audio.buffer.newest_pts_us
        if newest_us is None or not self._clock.is_settled:
            return 0
        return max(0, newest_us - self._position_us(now_us))
