"""The publish pipeline: sources -> layers -> packets.

Threads: one for each source, one for each layer, one for the sound. Raw pictures and blocks cross
to the encoders through bounded queues (`layer_encoder.FRAMES_QUEUED_MAX`,
`sound_encoder.BLOCKS_QUEUED_MAX`) whose drop rules stand there. Packets leave on the encoders'
threads, in sequence for each kind and layer.

Which layers are encoded, and in what shape, may change while they are: see `change_layers`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Final, cast

from app.media.capture.frame_grid import FrameThinner
from app.media.capture.source import (
    FRAME_RATE_MAX,
    AudioSource,
    VideoFrame,
    VideoSource,
)
from app.media.capture.sources import OpenedSources, SourceSpec, open_sources
from app.media.encode.keyframe_schedule import KeyframeSchedule
from app.media.encode.layer_encoder import LayerEncoder
from app.media.encode.layer_plan import LayerRun, whole
from app.media.encode.layers import LayerSpec, check_layers
from app.media.encode.opus_encoder import BIT_RATE_BPS, CHANNELS, SAMPLE_RATE_HZ
from app.media.encode.probing import AUTO, OpenEncoder, list_candidates
from app.media.encode.sound_encoder import SoundEncoder
from app.media.encode.video_encoder import AvVideoEncoder, EncoderSettings
from app.media.errors import MediaError
from app.media.events import PipelineEvent, SourceEnded
from app.media.publish_stats import LayerStats, PublishStats, percentile
from wire.tracks import Codec, TrackInfo

if TYPE_CHECKING:
    from fractions import Fraction

    from app.media.clock import MediaClock
    from wire.media_packet import MediaPacket

_FPS_WINDOW_US: Final = 2_000_000
_ARRIVALS_KEPT: Final = 240


class PublishPipeline:
    """Open it, start it, stop it, once. `request_keyframe`, `set_bit_rate`, `change_layers`,
    `stats` and `stop` may be called from any thread.

    `on_packet` is called from the encoders' threads, `on_event` from any of the pipeline's,
    `on_tracks` from the source's, before the keyframes that begin the new tracks: none may block.
    `open_encoder` and `open_sources` are how tests put other ends in.
    """

    def __init__(
        self,
        *,
        video: SourceSpec,
        audio: SourceSpec | None,
        layers: Sequence[LayerSpec],
        codec: str = "h264",
        encoder: str = AUTO,
        loop: bool = False,
        clock: MediaClock,
        on_packet: Callable[[MediaPacket], None],
        on_event: Callable[[PipelineEvent], None],
        on_tracks: Callable[[tuple[TrackInfo, ...]], None] = lambda _tracks: None,
        open_encoder: OpenEncoder = AvVideoEncoder,
        open_sources: Callable[..., OpenedSources] = open_sources,
    ) -> None:
        self._video_spec = video
        self._audio_spec = audio
        self._layer_specs = tuple(layers)
        self._codec = codec
        self._encoder = encoder
        self._loop = loop
        self._clock = clock
        self._on_packet = on_packet
        self._on_event = on_event
        self._on_tracks = on_tracks
        self._open_encoder = open_encoder
        self._open_sources = open_sources
        self._video: VideoSource | None = None
        self._audio: AudioSource | None = None
        self._layers: tuple[LayerEncoder, ...] = ()
        self._runs: tuple[LayerRun, ...] = whole(self._layer_specs)
        """What is encoded now."""
        self._runs_wanted: tuple[LayerRun, ...] | None = None
        """... and from the next keyframe on; replaced as a whole, read by the source's thread."""
        self._pushed: dict[int, int] = {}
        """Pictures since the last keyframe, by layer."""
        self._sound: SoundEncoder | None = None
        self._schedule = KeyframeSchedule()
        self._thinner = FrameThinner(FRAME_RATE_MAX)
        self._captured = 0
        self._thinned = 0
        self._arrivals: deque[int] = deque(maxlen=_ARRIVALS_KEPT)
        self._unfinished = 0
        self._finish_lock = threading.Lock()
        self._stop_lock = threading.RLock()
        """Held by `open` too: what is being opened when `stop` comes is closed."""
        self._is_stopped = False
        self.frame_rate = 0.0
        """Of the source, once open."""
        self.tracks: tuple[TrackInfo, ...] = ()
        """What is sent, once open. Replaced as a whole."""
        self.ended = threading.Event()
        """Set when a file without `loop` has played out and its last packet has left."""

    def open(self) -> tuple[TrackInfo, ...]:
        """Open sources and encoders. Raises MediaError, and leaves nothing open then."""
        with self._stop_lock:
            if self._is_stopped:
                raise MediaError("the pipeline was stopped before it was open")
            return self._open()

    def _open(self) -> tuple[TrackInfo, ...]:
        check_layers(self._layer_specs)
        candidates = list_candidates(self._codec, self._encoder)
        opened = self._open_sources(
            self._video_spec,
            self._audio_spec,
            clock=self._clock,
            on_event=self._on_source_event,
            loop=self._loop,
        )
        self._video, self._audio = opened.video, opened.audio
        try:
            frame_rate = min(self._video.info.frame_rate, FRAME_RATE_MAX)
            self._layers = tuple(
                self._open_layer(spec, frame_rate, candidates) for spec in self._layer_specs
            )
            if self._audio is not None:
                self._sound = SoundEncoder(clock=self._clock, on_packet=self._on_packet)
        except BaseException:
            self.stop()
            raise
        self.frame_rate = float(frame_rate)
        self.tracks = self._make_tracks(self._runs)
        return self.tracks

    def start(self) -> None:
        """Begin to capture and encode. The clock must have been started by now. Nothing after
        `stop`, which may come from another thread just before."""
        if self._is_stopped:
            return
        with self._stop_lock:
            if not self._is_stopped:
                self._start()

    def _start(self) -> None:
        if self._video is None:
            raise RuntimeError("the pipeline is not open")
        self._unfinished = len(self._layers)
        for layer in self._layers:
            layer.start()
        if self._audio is not None and self._sound is not None:
            self._sound.start()
            self._audio.start(self._sound.push)
        self._video.start(self._on_frame)

    def stop(self) -> None:
        """Stop sources, then encoders. Bounded; does nothing the second time."""
        with self._stop_lock:
            if self._is_stopped:
                return
            self._is_stopped = True
            if self._video is not None:
                self._video.stop()
            if self._audio is not None:
                self._audio.stop()
            for layer in self._layers:
                layer.stop()
            if self._sound is not None:
                self._sound.stop()

    def request_keyframe(self, layer: int | None = None) -> None:
        """Make the next picture a keyframe, on one layer or on all (then still aligned)."""
        if layer is None:
            self._schedule.request()
            return
        for encoder in self._layers:
            if encoder.spec.layer == layer:
                encoder.request_keyframe()

    def set_bit_rate(self, layer: int, bit_rate_bps: int) -> None:
        for encoder in self._layers:
            if encoder.spec.layer == layer:
                encoder.set_bit_rate(bit_rate_bps)

    def change_layers(self, runs: Sequence[LayerRun]) -> None:
        """Encode these layers, each as its run says; the others are left out.

        A lower bit rate holds at once, all else from the next keyframe on, which all layers share.
        """
        wanted = tuple(runs)
        for run in wanted:
            self.set_bit_rate(run.layer, run.bit_rate_bps)
        self._runs_wanted = wanted

    @property
    def runs(self) -> tuple[LayerRun, ...]:
        """What is encoded now."""
        return self._runs

    def stats(self) -> PublishStats:
        """A snapshot; also after `stop`."""
        active = {run.layer for run in self._runs}
        layers = tuple(_layer_stats(layer, active) for layer in self._layers)
        video, audio, sound = self._video, self._audio, self._sound
        return PublishStats(
            frames_captured=self._captured,
            frames_encoded=max((layer.frames_encoded for layer in layers), default=0),
            frames_dropped={
                "source_late": 0 if video is None else video.frames_missed,
                "too_fast": self._thinned,
                "encoder_slow": sum(layer.frames_dropped for layer in layers),
            },
            fps=self._frames_a_second(),
            encode_ms_p50=max((layer.encode_ms_p50 for layer in layers), default=0.0),
            encode_ms_p95=max((layer.encode_ms_p95 for layer in layers), default=0.0),
            bytes=sum(layer.bytes for layer in layers) + (sound.bytes if sound else 0),
            encoders=tuple(layer.encoder for layer in layers),
            audio_packets=sound.packets if sound else 0,
            audio_bytes=sound.bytes if sound else 0,
            audio_blocks=sound.blocks if sound else 0,
            audio_blocks_lost=sound.blocks_lost if sound else 0,
            audio_samples_lost=0 if audio is None else audio.samples_lost,
            video_source="stopped" if video is None else video.state.value,
            audio_source="none" if audio is None else audio.state.value,
            layers=layers,
        )

    def _on_frame(self, frame: VideoFrame) -> None:
        self._captured += 1
        if not self._thinner.is_wanted(frame.pts_us):
            self._thinned += 1
            return
        self._arrivals.append(frame.pts_us)
        is_keyframe = self._schedule.is_due(frame.pts_us)
        changed = self._take_up_runs() if is_keyframe else {}
        for run in self._runs:
            passed = 0 if is_keyframe else self._pushed.get(run.layer, 0) + 1
            self._pushed[run.layer] = passed
            if passed % run.frame_divisor == 0:
                encoder = self._find_layer(run.layer)
                encoder.push(frame, is_keyframe=is_keyframe, run=changed.get(run.layer))

    def _take_up_runs(self) -> dict[int, LayerRun]:
        """At a keyframe: the layers that are to be another way from it on."""
        wanted, self._runs_wanted = self._runs_wanted, None
        before = {run.layer: run for run in self._runs}
        if wanted is None or wanted == self._runs:
            return {}
        changed = {run.layer: run for run in wanted if run != before.get(run.layer)}
        self._runs = wanted
        tracks = self._make_tracks(wanted)
        if _shapes_of(tracks) != _shapes_of(self.tracks):
            # A new bit or frame rate alone is no change to tell: every viewer would begin afresh.
            self.tracks = tracks
            self._on_tracks(tracks)
        for layer in before.keys() - {run.layer for run in wanted}:
            self._find_layer(layer).park()
        return changed

    def _find_layer(self, layer: int) -> LayerEncoder:
        return next(encoder for encoder in self._layers if encoder.spec.layer == layer)

    def _on_source_event(self, event: PipelineEvent) -> None:
        self._on_event(event)
        if isinstance(event, SourceEnded):
            for layer in self._layers:
                layer.finish()

    def _on_layer_finished(self) -> None:
        with self._finish_lock:
            self._unfinished -= 1
            if self._unfinished == 0:
                self.ended.set()

    def _open_layer(
        self, spec: LayerSpec, frame_rate: Fraction, candidates: Sequence[str]
    ) -> LayerEncoder:
        settings = EncoderSettings(
            codec=self._codec,
            width=spec.width,
            height=spec.height,
            frame_rate=frame_rate,
            bit_rate_bps=spec.bit_rate_bps,
        )
        return LayerEncoder(
            spec,
            settings,
            candidates,
            clock=self._clock,
            on_packet=self._on_packet,
            on_event=self._on_event,
            on_finished=self._on_layer_finished,
            open_encoder=self._open_encoder,
        )

    def _make_tracks(self, runs: Sequence[LayerRun]) -> tuple[TrackInfo, ...]:
        video = tuple(
            TrackInfo(
                kind="video",
                codec=cast("Codec", self._codec),
                layer=run.layer,
                width=run.width,
                height=run.height,
                frame_rate=self.frame_rate / run.frame_divisor,
                bit_rate_bps=run.bit_rate_bps,
            )
            for run in runs
        )
        if self._sound is None:
            return video
        sound = TrackInfo(
            kind="audio",
            codec="opus",
            bit_rate_bps=BIT_RATE_BPS,
            sample_rate_hz=SAMPLE_RATE_HZ,
            channels=CHANNELS,
        )
        return (*video, sound)

    def _frames_a_second(self) -> float:
        arrivals = list(self._arrivals)
        if len(arrivals) < 2:
            return 0.0
        recent = [pts_us for pts_us in arrivals if pts_us >= arrivals[-1] - _FPS_WINDOW_US]
        span_us = recent[-1] - recent[0]
        return round((len(recent) - 1) * 1_000_000 / span_us, 2) if span_us else 0.0


def _shapes_of(tracks: Sequence[TrackInfo]) -> list[tuple[int, int, int]]:
    return [(track.layer, track.width, track.height) for track in tracks if track.kind == "video"]


def _layer_stats(layer: LayerEncoder, active: Collection[int]) -> LayerStats:
    width, height = layer.size
    encode_ms, delay_ms = layer.encode_ms.copy(), layer.delay_ms.copy()
    return LayerStats(
        layer=layer.spec.layer,
        name=layer.spec.name,
        width=width,
        height=height,
        encoder=layer.encoder_name,
        bit_rate_bps=layer.bit_rate_bps,
        frames_encoded=layer.frames_encoded,
        frames_dropped=layer.frames_dropped,
        keyframes=layer.keyframes,
        bytes=layer.bytes,
        encode_ms_p50=percentile(encode_ms, 0.5),
        encode_ms_p95=percentile(encode_ms, 0.95),
        delay_ms_p50=percentile(delay_ms, 0.5),
        delay_ms_p95=percentile(delay_ms, 0.95),
        frame_rate=round(layer.frame_rate, 2),
        is_active=layer.spec.layer in active,
    )
