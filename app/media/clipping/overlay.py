"""Small pictures with transparency on a picture of video. Only what they cover is changed."""

from __future__ import annotations

from typing import Final, NamedTuple

import av
import numpy as np
import numpy.typing as npt

from app.media.picture import PIXEL_FORMAT, planes_of

Pixels = npt.NDArray[np.uint8]
"""RGBA of shape (height, width, 4), the colours multiplied by alpha already."""
_Plane = npt.NDArray[np.float32]
_BT601: Final = (0.299, 0.587, 0.114)
_BT709: Final = (0.2126, 0.7152, 0.0722)
HEIGHT_BT709_MIN: Final = 720
"""Pictures of unknown colours are BT.709 from here on, as players take it."""


class Sprite:
    """A small picture, in planes that can be laid on yuv420p at once. Limited range."""

    def __init__(self, pixels: Pixels, *, is_bt709: bool = True, opacity: float = 1.0) -> None:
        height, width = pixels.shape[0] // 2 * 2, pixels.shape[1] // 2 * 2
        rgba = pixels[:height, :width].astype(np.float32) * np.float32(opacity)
        red, green, blue, alpha = (rgba[..., index] for index in range(4))
        weights = _BT709 if is_bt709 else _BT601
        luma = _sum((red, green, blue), weights)
        cb, cr = (
            _scale(blue - luma, 112 / 255 / (1 - weights[2]), 0),
            _scale(red - luma, 112 / 255 / (1 - weights[0]), 0),
        )
        self.width, self.height = width, height
        self._luma = _sum((luma, alpha), (219 / 255, 16 / 255))
        self._left = _scale(alpha, -1 / 255, 1)
        """What is left of the picture below."""
        self._half_left = _halve(self._left)
        self._cb = _halve(cb) + _scale(self._half_left, -128, 128)
        self._cr = _halve(cr) + _scale(self._half_left, -128, 128)

    @property
    def bytes_held(self) -> int:
        return 2 * self._luma.nbytes + 3 * self._half_left.nbytes

    def lay_on(self, planes: tuple[Pixels, Pixels, Pixels], x: int, y: int) -> None:
        """With its upper left corner at x, y; what is outside of the picture is left out."""
        _blend(planes[0], self._luma, self._left, x, y)
        _blend(planes[1], self._cb, self._half_left, x // 2, y // 2)
        _blend(planes[2], self._cr, self._half_left, x // 2, y // 2)


class Placed(NamedTuple):
    sprite: Sprite
    x: int
    y: int


def lay_over(frame: av.VideoFrame, placed: list[Placed]) -> av.VideoFrame:
    """A picture of its own: what a decoder gave may still be its reference."""
    width, height = frame.width // 2 * 2, frame.height // 2 * 2
    made = av.VideoFrame.from_ndarray(
        frame.to_ndarray(width=width, height=height, format=PIXEL_FORMAT), format=PIXEL_FORMAT
    )
    for one in placed:
        one.sprite.lay_on(planes_of(made), one.x, one.y)
    made.pts, made.time_base = frame.pts, frame.time_base
    made.colorspace, made.color_range = frame.colorspace, frame.color_range
    return made


def is_bt709(colorspace: int, height: int) -> bool:
    """By FFmpeg's number of a matrix; 2 is unknown."""
    return colorspace == 1 or (colorspace not in {5, 6} and height >= HEIGHT_BT709_MIN)


def _sum(planes: tuple[_Plane, ...], weights: tuple[float, ...]) -> _Plane:
    whole = np.zeros_like(planes[0])
    for plane, weight in zip(planes, weights, strict=True):
        whole += plane * np.float32(weight)
    return whole


def _scale(plane: _Plane, factor: float, plus: float) -> _Plane:
    return plane * np.float32(factor) + np.float32(plus)


def _halve(plane: _Plane) -> _Plane:
    height, width = plane.shape
    halved: _Plane = plane.reshape(height // 2, 2, width // 2, 2).mean(
        axis=(1, 3), dtype=np.float32
    )
    return halved


def _blend(plane: Pixels, colors: _Plane, left: _Plane, x: int, y: int) -> None:
    rows, columns = colors.shape
    top, bottom = max(0, y), min(plane.shape[0], y + rows)
    start, end = max(0, x), min(plane.shape[1], x + columns)
    if top >= bottom or start >= end:
        return
    part = (slice(top - y, bottom - y), slice(start - x, end - x))
    below = plane[top:bottom, start:end]
    plane[top:bottom, start:end] = (below * left[part] + colors[part] + 0.5).astype(np.uint8)
