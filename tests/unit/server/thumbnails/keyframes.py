"""One real H.264 keyframe."""

from __future__ import annotations

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext


def make_keyframe(width: int, height: int) -> bytes:
    """Annex B with its parameter sets: left half black, right half white."""
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency"}
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, width // 2 :] = 255
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])
