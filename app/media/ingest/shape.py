"""What a foreign stream's first keyframe says of it: its size, and whether pictures are reordered.

Decodes that one picture, since the container may say nothing or something wrong.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
from av.video.codeccontext import VideoCodecContext

from app.media.capture.source import FRAME_RATE_DEFAULT, FRAME_RATE_MAX
from app.media.errors import SourceUnsupported
from app.media.ingest.arrivals import ArrivedPicture, StreamShape

if TYPE_CHECKING:
    from app.media.flv.bitstream import Codec

DECODERS: Final = {"h264": "h264", "h265": "hevc"}
PIXELS_MAX: Final = 4096 * 2304


def open_decoder(codec: Codec) -> VideoCodecContext:
    """For Annex B, bounded in what a picture may measure. Raises SourceUnsupported."""
    context = av.CodecContext.create(DECODERS[codec], "r")
    if not isinstance(context, VideoCodecContext):
        raise SourceUnsupported(f"there is no decoder for {codec}")
    context.options = {"max_pixels": str(PIXELS_MAX)}
    context.thread_type = "SLICE"
    context.thread_count = 2
    context.open()
    return context


def find_shape(
    codec: Codec, keyframe: ArrivedPicture, *, frame_rate: float, has_sound: bool
) -> StreamShape:
    """`frame_rate` as the sender told it, 0 when it did not. Raises SourceUnsupported."""
    context = open_decoder(codec)
    try:
        pictures = [*context.decode(av.Packet(keyframe.payload)), *context.decode(None)]
    except (av.FFmpegError, ValueError) as error:
        raise SourceUnsupported(f"the first picture cannot be decoded: {error}") from None
    if not pictures:
        raise SourceUnsupported("the first picture cannot be decoded")
    rate = Fraction(frame_rate).limit_denominator(1001) if frame_rate > 0 else FRAME_RATE_DEFAULT
    return StreamShape(
        codec=codec,
        width=pictures[0].width,
        height=pictures[0].height,
        frame_rate=min(max(rate, Fraction(1)), FRAME_RATE_MAX),
        has_sound=has_sound,
        is_reordered=keyframe.pts_us != keyframe.dts_us or context.has_b_frames,
    )
