"""The pipeline of a broadcast that is encoded already: pictures pass as they are, sound becomes
Opus. Stands where `PublishPipeline` stands otherwise.

Only for streams without B-frames: our wire carries one time a packet, and viewers decode without
delay, in the order of that time.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.media.capture.source import AudioBlock
from app.media.encode.opus_encoder import BIT_RATE_BPS, CHANNELS, SAMPLE_RATE_HZ
from app.media.encode.sound_encoder import SoundEncoder
from app.media.ingest.arrivals import (
    Anchor,
    ArrivedPicture,
    ArrivedSound,
    HeldGop,
    StreamShape,
)
from app.media.publish_stats import LayerStats, PublishStats
from wire.limits import MEDIA_MESSAGE_BYTES_MAX
from wire.media_packet import HEADER_BYTES, Flags, Kind, MediaPacket
from wire.tracks import TrackInfo

if TYPE_CHECKING:
    from app.media.clock import MediaClock

PAYLOAD_BYTES_MAX: Final = MEDIA_MESSAGE_BYTES_MAX - HEADER_BYTES
HELD_STEP_US: Final = 1_000
HELD_SPAN_US: Final = 300_000
"""The way to the relay gives up what waits for more than a second."""
_WINDOW: Final = 120
_US: Final = 1_000_000


class CopyPipeline:
    """`push` is called from one thread. What comes before `start` is held from its last keyframe
    on, and then sent in one go: the pictures follow each other as fast as they can be decoded."""

    def __init__(
        self, shape: StreamShape, *, clock: MediaClock, on_packet: Callable[[MediaPacket], None]
    ) -> None:
        self._shape = shape
        self._clock = clock
        self._on_packet = on_packet
        self._anchor = Anchor()
        self._jumps_told = 0
        self._sound = SoundEncoder(clock=clock, on_packet=on_packet) if shape.has_sound else None
        self._lock = threading.Lock()
        """Around what is held, and the beginning."""
        self._held = HeldGop()
        self._squeezed: dict[int, int] = {}
        """Our times of held pictures, by the sender's."""
        self._is_started = self._is_stopped = False
        self._is_waiting = True
        self._last_pts_us = -1
        self._pictures = self._keyframes = self._dropped = self._bytes = 0
        self._recent: deque[tuple[int, int]] = deque(maxlen=_WINDOW)
        """Time and size of the last pictures."""
        self.ended = threading.Event()
        self.tracks: tuple[TrackInfo, ...] = ()
        self.on_reordered: Callable[[], None] = lambda: None
        """Called once when B-frames turn up after all; from `push`'s thread."""

    def open(self) -> tuple[TrackInfo, ...]:
        shape = self._shape
        video = TrackInfo(
            kind="video",
            codec=shape.codec,
            width=shape.width,
            height=shape.height,
            frame_rate=float(shape.frame_rate),
        )
        sound = TrackInfo(
            kind="audio",
            codec="opus",
            bit_rate_bps=BIT_RATE_BPS,
            sample_rate_hz=SAMPLE_RATE_HZ,
            channels=CHANNELS,
        )
        self.tracks = (video, sound) if shape.has_sound else (video,)
        return self.tracks

    def start(self, start_clock: Callable[[int], None] = lambda _span_us: None) -> None:
        """`start_clock` gets the span that what is held takes before the clock's first instant."""
        with self._lock:
            if self._is_stopped:
                return
            if self._sound is not None:
                self._sound.start()
            pictures = [one for one in self._held.take() if isinstance(one, ArrivedPicture)]
            step_us = min(HELD_STEP_US, HELD_SPAN_US // max(1, len(pictures)))
            start_clock(step_us * len(pictures))
            if pictures:
                # Where the next picture belongs: one step behind these, and then in its own time.
                now_us = self._clock.now_us()
                self._anchor.set(pictures[-1].pts_us, now_us)
                for place, picture in enumerate(reversed(pictures[:-1]), 1):
                    self._squeezed[picture.pts_us] = now_us - place * step_us
            self._is_started = True
            for picture in pictures:
                self._push_picture(picture)
            self._squeezed.clear()

    def stop(self) -> None:
        with self._lock:
            self._is_started, self._is_stopped = False, True
            self._held.take()
        if self._sound is not None:
            self._sound.stop()

    def request_keyframe(self, layer: int | None = None) -> None:
        """A foreign encoder cannot be asked; its next keyframe comes in its own time."""

    def set_bit_rate(self, layer: int, bit_rate_bps: int) -> None:
        """Nor this."""

    def push(self, item: ArrivedPicture | ArrivedSound) -> None:
        with self._lock:
            if not self._is_started:
                if not self._is_stopped:
                    self._held.push(item)
                return
        if isinstance(item, ArrivedSound):
            if self._sound is not None:
                pts_us = self._anchor.place(item.pts_us, self._clock.now_us())
                self._sound.push(AudioBlock(item.samples, pts_us))
            return
        self._push_picture(item)

    def release(self) -> None:
        """The sender is gone; another connection goes on at a keyframe."""
        self._anchor.release()
        self._is_waiting = True

    def _push_picture(self, picture: ArrivedPicture) -> None:
        if picture.pts_us != picture.dts_us:
            self.on_reordered()
            self.on_reordered = lambda: None
            self._is_waiting = True
        if self._is_waiting and not picture.is_keyframe:
            self._dropped += 1
            return
        squeezed_us = self._squeezed.get(picture.pts_us)
        if squeezed_us is None:
            pts_us = self._anchor.place(picture.pts_us, self._clock.now_us())
        else:
            pts_us = squeezed_us
        if len(picture.payload) > PAYLOAD_BYTES_MAX or pts_us <= self._last_pts_us:
            self._dropped += 1
            self._is_waiting = True
            return
        flags = Flags.KEYFRAME if picture.is_keyframe else Flags.NONE
        if self._anchor.jumps != self._jumps_told:
            self._jumps_told = self._anchor.jumps
            flags |= Flags.DISCONTINUITY
        self._is_waiting = False
        self._last_pts_us = pts_us
        self._on_packet(
            MediaPacket(
                kind=Kind.VIDEO,
                layer=0,
                flags=flags,
                sequence=self._pictures,
                pts_us=pts_us,
                captured_at_unix_us=self._clock.unix_us(pts_us),
                payload=picture.payload,
            )
        )
        self._pictures += 1
        self._keyframes += picture.is_keyframe
        self._bytes += len(picture.payload)
        self._recent.append((pts_us, len(picture.payload)))

    def stats(self) -> PublishStats:
        sound = self._sound
        fps, bit_rate_bps = self._rates()
        layer = LayerStats(
            layer=0,
            name=f"{self._shape.height}p",
            width=self._shape.width,
            height=self._shape.height,
            encoder="copy",
            bit_rate_bps=bit_rate_bps,
            frames_encoded=self._pictures,
            frames_dropped=self._dropped,
            keyframes=self._keyframes,
            bytes=self._bytes,
            encode_ms_p50=0.0,
            encode_ms_p95=0.0,
            delay_ms_p50=0.0,
            delay_ms_p95=0.0,
        )
        return PublishStats(
            frames_captured=self._pictures + self._dropped,
            frames_encoded=self._pictures,
            frames_dropped={"before_keyframe": self._dropped},
            fps=fps,
            encode_ms_p50=0.0,
            encode_ms_p95=0.0,
            bytes=self._bytes + (sound.bytes if sound else 0),
            encoders=("copy",),
            audio_packets=sound.packets if sound else 0,
            audio_bytes=sound.bytes if sound else 0,
            audio_blocks=sound.blocks if sound else 0,
            audio_blocks_lost=sound.blocks_lost if sound else 0,
            audio_samples_lost=0,
            video_source="running" if self._is_started else "stopped",
            audio_source="running" if sound else "none",
            layers=(layer,),
        )

    def _rates(self) -> tuple[float, int]:
        recent = list(self._recent)
        if len(recent) < 2 or recent[-1][0] <= recent[0][0]:
            return 0.0, 0
        span_us = recent[-1][0] - recent[0][0]
        size = sum(size for _, size in recent[1:])
        return round((len(recent) - 1) * _US / span_us, 2), size * 8 * _US // span_us
