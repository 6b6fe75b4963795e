"""One open video encoder: raw pictures in, Annex B access units out.

`VideoEncoder` is all that a layer's thread knows; `AvVideoEncoder` is PyAV's. The pts that PyAV
sees are frame numbers of the nominal rate, so that x264's rate control has the right durations;
the broadcast's own pts are kept beside them.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc, VideoReformatter

from app.media.encode.annex_b import has_parameter_sets, is_annex_b
from app.media.encode.encoder_options import GOP_FRAMES_MAX, find_options
from app.media.errors import EncoderFailed
from app.media.picture import BT709

if TYPE_CHECKING:
    from fractions import Fraction

    from av.video.stream import VideoStream

THREADS_MAX: Final = 4
"""Slices of one picture are coded at the same time; more of them cost quality, not latency."""

FRAMES_IN_FLIGHT_MAX: Final = 64
"""Frames that an encoder may hold before it counts as stuck."""

_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """What an encoder is opened with."""

    codec: str
    """`h264` or `h265`."""
    width: int
    height: int
    frame_rate: Fraction
    bit_rate_bps: int
    threads: int = 0
    """0: as many as the machine has, up to THREADS_MAX."""


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """One access unit, Annex B, with parameter sets when it is a keyframe."""

    payload: bytes
    pts_us: int
    is_keyframe: bool


class VideoEncoder(Protocol):
    """An open encoder of one layer; all calls from one thread."""

    @property
    def name(self) -> str: ...

    def encode(
        self, image: av.VideoFrame, *, pts_us: int, force_keyframe: bool
    ) -> list[EncodedPicture]:
        """What left the encoder: normally this picture. Raises EncoderFailed when it is dead."""
        ...

    def set_bit_rate(self, bit_rate_bps: int) -> None: ...

    def flush(self) -> list[EncodedPicture]:
        """What it still held. Nothing may be encoded afterwards."""
        ...

    def close(self) -> None: ...


class AvVideoEncoder:
    """An encoder of PyAV. Raises EncoderFailed when it cannot be opened."""

    def __init__(self, name: str, settings: EncoderSettings) -> None:
        self.name = name
        self._settings = settings
        options = find_options(name, settings)
        self._pixel_format = options.pixel_format
        self._reformatter = VideoReformatter()
        self._in_flight: OrderedDict[int, int] = OrderedDict()
        self._last_number: int | None = None
        self._first_pts_us: int | None = None
        try:
            self._context = _open(name, settings, options.pixel_format, options.options)
        except (av.FFmpegError, ValueError, OSError) as error:
            raise EncoderFailed(f"the encoder {name} cannot be opened: {error}") from error

    def encode(
        self, image: av.VideoFrame, *, pts_us: int, force_keyframe: bool
    ) -> list[EncodedPicture]:
        if image.format.name != self._pixel_format:
            image = self._reformatter.reformat(image, format=self._pixel_format)
        number = self._next_number(pts_us)
        image.pts = number
        image.time_base = 1 / self._settings.frame_rate
        image.pict_type = PictureType.I if force_keyframe else PictureType.NONE
        if len(self._in_flight) >= FRAMES_IN_FLIGHT_MAX:
            raise EncoderFailed(f"{self.name} holds {FRAMES_IN_FLIGHT_MAX} frames and gives none")
        self._in_flight[number] = pts_us
        return self._collect(image)

    def set_bit_rate(self, bit_rate_bps: int) -> None:
        """Takes effect with the next frame where the encoder can (x264, x265, NVENC)."""
        self._context.bit_rate = bit_rate_bps

    def flush(self) -> list[EncodedPicture]:
        return self._collect(None)

    def close(self) -> None:
        """The context is freed with this object; frames in it are forgotten."""
        self._in_flight.clear()

    def _next_number(self, pts_us: int) -> int:
        if self._first_pts_us is None:
            self._first_pts_us = pts_us
        number = round((pts_us - self._first_pts_us) * self._settings.frame_rate / _US)
        if self._last_number is not None:
            number = max(number, self._last_number + 1)
        self._last_number = number
        return number

    def _collect(self, image: av.VideoFrame | None) -> list[EncodedPicture]:
        try:
            packets = self._context.encode(image)
        except (av.FFmpegError, ValueError, OSError) as error:
            raise EncoderFailed(f"{self.name} failed: {error}") from error
        pictures = []
        for packet in packets:
            if packet.pts is None or not packet.size:
                continue
            pts_us = self._in_flight.pop(packet.pts, None)
            if pts_us is not None:
                pictures.append(
                    EncodedPicture(self._payload(packet), pts_us, bool(packet.is_keyframe))
                )
        return pictures

    def _payload(self, packet: av.Packet[VideoStream]) -> bytes:
        payload = bytes(packet)
        if not packet.is_keyframe or has_parameter_sets(payload, self._settings.codec):
            return payload
        extradata = self._context.extradata
        if extradata and is_annex_b(extradata):
            return extradata + payload
        return payload


def _open(
    name: str, settings: EncoderSettings, pixel_format: str, options: dict[str, str]
) -> VideoCodecContext:
    context = av.CodecContext.create(name, "w")
    if not isinstance(context, VideoCodecContext):
        raise EncoderFailed(f"{name} is not a video encoder")
    context.width = settings.width
    context.height = settings.height
    context.pix_fmt = pixel_format
    context.framerate = settings.frame_rate
    context.time_base = 1 / settings.frame_rate
    context.bit_rate = settings.bit_rate_bps
    context.gop_size = GOP_FRAMES_MAX
    context.max_b_frames = 0
    context.colorspace = BT709
    context.color_range = ColorRange.MPEG
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    context.thread_count = settings.threads or min(THREADS_MAX, os.cpu_count() or 1)
    context.options = options
    context.open()
    return context
