"""Small media files that tests write, and readers of what a pipeline sends."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from app.media.capture.test_card import TestCard
from app.media.capture.test_tone import make_tone
from app.media.picture import planes_of

if TYPE_CHECKING:
    from wire.media_packet import MediaPacket

WIDTH, HEIGHT = 320, 180


def write_clip(
    path: Path,
    *,
    seconds: float = 1.0,
    frame_rate: int = 25,
    sample_rate_hz: int = 48_000,
    sound_seconds: float | None = None,
    format_name: str | None = None,
) -> Path:
    """A test card and a tone as H.264 and AAC; `sound_seconds` None is as long as the picture."""
    sound_s = seconds if sound_seconds is None else sound_seconds
    card = TestCard(WIDTH, HEIGHT)
    with av.open(path, "w", format=format_name) as container:
        video = container.add_stream("libx264", rate=frame_rate)
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.gop_size = 12
        video.options = {"preset": "ultrafast"}
        audio = container.add_stream("aac", rate=sample_rate_hz) if sound_s else None
        for number in range(round(seconds * frame_rate)):
            frame = card.draw(frame_number=number, captured_at_unix_us=number)
            frame.pts, frame.time_base = number, Fraction(1, frame_rate)
            container.mux(video.encode(frame))
            if isinstance(audio, AudioStream):
                _write_sound(container, audio, number, frame_rate, sample_rate_hz, sound_s)
        container.mux(video.encode(None))
        if isinstance(audio, AudioStream):
            container.mux(audio.encode(None))
    return path


def _write_sound(
    container: av.container.OutputContainer,
    audio: AudioStream,
    number: int,
    frame_rate: int,
    sample_rate_hz: int,
    seconds: float,
) -> None:
    first, last = (
        min(round(index * sample_rate_hz / frame_rate), round(seconds * sample_rate_hz))
        for index in (number, number + 1)
    )
    if first == last:
        return
    tone = make_tone(round(first * 48_000 / sample_rate_hz), 4_000)
    places = np.arange(last - first) * (48_000 / sample_rate_hz)
    samples = tone[np.rint(places).astype(int)].T
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(samples), format="fltp", layout="stereo"
    )
    frame.sample_rate, frame.pts, frame.time_base = (
        sample_rate_hz,
        first,
        Fraction(1, sample_rate_hz),
    )
    container.mux(audio.encode(frame))


def decode_video(packets: Sequence[MediaPacket], codec: str = "h264") -> list[av.VideoFrame]:
    """All pictures of one layer's packets, in order."""
    context = av.CodecContext.create({"h265": "hevc"}.get(codec, codec), "r")
    context.thread_count = 1
    frames = [frame for packet in packets for frame in context.decode(av.Packet(packet.payload))]
    return [*frames, *context.decode(None)]


def decode_sound(payloads: Sequence[bytes]) -> npt.NDArray[np.float32]:
    """The samples of Opus packets, shape (n, 2)."""
    context = av.CodecContext.create("opus", "r")
    context.sample_rate = 48_000
    context.layout = "stereo"
    blocks = [
        frame.to_ndarray().T for payload in payloads for frame in context.decode(av.Packet(payload))
    ]
    return np.concatenate(blocks)


def luma(frame: av.VideoFrame) -> npt.NDArray[np.uint8]:
    return planes_of(frame)[0]


def psnr_db(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    error = np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1e-9)))
