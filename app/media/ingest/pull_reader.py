"""Pulls an address (a camera's RTSP, RTMP, HTTP) without decoding its pictures. One thread.

For one connection: it ends when the address does, and the next one is another reader.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import av
from av.audio.frame import AudioFrame

from app.media.encode.annex_b import has_parameter_sets, is_annex_b
from app.media.errors import MediaError, SourceUnsupported
from app.media.flv.bitstream import Codec, DecoderConfig, parse_avc_config, parse_hevc_config
from app.media.ingest.arrivals import ArrivedPicture, ArrivedSound, HeldGop, Intake, StreamShape
from app.media.ingest.shape import find_shape
from app.media.ingest.sound_decoder import Resampling

if TYPE_CHECKING:
    from fractions import Fraction

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.stream import Stream
    from av.video.stream import VideoStream

OPEN_TIMEOUT_S: Final = 10.0
READ_TIMEOUT_S: Final = 5.0
"""A connection that is silent for so long is dead."""

AHEAD_S_MAX: Final = 0.5
"""What has a length is read hardly faster than it plays; a live address sets the pace itself."""

JOIN_TIMEOUT_S: Final = READ_TIMEOUT_S + 1.0
_CODECS: Final[dict[str, Codec]] = {"h264": "h264", "hevc": "h265"}
_OPTIONS: Final = {"rtsp_transport": "tcp", "analyzeduration": "500000", "probesize": "1000000"}
_US: Final = 1_000_000


class PullReader:
    """The callbacks come on its thread; `on_end` once, with a reason."""

    def __init__(
        self,
        address: str,
        *,
        on_shape: Callable[[StreamShape], None],
        on_end: Callable[[str], None],
    ) -> None:
        self._address = address
        self._on_shape = on_shape
        self._on_end = on_end
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._video: VideoStream
        self._audio: AudioStream | None = None
        self._codec: Codec = "h264"
        self._config: DecoderConfig | None = None
        self._sets = b""
        self._is_reordered = False
        self._has_shape = False
        self._last_pts_us: int | None = None
        self._resampling = Resampling()
        self._held = HeldGop()
        self.intake: Intake | None = None
        """Where arrivals go; replaced as a whole, from any thread."""

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="pull", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Bounded: a network call that hangs is left behind."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)

    def _run(self) -> None:
        try:
            with av.open(
                self._address,
                mode="r",
                options=dict(_OPTIONS),
                timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
            ) as container:
                self._choose(container)
                self._read(container)
            reason = "the sender ended it"
        except MediaError as error:
            reason = error.message
        except (av.FFmpegError, OSError, ValueError) as error:
            # Without the address, which may hold a password.
            reason = getattr(error, "strerror", None) or type(error).__name__
        if not self._stopping.is_set():
            self._on_end(reason)

    def _choose(self, container: InputContainer) -> None:
        video = next(iter(container.streams.video), None)
        if video is None:
            raise SourceUnsupported("it holds no picture")
        codec = _CODECS.get(video.codec_context.name)
        if codec is None:
            raise SourceUnsupported(
                f"its pictures are {video.codec_context.name}, which cannot be passed on: "
                "use `livehouse publish --source url:`"
            )
        self._video, self._codec = video, codec
        self._audio = next(iter(container.streams.audio), None)
        self._is_reordered = video.codec_context.has_b_frames
        extradata = bytes(video.codec_context.extradata or b"")
        if is_annex_b(extradata):
            self._sets = extradata
        elif extradata:
            parse = parse_avc_config if codec == "h264" else parse_hevc_config
            self._config = parse(extradata)

    def _read(self, container: InputContainer) -> None:
        streams: list[VideoStream | AudioStream] = [self._video]
        if self._audio is not None:
            streams.append(self._audio)
        has_length = bool(container.duration and container.duration > 0)
        began: tuple[float, int] | None = None
        for packet in container.demux(streams):
            if self._stopping.is_set():
                return
            if packet.pts is None or not packet.size:
                continue
            pts_us = _to_us(packet.pts, packet.time_base)
            if began is None:
                began = time.monotonic(), pts_us
            if has_length and not self._keep_pace(began, pts_us):
                return
            if packet.stream is self._video:
                self._push_picture(packet, pts_us)
            else:
                self._push_sound(packet, pts_us)

    def _keep_pace(self, began: tuple[float, int], pts_us: int) -> bool:
        """Wait until it is nearly time; False when the reader is being stopped."""
        began_s, first_us = began
        ahead_s = (pts_us - first_us) / _US - (time.monotonic() - began_s)
        return ahead_s <= AHEAD_S_MAX or not self._stopping.wait(ahead_s - AHEAD_S_MAX)

    def _push_picture(self, packet: av.Packet[Stream], pts_us: int) -> None:
        payload = self._to_annex_b(bytes(packet), is_keyframe=packet.is_keyframe)
        dts_us = pts_us
        if self._is_reordered and packet.dts is not None:
            dts_us = _to_us(packet.dts, packet.time_base)
        elif (
            self._last_pts_us is not None and pts_us < self._last_pts_us and not packet.is_keyframe
        ):
            # B-frames after all, of a stream that does not say so.
            dts_us = self._last_pts_us
        self._last_pts_us = pts_us
        picture = ArrivedPicture(payload, pts_us, dts_us, packet.is_keyframe)
        if picture.is_keyframe and not self._has_shape:
            self._has_shape = True
            rate = self._video.guessed_rate
            self._on_shape(
                find_shape(
                    self._codec,
                    picture,
                    frame_rate=float(rate) if rate and rate < 240 else 0.0,
                    has_sound=self._audio is not None,
                )
            )
        self._give(picture)

    def _give(self, item: ArrivedPicture | ArrivedSound) -> None:
        intake = self.intake
        if intake is None:
            self._held.push(item)
            return
        for each in (*self._held.take(), item):
            intake.push(each)

    def _push_sound(self, packet: av.Packet[Stream], pts_us: int) -> None:
        try:
            frames = packet.decode()
        except (av.FFmpegError, ValueError):
            return
        for frame in frames:
            if isinstance(frame, AudioFrame):
                for sound in self._resampling.push(frame, pts_us):
                    self._give(sound)

    def _to_annex_b(self, data: bytes, *, is_keyframe: bool) -> bytes:
        if self._config is not None:
            return self._config.to_annex_b(data, is_keyframe=is_keyframe)
        if is_keyframe and self._sets and not has_parameter_sets(data, self._codec):
            return self._sets + data
        return data


def _to_us(time_units: int, time_base: Fraction) -> int:
    return round(time_units * time_base * _US)
