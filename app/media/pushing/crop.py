"""The middle of the picture in another shape, for services that want it so: one encoder a shape,
whatever the number of services, and none where nobody asks.
"""

from __future__ import annotations

import contextlib
import threading
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
from av.filter import Graph

from app.media.capture.source import FRAME_RATE_DEFAULT, FRAME_RATE_MAX, VideoFrame
from app.media.clock import MediaClock
from app.media.encode.keyframe_schedule import KeyframeSchedule
from app.media.encode.layer_encoder import LayerEncoder
from app.media.encode.layers import LayerSpec
from app.media.encode.probing import AUTO, list_candidates
from app.media.encode.video_encoder import EncoderSettings

if TYPE_CHECKING:
    from app.media.events import PipelineEvent
    from app.media.pushing.fan import PushFan
    from app.settings import Crop
    from wire.media_packet import MediaPacket
    from wire.tracks import TrackInfo

_SIZES: Final[dict[Crop, tuple[int, int]]] = {"16:9": (1280, 720), "9:16": (540, 960)}
_RATES_BPS: Final[dict[Crop, int]] = {"16:9": 2_500_000, "9:16": 1_800_000}


def crop_size(crop: Crop) -> tuple[int, int]:
    return _SIZES[crop]


class Cropper:
    """Cuts the middle out of pictures; moves pointers, copies nothing. One thread."""

    def __init__(self, crop: Crop) -> None:
        width, height = _SIZES[crop]
        self._aspect = Fraction(width, height)
        self._graph: Graph | None = None
        self._shape: tuple[object, ...] = ()

    def cut(self, frame: VideoFrame) -> VideoFrame:
        image = frame.image
        width, height = self._inner_size(image, frame.pixel_shape)
        if (width, height) == (image.width, image.height):
            return frame
        shape = (image.width, image.height, image.format.name, width, height)
        if self._graph is None or shape != self._shape:
            self._graph, self._shape = _make_graph(image, width, height), shape
        self._graph.push(image)
        cut = self._graph.pull()
        assert isinstance(cut, av.VideoFrame)  # noqa: S101 # the sink is one of video
        return VideoFrame(cut, frame.pts_us, frame.pixel_shape)

    def _inner_size(self, image: av.VideoFrame, pixel_shape: Fraction) -> tuple[int, int]:
        """Even sides: colour has half the resolution."""
        aspect = self._aspect / pixel_shape
        if Fraction(image.width, image.height) > aspect:
            return int(image.height * aspect) // 2 * 2, image.height
        return image.width, int(image.width / aspect) // 2 * 2


class CropEncoders:
    """`push` comes on the source's thread; `use` blocks while an encoder is opened."""

    def __init__(self, fan: PushFan) -> None:
        self._fan = fan
        self._lock = threading.Lock()
        self._frame_rate = FRAME_RATE_DEFAULT
        self._works: dict[Crop, _Work] = {}

    def begin(self, tracks: tuple[TrackInfo, ...]) -> None:
        rates = [track.frame_rate for track in tracks if track.kind == "video"]
        if rates:
            rate = Fraction(max(rates)).limit_denominator(1001)
            self._frame_rate = min(rate, FRAME_RATE_MAX)

    def use(self, crop: Crop) -> None:
        """Encode this shape from now on. Raises MediaError."""
        with self._lock:
            if crop not in self._works:
                work = _Work(crop, self._frame_rate, self._fan)
                self._works = {**self._works, crop: work}
                self._fan.use_encoder(work.request_keyframe, crop)

    def push(self, frame: VideoFrame) -> None:
        for crop, work in self._works.items():
            if self._fan.has_outlets(crop):
                work.push(frame)

    def stop(self) -> None:
        with self._lock:
            works, self._works = self._works, {}
        for work in works.values():
            work.stop()


class _Work:
    """One shape's encoder."""

    def __init__(self, crop: Crop, frame_rate: Fraction, fan: PushFan) -> None:
        width, height = _SIZES[crop]
        spec = LayerSpec(0, crop, width, height, _RATES_BPS[crop])
        settings = EncoderSettings(
            codec="h264",
            width=width,
            height=height,
            frame_rate=frame_rate,
            bit_rate_bps=spec.bit_rate_bps,
        )

        def on_packet(packet: MediaPacket) -> None:
            fan.push_cropped(crop, packet)

        self._cropper = Cropper(crop)
        self._schedule = KeyframeSchedule()
        self._encoder = LayerEncoder(
            spec,
            settings,
            list_candidates("h264", AUTO),
            clock=MediaClock(),
            on_packet=on_packet,
            on_event=_ignore,
        )
        self._encoder.start()

    def request_keyframe(self, _layer: int) -> None:
        self._schedule.request()

    def push(self, frame: VideoFrame) -> None:
        # A picture that cannot be cut is left out: the room must not feel it.
        with contextlib.suppress(av.FFmpegError, ValueError):
            cut = self._cropper.cut(frame)
            self._encoder.push(cut, is_keyframe=self._schedule.is_due(frame.pts_us))

    def stop(self) -> None:
        self._encoder.stop()


def _make_graph(image: av.VideoFrame, width: int, height: int) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=image.width,
        height=image.height,
        format=image.format,
        time_base=image.time_base or Fraction(1, 1_000_000),
    )
    cut = graph.add("crop", f"{width}:{height}")
    sink = graph.add("buffersink")
    source.link_to(cut)
    cut.link_to(sink)
    graph.configure()
    return graph


def _ignore(_event: PipelineEvent) -> None:
    """A lost encoder shows as a target without pictures."""
