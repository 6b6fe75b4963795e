"""Pictures from packets to their due moment: one thread decodes, one presents.

Packets stay compressed until shortly before they are due (at "instant": until they arrive). Decoded
pictures wait in a queue of at most `PICTURES_MAX`. Rules of the presenter:

- The very first picture is shown at once, so that nobody looks at black.
- After that the newest picture that is due is shown; older ones that are due too are dropped.
- A picture more than one frame interval late is dropped and counted, never shown late, unless it is
  all there has been for `FROZEN_US`: an old picture is better than a frozen one.
- While the cached GOP of a joiner is decoded nothing is shown and nothing counts as dropped.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from app.media.playback.jitter_buffer import JitterBuffer, Released
from app.media.playback.statistics import RecentMaximum, StreamingPercentiles
from app.media.playback.video_decoder import PictureDecoder, measure_decode_us
from wire.limits import KEYFRAME_REQUEST_INTERVAL_MS_MIN
from wire.media_packet import Kind, MediaPacket

if TYPE_CHECKING:
    import av

    from app.media.playback.av_sync import PlayoutClock
    from wire.tracks import TrackInfo

PICTURES_MAX: Final = 8
LEAD_US_MIN: Final = 10_000
LEAD_US_MAX: Final = 150_000
INSTANT_MARGIN_US: Final = 4_000
"""At "instant" nothing waits for its lead: it only has to cover the decoding itself."""
FROZEN_US: Final = 250_000
STALL_US: Final = 200_000
"""A picture that stands this much longer than its frame interval is a stall."""
FIRST_DECODE_US: Final = 8_000
LATENCY_SMOOTHING: Final = 0.1
UNSEEN_MARGIN_US: Final = 200_000
"""A picture of a cached GOP that is so much too old will not be shown, whatever the clock does."""
_WAIT_S_MAX: Final = 0.1
_INTERVAL_US_DEFAULT: Final = 33_333
_CAPTURE_TIMES_MAX: Final = 256


class Picture(NamedTuple):
    """A decoded picture that waits for its moment."""

    frame: av.VideoFrame
    pts_us: int
    captured_at_unix_us: int


class VideoCounts:
    """What became of the pictures. Written by the player's threads under its lock."""

    def __init__(self) -> None:
        self.shown = 0
        self.late = 0
        """Decoded or shown too late: dropped."""
        self.overtaken = 0
        """Dropped because a newer one was due in the same moment."""
        self.caught_up = 0
        """Decoded silently after joining or a jump."""
        self.order_violations = 0
        self.stalls = 0
        self.stall_us = 0
        self.layer_switches = 0
        self.interval_us_max = 0
        """The longest step of pts between two shown pictures."""
        self.latency_now_ms = 0.0
        """Of the last pictures, smoothed; `latency_ms` is of all."""
        self.latency_ms = StreamingPercentiles()
        self.av_offset_ms = StreamingPercentiles()
        self.decode_ms = StreamingPercentiles()


class VideoPlayer:
    """Owns the video track's buffer, whatever layers it moves through.

    `position_us(now)` is the pts due now (what is heard, where sound leads); `heard_us(now)` only
    what is heard. `lock` is the one that guards buffer and clock.
    """

    def __init__(
        self,
        *,
        clock: PlayoutClock,
        lock: threading.RLock,
        monotonic_us: Callable[[], int],
        unix_us: Callable[[], int],
        position_us: Callable[[int], int],
        heard_us: Callable[[int], int | None],
        on_picture: Callable[[av.VideoFrame, int], None],
        decoder: PictureDecoder,
        on_keyframe_wanted: Callable[[], None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._lock = lock
        self._monotonic_us = monotonic_us
        self._unix_us = unix_us
        self._position_us = position_us
        self._heard_us = heard_us
        self._on_picture = on_picture
        self._on_keyframe_wanted = on_keyframe_wanted
        self._keyframe_wanted_at_us: int | None = None
        self._has_packets = threading.Condition(lock)
        self._has_pictures = threading.Condition(lock)
        self.buffer = JitterBuffer()
        self.counts = VideoCounts()
        self._tracks: dict[int, TrackInfo] = {}
        self._pictures: deque[Picture] = deque()
        self._capture_times: deque[tuple[int, int]] = deque(maxlen=_CAPTURE_TIMES_MAX)
        self._decoder = decoder
        self._decode_us = RecentMaximum(FIRST_DECODE_US)
        self._layer: int | None = None
        self._is_first = True
        """Nothing was shown since the start or a jump."""
        self._is_catching_up = True
        """Since the start or a jump no picture was due in time yet."""
        self._is_in_step = False
        """The last shown picture was due in time: a step from it is one that a viewer saw."""
        self._is_poster = False
        """The picture about to be shown is the first, shown before its time."""
        self._is_after_poster = False
        """The one shown last was; waiting for the next is joining, not a stall."""
        self._shown_pts_us: int | None = None
        self._shown_at_us: int | None = None
        self._stopping = False
        self.first_shown_at_us: int | None = None
        self.first_live_at_us: int | None = None
        """When the first picture was shown that was due in time."""
        self._threads = [
            threading.Thread(target=self._decode_loop, name="video-decoder", daemon=True),
            threading.Thread(target=self._present_loop, name="video-presenter", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        with self._lock:
            self._stopping = True
            self._has_packets.notify_all()
            self._has_pictures.notify_all()
        self._decoder.interrupt()
        for thread in self._threads:
            thread.join()

    @property
    def decode_errors(self) -> int:
        return self._decoder.errors

    @property
    def decoder_restarts(self) -> int:
        return self._decoder.restarts

    @property
    def layer(self) -> int | None:
        """The layer that was decoded last."""
        return self._layer

    def set_tracks(self, tracks: tuple[TrackInfo, ...]) -> None:
        """With the lock held."""
        self._tracks = {track.layer: track for track in tracks if track.kind == "video"}

    def push(self, packet: MediaPacket) -> None:
        """With the lock held."""
        self.buffer.push(packet)
        self._has_packets.notify()

    def restart(self) -> None:
        """The timeline jumps: catch up silently again. With the lock held."""
        self._is_first = self._is_catching_up = True
        self._is_in_step = False
        self._shown_pts_us = None
        self._pictures.clear()

    # --- decoding -----------------------------------------------------------------------------

    def _decode_loop(self) -> None:
        self._decoder.start()
        try:
            while True:
                with self._lock:
                    released = self._await_packet()
                    is_wanted = released is None or self._may_be_shown(released.packet)
                if released is None:
                    return
                self._decode(released, is_wanted=is_wanted)
        finally:
            self._decoder.stop()

    def _await_packet(self) -> Released | None:
        """The next packet when it is time to decode it; None when stopping. Lock held."""
        while not self._stopping:
            now_us = self._monotonic_us()
            wait_us = self._wait_us(now_us)
            if wait_us <= 0:
                released = self.buffer.pop(lambda _: True)
                if released is not None:
                    return released
            self._has_packets.wait(min(max(wait_us / 1_000_000, 0.001), _WAIT_S_MAX))
        return None

    def _wait_us(self, now_us: int) -> int:
        """How long the head packet may stay compressed; a long time where there is none."""
        packet = self.buffer.peek()
        if packet is None:
            return 1_000_000
        if not self._clock.settle(now_us):
            return 0
        if len(self._pictures) >= PICTURES_MAX:
            return 20_000
        position_us = self._position_us(now_us)
        if packet.pts_us < position_us:
            self.counts.late += self.buffer.skip_to_keyframe(position_us)
        if self._clock.is_instant:
            return 0
        return packet.pts_us - position_us - self._lead_us()

    def _lead_us(self) -> int:
        p95_us = int(self._decode_us.p95())
        lead_us = p95_us + INSTANT_MARGIN_US if self._clock.is_instant else 2 * p95_us
        return min(max(lead_us, LEAD_US_MIN), LEAD_US_MAX)

    def _may_be_shown(self, packet: MediaPacket) -> bool:
        """False for what is only caught up with: it need not be brought back. Lock held."""
        if not self._is_catching_up or (self._is_first and not self._pictures):
            return True
        now_us = self._monotonic_us()
        if self._clock.settle(now_us):
            return packet.pts_us >= self._position_us(now_us) - UNSEEN_MARGIN_US
        newest_us = self.buffer.newest_pts_us
        if newest_us is None:
            return True
        return packet.pts_us >= newest_us - self._clock.delay_us - UNSEEN_MARGIN_US

    def _decode(self, released: Released, *, is_wanted: bool) -> None:
        packet = released.packet
        track = self._tracks.get(packet.layer)
        if track is None:
            return
        if released.gap or (released.is_restart and self._layer != packet.layer):
            self._begin_layer(packet, has_gap=released.gap > 0)
        started_ns = time.perf_counter_ns()
        frames = self._decoder.decode(packet, track, is_wanted=is_wanted)
        decode_us = measure_decode_us(started_ns)
        with self._lock:
            if is_wanted:
                if not self._is_catching_up:
                    self._decode_us.add(decode_us)
                self.counts.decode_ms.add(decode_us / 1000)
            else:
                self.counts.caught_up += 1
            self._clock.set_lead(Kind.VIDEO, self._lead_us())
            self._capture_times.append((packet.pts_us, packet.captured_at_unix_us))
            for frame in frames:
                self._take(frame)
            wants_keyframe = not packet.is_keyframe and self._wants_keyframe()
        if wants_keyframe:
            self._on_keyframe_wanted()

    def _wants_keyframe(self) -> bool:
        """Whether to ask for one now: nothing else would bring the picture back soon. Lock held."""
        if not self._decoder.is_waiting or self.buffer.has_keyframe:
            return False
        now_us, asked_us = self._monotonic_us(), self._keyframe_wanted_at_us
        if asked_us is not None and now_us - asked_us < KEYFRAME_REQUEST_INTERVAL_MS_MIN * 1000:
            return False
        self._keyframe_wanted_at_us = now_us
        return True

    def _begin_layer(self, packet: MediaPacket, *, has_gap: bool) -> None:
        if has_gap and not packet.is_keyframe and self._layer == packet.layer:
            self._decoder.reset()  # its references are gone: the next keyframe is a clean start
        if self._layer is not None and self._layer != packet.layer:
            self.counts.layer_switches += 1
            self._decoder.reset()
        self._layer = packet.layer

    def _take(self, frame: av.VideoFrame) -> None:
        """Queue a decoded picture. Lock held."""
        pts_us = int(frame.pts or 0)
        captured_us = next((at for pts, at in self._capture_times if pts == pts_us), 0)
        if len(self._pictures) >= PICTURES_MAX:
            self._pictures.popleft()
            self._count_drop(late=True)
        self._pictures.append(Picture(frame, pts_us, captured_us))
        self._has_pictures.notify()

    # --- presenting ---------------------------------------------------------------------------

    def _present_loop(self) -> None:
        while True:
            with self._lock:
                picture = self._await_picture()
                if picture is None:
                    return
                self._count_shown(picture)
            self._on_picture(picture.frame, picture.pts_us)

    def _await_picture(self) -> Picture | None:
        """The picture to show, at its moment; None when stopping. Lock held."""
        while not self._stopping:
            now_us = self._monotonic_us()
            picture, wait_us = self._choose(now_us)
            if picture is not None:
                return picture
            self._has_pictures.wait(min(wait_us / 1_000_000, _WAIT_S_MAX))
        return None

    def _choose(self, now_us: int) -> tuple[Picture | None, int]:
        """The picture to show now, or how long to wait before looking again."""
        if not self._pictures:
            return None, 1_000_000
        if self._is_first:
            self._is_first = False
            self._is_poster = True
            return self._pictures.popleft(), 0
        if not self._clock.settle(now_us):
            # A cached GOP is draining: only its newest pictures can be due in time.
            while len(self._pictures) > PICTURES_MAX // 2:
                self._pictures.popleft()
                self._count_drop(late=False)
            settles_at_us = self._clock.settles_at_us()
            return None, max(1_000, (settles_at_us or now_us) - now_us)
        position_us = self._position_us(now_us)
        chosen: Picture | None = None
        while self._pictures and self._pictures[0].pts_us <= position_us:
            if chosen is not None:
                self._count_drop(late=False)
            chosen = self._pictures.popleft()
        if chosen is None:
            return None, max(500, self._pictures[0].pts_us - position_us)
        if self._is_too_late(chosen, position_us, now_us):
            self._count_drop(late=True)
            return None, 500
        return chosen, 0

    def _is_too_late(self, picture: Picture, position_us: int, now_us: int) -> bool:
        late_us = position_us - picture.pts_us
        if late_us <= self._interval_us():
            self._is_catching_up = False
            return False
        shown_at_us = self._shown_at_us
        is_frozen = shown_at_us is not None and now_us - shown_at_us > FROZEN_US
        return self._is_catching_up or not is_frozen

    def _interval_us(self) -> int:
        track = self._tracks.get(self._layer or 0)
        if track is None or track.frame_rate <= 0:
            return _INTERVAL_US_DEFAULT
        return int(1_000_000 / track.frame_rate)

    def _count_drop(self, *, late: bool) -> None:
        if self._is_catching_up:
            self.counts.caught_up += 1
        elif late:
            self.counts.late += 1
        else:
            self.counts.overtaken += 1

    def _count_shown(self, picture: Picture) -> None:
        """Statistics of a picture that is shown right now. Lock held."""
        now_us = self._monotonic_us()
        counts = self.counts
        counts.shown += 1
        if self.first_shown_at_us is None:
            self.first_shown_at_us = now_us
        if not self._is_catching_up:
            if self.first_live_at_us is None:
                self.first_live_at_us = now_us
            if picture.captured_at_unix_us:
                latency_us = self._unix_us() - picture.captured_at_unix_us
                counts.latency_ms.add(latency_us / 1000)
                share = LATENCY_SMOOTHING if counts.latency_now_ms else 1.0
                counts.latency_now_ms += share * (latency_us / 1000 - counts.latency_now_ms)
            heard_us = self._heard_us(now_us)
            if heard_us is not None:
                counts.av_offset_ms.add(abs(picture.pts_us - heard_us) / 1000)
        if self._shown_pts_us is not None:
            step_us = picture.pts_us - self._shown_pts_us
            counts.order_violations += step_us <= 0
            if self._is_in_step:
                counts.interval_us_max = max(counts.interval_us_max, step_us)
        if self._shown_at_us is not None and not self._is_after_poster:
            excess_us = now_us - self._shown_at_us - self._interval_us()
            if excess_us > STALL_US:
                counts.stalls += 1
                counts.stall_us += excess_us
        self._is_after_poster, self._is_poster = self._is_poster, False
        self._is_in_step = not self._is_catching_up
        self._shown_pts_us = picture.pts_us
        self._shown_at_us = now_us
