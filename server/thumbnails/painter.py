"""The process that decodes: one keyframe in, one JPEG out, over its standard streams.

It is the only place of the relay where a stranger's pictures meet a decoder. It holds no secret,
opens no file and no socket, and whatever becomes of it costs a thumbnail and no more.

A request is the codec's number (u8), the length (u32, big-endian) and the keyframe in Annex B; the
answer is a length and a JPEG, or a length of 0 where there is no picture to be had.
"""

from __future__ import annotations

import os
import struct
import sys
from typing import TYPE_CHECKING, BinaryIO, Final

import av
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace

from server.thumbnails.rules import CODEC_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

REQUEST: Final = struct.Struct(">BI")
ANSWER: Final = struct.Struct(">I")
_DECODERS: Final = {
    CODEC_NUMBERS["h264"]: "h264",
    CODEC_NUMBERS["h265"]: "hevc",
    CODEC_NUMBERS["av1"]: "libdav1d",
}
WIDTH_MAX: Final = 480
HEIGHT_MAX: Final = 270
PIXELS_MAX: Final = 4096 * 2304
QUALITY: Final = 5
"""Of mjpeg's scale from 2, best, to 31."""
_NICENESS: Final = 10


def main() -> int:
    """Serve requests until standard input ends."""
    if sys.platform != "win32":
        os.nice(_NICENESS)
    serve(sys.stdin.buffer, sys.stdout.buffer)
    return 0


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        codec, length = REQUEST.unpack(head)
        keyframe = requests.read(length)
        if len(keyframe) < length:
            return
        jpeg = paint(codec, keyframe)
        answers.write(ANSWER.pack(len(jpeg)) + jpeg)
        answers.flush()


def paint(codec: int, keyframe: bytes) -> bytes:
    """The JPEG of a keyframe; empty where it cannot be decoded."""
    try:
        frames = _decode(codec, keyframe)
        return _encode(frames[0]) if frames else b""
    except (FFmpegError, ValueError, KeyError, MemoryError, EOFError):
        return b""


def _decode(codec: int, keyframe: bytes) -> Sequence[av.VideoFrame]:
    context = av.CodecContext.create(_DECODERS[codec], "r")
    if not isinstance(context, VideoCodecContext):
        return []
    context.options = {"max_pixels": str(PIXELS_MAX)}
    context.thread_count = 1
    context.open()
    frames = context.decode(av.Packet(keyframe))
    return frames or context.decode(None)


def _encode(frame: av.VideoFrame) -> bytes:
    scale = min(WIDTH_MAX / frame.width, HEIGHT_MAX / frame.height, 1.0)
    # Even sides: the colour of two neighbours is one value.
    width = max(2, int(frame.width * scale) // 2 * 2)
    height = max(2, int(frame.height * scale) // 2 * 2)
    # JFIF says BT.601 and full range, whatever the broadcast has.
    small = frame.reformat(
        width=width,
        height=height,
        format="yuvj420p",
        dst_colorspace=Colorspace.ITU601,
        dst_color_range=ColorRange.JPEG,
    )
    encoder = av.CodecContext.create("mjpeg", "w")
    if not isinstance(encoder, VideoCodecContext):
        return b""
    encoder.width, encoder.height = width, height
    encoder.pix_fmt = "yuvj420p"
    encoder.options = {"qmin": str(QUALITY), "qmax": str(QUALITY)}
    small.pts = None
    packets = [*encoder.encode(small), *encoder.encode(None)]
    return b"".join(bytes(packet) for packet in packets)


if __name__ == "__main__":
    sys.exit(main())
