"""Demuxes and decodes one file or address: pictures and sound in the medium's own time.

What does not decode is skipped and told; only an end or a dead connection stops it.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from app.media.capture.source import FRAME_RATE_DEFAULT, SAMPLE_RATE_HZ, Samples
from app.media.errors import SourceNotFound, SourceUnsupported

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.stream import Stream
    from av.video.stream import VideoStream

DECODER_THREADS: Final = 2
ERRORS_IN_A_ROW_MAX: Final = 100
"""A medium that gives nothing but errors for so many packets is treated as over."""

_US: Final = 1_000_000
_RATE_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Picture:
    image: av.VideoFrame
    pts_us: int | None
    """In the medium's own time; None when it does not say."""


@dataclass(frozen=True, slots=True)
class Sound:
    samples: Samples
    pts_us: int | None


class MediaReader:
    """Open once it exists; raises SourceError. All calls from one thread at a time."""

    def __init__(
        self,
        address: str,
        *,
        name: str,
        wants_sound: bool,
        on_damage: Callable[[str], None],
        options: dict[str, str] | None = None,
        timeout_s: tuple[float, float] | None = None,
        is_live: bool = False,
    ) -> None:
        self.name = name
        self._address = address
        self._on_damage = on_damage
        self._options = options or {}
        self._timeout_s = timeout_s
        self._is_live = is_live
        self._wants_sound = wants_sound
        self._packets: Iterator[av.Packet[Stream]]
        self._open()

    @property
    def width(self) -> int:
        return self._video.codec_context.width

    @property
    def height(self) -> int:
        return self._video.codec_context.height

    @property
    def has_sound(self) -> bool:
        return self._audio is not None

    @property
    def has_length(self) -> bool:
        """Whether the medium knows how long it is: then its end is an end and not a cut."""
        return bool(self._container.duration and self._container.duration > 0)

    @property
    def frame_rate(self) -> Fraction:
        """Nominal."""
        rate = self._video.guessed_rate or self._video.average_rate
        return rate if rate and 0 < rate < _RATE_MAX else FRAME_RATE_DEFAULT

    @property
    def pixel_shape(self) -> Fraction:
        shape = self._video.sample_aspect_ratio
        return shape if shape and shape > 0 else Fraction(1)

    def read(self) -> list[Picture | Sound] | None:
        """What the next packet holds, often nothing; None at the end.

        Raises SourceNotFound when the connection or the disk fails.
        """
        try:
            packet = next(self._packets, None)
        except av.InvalidDataError as error:
            self._packets = self._demux()
            return self._skip(error)
        except av.FFmpegError as error:
            raise SourceNotFound(f"{self.name} failed: {_reason(error)}") from error
        if packet is None:
            return None
        try:
            decoded = self._decode(packet)
        except av.FFmpegError as error:
            return self._skip(error)
        if decoded:
            self._errors_in_a_row = 0
        return decoded

    def rewind(self) -> None:
        """Begin again. Raises SourceError when the medium is gone.

        Opens anew: seeking to 0 skips the packet before it from which sound codecs fade in.
        """
        self.close()
        self._open()

    def close(self) -> None:
        self._container.close()

    def _open(self) -> None:
        self._container = _open_container(self._address, self.name, self._options, self._timeout_s)
        try:
            self._choose_streams()
        except BaseException:
            self._container.close()
            raise

    def _choose_streams(self) -> None:
        video = next(iter(self._container.streams.video), None)
        if video is None or not video.codec_context.width:
            raise SourceUnsupported(f"{self.name} holds no picture")
        self._video: VideoStream = video
        self._audio: AudioStream | None = None
        if self._wants_sound:
            self._audio = next(iter(self._container.streams.audio), None)
        context = video.codec_context
        context.thread_count = DECODER_THREADS
        # Frame threads hold pictures back: right for a file, not for a live address.
        context.thread_type = "SLICE" if self._is_live else "AUTO"
        self._resampler = _new_resampler()
        self._packets = self._demux()
        self._errors_in_a_row = 0

    def _demux(self) -> Iterator[av.Packet[Stream]]:
        streams: list[VideoStream | AudioStream] = [self._video]
        if self._audio is not None:
            streams.append(self._audio)
        return self._container.demux(streams)

    def _decode(self, packet: av.Packet[Stream]) -> list[Picture | Sound]:
        items: list[Picture | Sound] = []
        for frame in packet.decode():
            if isinstance(frame, av.VideoFrame):
                if frame.is_corrupt:
                    self._on_damage("a picture is incomplete")
                items.append(Picture(frame, _pts_us(frame.pts, frame.time_base)))
            elif isinstance(frame, AudioFrame):
                items += self._resample(frame)
        if not packet.size and packet.stream is self._audio:
            items += self._resample(None)
        return items

    def _resample(self, frame: AudioFrame | None) -> list[Sound]:
        try:
            resampled = self._resampler.resample(frame)
        except ValueError as error:
            # The sound changed its rate or layout: begin again with the new one.
            self._resampler = _new_resampler()
            if frame is None:
                return []
            self._on_damage(f"the sound changed ({error})")
            resampled = self._resampler.resample(frame)
        return [
            Sound(_samples_of(sound), _pts_us(sound.pts, sound.time_base)) for sound in resampled
        ]

    def _skip(self, error: av.FFmpegError) -> list[Picture | Sound] | None:
        self._errors_in_a_row += 1
        self._on_damage(_reason(error))
        return None if self._errors_in_a_row > ERRORS_IN_A_ROW_MAX else []


def _open_container(
    address: str, name: str, options: dict[str, str], timeout_s: tuple[float, float] | None
) -> InputContainer:
    try:
        return av.open(address, mode="r", options=options, timeout=timeout_s)
    except FileNotFoundError:
        raise SourceNotFound(f"{name} is not there: check how it is written") from None
    except PermissionError:
        raise SourceUnsupported(f"{name} may not be read by this user") from None
    except av.InvalidDataError:
        raise SourceUnsupported(f"{name} is not a media file or stream that can be read") from None
    except (av.FFmpegError, OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.EISDIR:
            raise SourceUnsupported(f"{name} is a folder: name a file") from None
        raise SourceNotFound(f"{name} cannot be opened: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _new_resampler() -> AudioResampler:
    return AudioResampler(format="flt", layout="stereo", rate=SAMPLE_RATE_HZ)


def _samples_of(frame: AudioFrame) -> Samples:
    return np.ascontiguousarray(frame.to_ndarray().reshape(-1, 2), np.float32)


def _pts_us(pts: int | None, time_base: Fraction | None) -> int | None:
    if pts is None or time_base is None:
        return None
    return round(pts * time_base * _US)
