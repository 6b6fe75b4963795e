"""Planes and colour tags of the one picture format that is encoded: yuv420p, BT.709, limited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc

if TYPE_CHECKING:
    import av

PIXEL_FORMAT: Final = "yuv420p"
BLACK: Final = 16
WHITE: Final = 235
NEUTRAL: Final = 128
BT709: Final = 1
"""AVCOL_SPC_BT709, the matrix that frames are tagged with."""

Plane = npt.NDArray[np.uint8]


def planes_of(frame: av.VideoFrame) -> tuple[Plane, Plane, Plane]:
    """The three planes of a yuv420p frame as writable views of shape (rows, columns)."""
    views = []
    for plane in frame.planes:
        lines = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        views.append(lines[: plane.height, : plane.width])
    return views[0], views[1], views[2]


def tag_bt709(frame: av.VideoFrame) -> None:
    """Say of a frame that its samples are BT.709, limited range."""
    frame.colorspace = BT709
    frame.color_range = ColorRange.MPEG
    frame.color_primaries = ColorPrimaries.BT709
    frame.color_trc = ColorTrc.BT709
