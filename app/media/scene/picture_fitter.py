"""Fits a picture to a layer: size, black bars where the shapes differ, BT.709 limited colour."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import av
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from app.media.picture import BLACK, BT709, NEUTRAL, PIXEL_FORMAT, planes_of, tag_bt709

_COLORSPACE_UNSPECIFIED: Final = 2
_BT601: Final = frozenset({4, 5, 6})
"""AVCOL_SPC_FCC, BT470BG and SMPTE170M: one matrix but for the last digit."""

_SWS_BT709: Final = 1
_SWS_BT601: Final = 5
_HEIGHT_HD: Final = 720
"""Untagged video of this height and more is BT.709, below BT.601: what players assume."""

_FULL_RANGE_PREFIX: Final = "yuvj"
_SHAPE_TOLERANCE: Final = 2
"""Pixels by which a scaled picture may miss the layer's edge before it gets bars."""


class PictureFitter:
    """One layer's fitter. Keeps its scaler's tables, so it belongs to one thread."""

    def __init__(
        self,
        width: int,
        height: int,
        interpolation: Interpolation = Interpolation.BICUBIC,
    ) -> None:
        self._interpolation = interpolation
        self.width = width
        self.height = height
        self._reformatter = VideoReformatter()

    def fit(self, image: av.VideoFrame, pixel_shape: Fraction = Fraction(1)) -> av.VideoFrame:
        """A yuv420p picture of the layer's size: `image` itself when it is one already.

        `pixel_shape` is the width of a pixel of `image` over its height.
        """
        if pixel_shape == 1 and self._is_ready(image):
            return image
        width, height = inner_size(image.width, image.height, self.width, self.height, pixel_shape)
        scaled = self._reformatter.reformat(
            image,
            width=width,
            height=height,
            format=PIXEL_FORMAT,
            src_colorspace=_source_matrix(image),
            dst_colorspace=_SWS_BT709,
            src_color_range=_source_range(image),
            dst_color_range=ColorRange.MPEG,
            interpolation=self._interpolation,
        )
        tag_bt709(scaled)
        if (width, height) == (self.width, self.height):
            return scaled
        return self._frame_with_bars(scaled)

    def _is_ready(self, image: av.VideoFrame) -> bool:
        return (
            image.format.name == PIXEL_FORMAT
            and (image.width, image.height) == (self.width, self.height)
            and _source_matrix(image) == _SWS_BT709
            and _source_range(image) == ColorRange.MPEG
        )

    def _frame_with_bars(self, scaled: av.VideoFrame) -> av.VideoFrame:
        canvas = av.VideoFrame(self.width, self.height, PIXEL_FORMAT)
        tag_bt709(canvas)
        left = (self.width - scaled.width) // 4 * 2
        top = (self.height - scaled.height) // 4 * 2
        inner = planes_of(scaled)
        for index, plane in enumerate(planes_of(canvas)):
            step = 2 if index else 1
            rows, columns = inner[index].shape
            y, x = top // step, left // step
            fill = NEUTRAL if index else BLACK
            plane[:y] = fill
            plane[y + rows :] = fill
            plane[y : y + rows, :x] = fill
            plane[y : y + rows, x + columns :] = fill
            plane[y : y + rows, x : x + columns] = inner[index]
        return canvas


def inner_size(
    source_width: int,
    source_height: int,
    width: int,
    height: int,
    pixel_shape: Fraction = Fraction(1),
) -> tuple[int, int]:
    """The largest even size of the source's shape inside width x height."""
    shape = Fraction(source_width, source_height) * pixel_shape
    fitted_width = min(width, max(2, round(height * shape / 2) * 2))
    fitted_height = min(height, max(2, round(width / shape / 2) * 2))
    if fitted_width >= width - _SHAPE_TOLERANCE and fitted_height >= height - _SHAPE_TOLERANCE:
        return width, height
    if fitted_width < width:
        return fitted_width, height
    return width, fitted_height


def _source_matrix(image: av.VideoFrame) -> int:
    if image.colorspace in _BT601:
        return _SWS_BT601
    if image.colorspace == _COLORSPACE_UNSPECIFIED and image.height < _HEIGHT_HD:
        return _SWS_BT601 if image.format.name.startswith(("yuv", "nv")) else _SWS_BT709
    return _SWS_BT709 if image.colorspace in {BT709, _COLORSPACE_UNSPECIFIED} else image.colorspace


def _source_range(image: av.VideoFrame) -> int:
    if image.color_range in {ColorRange.MPEG, ColorRange.JPEG}:
        return image.color_range
    is_full = image.format.name.startswith(_FULL_RANGE_PREFIX) or image.format.is_rgb
    return ColorRange.JPEG if is_full else ColorRange.MPEG
