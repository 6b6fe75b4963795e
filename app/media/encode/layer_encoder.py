"""One layer's thread: fits raw pictures to the layer, encodes them, gives packets.

The queue before it holds raw pictures only, and lets a machine that is busy for a moment catch up
without a loss. Drop rule when the encoder is too slow: the oldest waiting picture that is not to be
a keyframe goes, and is counted, and until the queue has run empty once it is kept short, so that
a slow encoder costs pictures and not delay. What is encoded is never dropped.
An encoder that dies is replaced by the next that works, and the stream goes on with a keyframe.

A new size or frame rate takes effect at a keyframe, by opening the encoder again (2 ms for x264).
A new bit rate takes effect at once where the encoder can; as its buffer model (VBV) stays as it was
opened and would let a keyframe be as large as before, it too is opened again at the next keyframe.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from app.media.encode.probing import OpenEncoder, find_working
from app.media.encode.video_encoder import (
    AvVideoEncoder,
    EncodedPicture,
    EncoderSettings,
    VideoEncoder,
)
from app.media.errors import EncoderFailed
from app.media.events import EncoderLost, EncoderReplaced, PipelineEvent
from app.media.scene.picture_fitter import PictureFitter
from wire.media_packet import Flags, Kind, MediaPacket

if TYPE_CHECKING:
    from app.media.capture.source import VideoFrame
    from app.media.clock import MediaClock
    from app.media.encode.layer_plan import LayerRun
    from app.media.encode.layers import LayerSpec

FRAMES_QUEUED_MAX: Final = 12
"""Raw pictures that may wait for the encoder after a moment without processor time: 320 ms were
seen on a busy machine with two cores, and the encoder catches up three times as fast."""

FRAMES_QUEUED_SLOW_MAX: Final = 2
"""... and while the encoder is too slow in earnest: more would only add delay."""

SILENT_ENCODER_S: Final = 1.0
"""An encoder that takes pictures and gives none for so long is dead."""

RESTARTS_MAX: Final = 3
"""How often the last encoder of the list is opened again before the layer is given up."""

VBV_TOLERANCE: Final = 0.05
"""The share by which the rate may miss the one that the encoder was opened with."""

TIMINGS_KEPT: Final = 300
JOIN_TIMEOUT_S: Final = 2.0


class _Waiting(NamedTuple):
    frame: VideoFrame
    is_keyframe: bool


class LayerEncoder:
    """Opens an encoder at once (raises EncoderFailed) and runs it from `start` to `stop`.

    `push`, `request_keyframe` and `set_bit_rate` may be called from any thread and never block.
    """

    def __init__(
        self,
        spec: LayerSpec,
        settings: EncoderSettings,
        candidates: Sequence[str],
        *,
        clock: MediaClock,
        on_packet: Callable[[MediaPacket], None],
        on_event: Callable[[PipelineEvent], None],
        on_finished: Callable[[], None] = lambda: None,
        open_encoder: OpenEncoder = AvVideoEncoder,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.spec = spec
        self._settings = settings
        self._candidates = tuple(candidates)
        self._clock = clock
        self._on_packet = on_packet
        self._on_event = on_event
        self._on_finished = on_finished
        self._open_encoder = open_encoder
        self._monotonic_s = monotonic_s
        self._fitter = PictureFitter(spec.width, spec.height)
        self._queue: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._is_too_slow = False
        self._stopping = False
        self._finishing = False
        self._keyframe_wanted = False
        self._bit_rate_wanted: int | None = None
        self._frame_rate = settings.frame_rate
        """Of all pictures that are pushed where none is left out."""
        self._run_wanted: LayerRun | None = None
        self._is_parked = False
        self._thread: threading.Thread | None = None
        self._silent_since_s: float | None = None
        self._restarts_left = RESTARTS_MAX
        self.frames_encoded = 0
        self.frames_dropped = 0
        self.keyframes = 0
        self.bytes = 0
        self.bit_rate_bps = spec.bit_rate_bps
        self.encode_ms: deque[float] = deque(maxlen=TIMINGS_KEPT)
        self.delay_ms: deque[float] = deque(maxlen=TIMINGS_KEPT)
        """From a picture's pts to its packet."""
        self._encoder: VideoEncoder | None = self._open_next(self._candidates)
        self._last_name = self._encoder.name

    @property
    def size(self) -> tuple[int, int]:
        return self._settings.width, self._settings.height

    @property
    def frame_rate(self) -> float:
        return float(self._settings.frame_rate)

    @property
    def encoder_name(self) -> str:
        return "" if self._encoder is None else self._encoder.name

    def start(self) -> None:
        self._thread = threading.Thread(
            target=self._run, name=f"encode-{self.spec.name}", daemon=True
        )
        self._thread.start()

    def push(self, frame: VideoFrame, *, is_keyframe: bool, run: LayerRun | None = None) -> None:
        """With `run` the layer is that from its next keyframe on."""
        with self._changed:
            self._is_parked = False
            if run is not None:
                self._run_wanted = run
                self._bit_rate_wanted = run.bit_rate_bps
            if len(self._queue) >= FRAMES_QUEUED_MAX:
                self._is_too_slow = True
            while self._is_too_slow and len(self._queue) >= FRAMES_QUEUED_SLOW_MAX:
                self._drop_oldest()
            self._queue.append(_Waiting(frame, is_keyframe))
            self._changed.notify()

    def request_keyframe(self) -> None:
        """The next picture that is encoded becomes a keyframe."""
        self._keyframe_wanted = True

    def set_bit_rate(self, bit_rate_bps: int) -> None:
        self._bit_rate_wanted = bit_rate_bps

    def park(self) -> None:
        """Nothing is pushed for now: what waits goes, and the encoder is closed until it is."""
        with self._changed:
            self._is_parked = True
            self._queue.clear()
            self._changed.notify()

    def finish(self) -> None:
        """Encode what waits, then call `on_finished`."""
        with self._changed:
            self._finishing = True
            self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._queue.clear()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)

    def _drop_oldest(self) -> None:
        for waiting in self._queue:
            if not waiting.is_keyframe:
                self._queue.remove(waiting)
                break
        else:
            # All are to be keyframes: one of them is enough.
            self._queue.popleft()
        self.frames_dropped += 1

    def _run(self) -> None:
        while (waiting := self._wait()) is not None:
            self._encode(waiting)
        if self._finishing and not self._stopping:
            self._flush()
            self._on_finished()
        if self._encoder is not None:
            self._encoder.close()

    def _wait(self) -> _Waiting | None:
        with self._changed:
            while not self._queue and not self._stopping and not self._finishing:
                if self._is_parked and self._encoder is not None:
                    self._encoder.close()
                    self._encoder = None
                self._changed.wait()
            if not self._queue:
                return None
            waiting = self._queue.popleft()
            if not self._queue:
                self._is_too_slow = False
            return waiting

    def _encode(self, waiting: _Waiting) -> None:
        is_keyframe = waiting.is_keyframe
        if self._keyframe_wanted:
            self._keyframe_wanted = False
            is_keyframe = True
        if is_keyframe:
            self._change_shape()
        while self._encoder is not None:
            try:
                self._encode_once(self._encoder, waiting.frame, is_keyframe=is_keyframe)
            except EncoderFailed as error:
                self._replace(error.message)
                is_keyframe = True
            else:
                return
        self.frames_dropped += 1

    def _change_shape(self) -> None:
        """At a keyframe: open the encoder again where it is to be another than it is."""
        with self._changed:
            run, self._run_wanted = self._run_wanted, None
        settings = self._settings
        rate = self._bit_rate_wanted or self.bit_rate_bps
        if run is not None:
            settings = replace(
                settings,
                width=run.width,
                height=run.height,
                frame_rate=self._frame_rate / run.frame_divisor,
            )
        if abs(rate - settings.bit_rate_bps) > VBV_TOLERANCE * settings.bit_rate_bps:
            settings = replace(settings, bit_rate_bps=rate)
        if self._encoder is not None and settings == self._settings:
            return
        if self._encoder is None and run is None:
            return  # no encoder works any more
        self._open_again(settings)

    def _open_again(self, settings: EncoderSettings) -> None:
        name = self.encoder_name or self._last_name
        if self._encoder is not None:
            self._encoder.close()
            self._encoder = None
        if self._fitter.width != settings.width or self._fitter.height != settings.height:
            self._fitter = PictureFitter(settings.width, settings.height)
        self._settings = settings
        self._silent_since_s = None
        candidates = self._candidates[max(0, self._candidates.index(name)) :]
        try:
            self._encoder = self._open_next(candidates)
        except EncoderFailed as error:
            self._on_event(EncoderLost(self.spec.layer, error.message))
            return
        self._last_name = self._encoder.name
        self.bit_rate_bps = settings.bit_rate_bps
        if self._encoder.name != name:
            words = "it could not be opened again"
            self._on_event(EncoderReplaced(self.spec.layer, name, self._encoder.name, words))

    def _encode_once(self, encoder: VideoEncoder, frame: VideoFrame, *, is_keyframe: bool) -> None:
        if (wanted := self._bit_rate_wanted) is not None:
            self._bit_rate_wanted = None
            self.bit_rate_bps = wanted
            encoder.set_bit_rate(wanted)
        began_s = self._monotonic_s()
        image = self._fitter.fit(frame.image, frame.pixel_shape)
        pictures = encoder.encode(image, pts_us=frame.pts_us, force_keyframe=is_keyframe)
        now_s = self._monotonic_s()
        self.encode_ms.append((now_s - began_s) * 1000)
        if pictures:
            self._silent_since_s = None
        elif self._silent_since_s is None:
            self._silent_since_s = began_s
        elif now_s - self._silent_since_s >= SILENT_ENCODER_S:
            raise EncoderFailed(f"no picture came out for {SILENT_ENCODER_S:g} s")
        self._send(pictures)

    def _send(self, pictures: Sequence[EncodedPicture]) -> None:
        for picture in pictures:
            self.delay_ms.append((self._clock.now_us() - picture.pts_us) / 1000)
            self._on_packet(
                MediaPacket(
                    kind=Kind.VIDEO,
                    layer=self.spec.layer,
                    flags=Flags.KEYFRAME if picture.is_keyframe else Flags.NONE,
                    sequence=self.frames_encoded,
                    pts_us=picture.pts_us,
                    captured_at_unix_us=self._clock.unix_us(picture.pts_us),
                    payload=picture.payload,
                )
            )
            self.frames_encoded += 1
            self.keyframes += picture.is_keyframe
            self.bytes += len(picture.payload)

    def _flush(self) -> None:
        if self._encoder is None:
            return
        try:
            self._send(self._encoder.flush())
        except EncoderFailed as error:
            self._on_event(EncoderLost(self.spec.layer, error.message))

    def _replace(self, reason: str) -> None:
        old = self.encoder_name
        if self._encoder is not None:
            self._encoder.close()
            self._encoder = None
        self._silent_since_s = None
        try:
            self._encoder = self._open_next(self._left_after(old))
        except EncoderFailed as error:
            self._on_event(EncoderLost(self.spec.layer, f"{reason}; {error.message}"))
            return
        self._last_name = self._encoder.name
        if self.bit_rate_bps != self._settings.bit_rate_bps:
            self._encoder.set_bit_rate(self.bit_rate_bps)
        self._on_event(EncoderReplaced(self.spec.layer, old, self._encoder.name, reason))

    def _left_after(self, name: str) -> tuple[str, ...]:
        left = self._candidates[self._candidates.index(name) + 1 :]
        if left:
            return left
        self._restarts_left -= 1
        return self._candidates[-1:] if self._restarts_left >= 0 else ()

    def _open_next(self, candidates: Sequence[str]) -> VideoEncoder:
        name = find_working(candidates, self._settings, open_encoder=self._open_encoder)
        if name is None:
            tried = ", ".join(candidates) or "none is left"
            raise EncoderFailed(f"no {self._settings.codec} encoder works here (tried: {tried})")
        return self._open_encoder(name, self._settings)
