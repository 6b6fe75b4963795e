"""Decoded pictures in the form in which a window paints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import av
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE_MAX: Final = 4096
DecodedFrame = av.VideoFrame


def to_bgra(frame: av.VideoFrame, *, width_max: int, height_max: int) -> NDArray[np.uint8]:
    """Shape (height, width, 4), contiguous, no larger than the bounds, in the picture's shape.

    Scaled and converted in one pass, on the calling thread.
    """
    scale = min(width_max / frame.width, height_max / frame.height, 1.0)
    width = min(max(2, int(frame.width * scale)), SIDE_MAX)
    height = min(max(2, int(frame.height * scale)), SIDE_MAX)
    scaled = frame.reformat(width=width, height=height, format="bgra")
    return np.ascontiguousarray(scaled.to_ndarray(), dtype=np.uint8)
