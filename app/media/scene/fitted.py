"""One item, scaled, cropped, mirrored and filtered: planes that only have to be copied."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from app.media.picture import PIXEL_FORMAT, Plane, planes_of
from app.media.scene.filters_on_demand import load_filter
from app.media.scene.picture_fitter import PictureFitter, inner_size
from app.media.scene.scene_item import FilterName, PixelBox, SceneItem

if TYPE_CHECKING:
    from app.media.capture.source import VideoFrame
    from app.media.scene.filters_on_demand import PictureFilter

_SWS_BT709: Final = 1
_SCALING: Final = Interpolation.BILINEAR
"""Half the time of BICUBIC; the scene is scaled 30 times a second for each of its sources."""

_COST_SHARE: Final = 0.1
"""Weight of the newest measurement in a filter's running cost."""


def _now_ms() -> float:
    return time.perf_counter() * 1000


@dataclass(frozen=True, slots=True)
class Fitted:
    """Where it goes and what it is made of. Read only."""

    box: PixelBox
    planes: tuple[Plane, Plane, Plane]
    alpha: Plane | None
    image: av.VideoFrame | None
    """Set when the whole picture is this frame as it came."""


class ItemFitter:
    """Keeps one item's scaler, filters and newest result; belongs to the composing thread."""

    def __init__(self, measure_ms: Callable[[], float] = _now_ms) -> None:
        self._measure_ms = measure_ms
        self._scaler = VideoReformatter()
        self._back = VideoReformatter()
        self._fitter: PictureFitter | None = None
        self._filters: dict[FilterName, PictureFilter] = {}
        self._source: object = None
        self._asked: tuple[SceneItem, PixelBox] | None = None
        self._fitted: Fitted | None = None
        self.cost_ms: dict[FilterName, float] = {}

    def fit(self, item: SceneItem, picture: VideoFrame, box: PixelBox) -> Fitted:
        """The same object as before while neither picture nor place has changed."""
        if self._fitted is None or self._source is not picture.image or self._asked != (item, box):
            self._fitted = self._make(item, picture, box)
            self._source, self._asked = picture.image, (item, box)
        return self._fitted

    def _make(self, item: SceneItem, picture: VideoFrame, box: PixelBox) -> Fitted:
        image, crop = picture.image, item.crop.clamped()
        left_share, top_share = crop.left, crop.top
        kept_x = 1 - crop.left - crop.right
        kept_y = 1 - crop.top - crop.bottom
        width, height = inner_size(
            max(2, round(image.width * kept_x)),
            max(2, round(image.height * kept_y)),
            box.width,
            box.height,
            picture.pixel_shape,
        )
        whole = _even(width / kept_x), _even(height / kept_y)
        inner = PixelBox(
            box.left + (box.width - width) // 4 * 2,
            box.top + (box.height - height) // 4 * 2,
            width,
            height,
        )
        if not item.filters and not _has_alpha(picture):
            return self._scale(item, picture, inner, whole, (left_share, top_share))
        return self._filter(item, picture, inner, whole, (left_share, top_share))

    def _scale(
        self,
        item: SceneItem,
        picture: VideoFrame,
        inner: PixelBox,
        whole: tuple[int, int],
        cut: tuple[float, float],
    ) -> Fitted:
        if self._fitter is None or (self._fitter.width, self._fitter.height) != whole:
            self._fitter = PictureFitter(*whole, interpolation=_SCALING)
        # The box has the picture's shape already: no bars are left for the fitter to draw.
        shape = _square(picture, whole)
        scaled = self._fitter.fit(picture.image, shape)
        planes = _cut(planes_of(scaled), inner, cut, whole)
        if item.mirror:
            planes = planes[0][:, ::-1], planes[1][:, ::-1], planes[2][:, ::-1]
        is_whole = whole == (inner.width, inner.height) and not item.mirror
        return Fitted(inner, planes, None, scaled if is_whole else None)

    def _filter(
        self,
        item: SceneItem,
        picture: VideoFrame,
        inner: PixelBox,
        whole: tuple[int, int],
        cut: tuple[float, float],
    ) -> Fitted:
        has_alpha = _has_alpha(picture)
        scaled = self._scaler.reformat(
            picture.image,
            width=whole[0],
            height=whole[1],
            format="bgra" if has_alpha else "bgr24",
            interpolation=_SCALING,
        ).to_ndarray()
        left, top = _even_down(cut[0] * whole[0]), _even_down(cut[1] * whole[1])
        pixels = scaled[top : top + inner.height, left : left + inner.width]
        if item.mirror:
            pixels = pixels[:, ::-1]
        alpha = np.ascontiguousarray(pixels[..., 3], np.uint8) if has_alpha else None
        colours = np.ascontiguousarray(pixels[..., :3], np.uint8)
        for name in item.filters:
            begun_ms = self._measure_ms()
            colours, new_alpha = self._access_filter(name).apply(colours)
            alpha = new_alpha if new_alpha is not None else alpha
            self._note_cost(name, self._measure_ms() - begun_ms)
        frame = self._back.reformat(
            av.VideoFrame.from_ndarray(np.ascontiguousarray(colours), "bgr24"),
            format=PIXEL_FORMAT,
            dst_colorspace=_SWS_BT709,
            dst_color_range=ColorRange.MPEG,
        )
        # The planes are views: the frame lives as long as they do.
        return Fitted(inner, planes_of(frame), alpha, None)

    def _access_filter(self, name: FilterName) -> PictureFilter:
        if name not in self._filters:
            self._filters[name] = load_filter(name)
        return self._filters[name]

    def _note_cost(self, name: FilterName, cost_ms: float) -> None:
        before = self.cost_ms.get(name, cost_ms)
        self.cost_ms = {**self.cost_ms, name: before + (cost_ms - before) * _COST_SHARE}


def _has_alpha(picture: VideoFrame) -> bool:
    return picture.image.format.name in {"rgba", "bgra", "argb", "abgr", "yuva420p"}


def _square(picture: VideoFrame, whole: tuple[int, int]) -> Fraction:
    """The pixel shape under which the picture fills `whole` exactly."""
    return Fraction(whole[0] * picture.image.height, whole[1] * picture.image.width)


def _cut(
    planes: tuple[Plane, Plane, Plane],
    inner: PixelBox,
    cut: tuple[float, float],
    whole: tuple[int, int],
) -> tuple[Plane, Plane, Plane]:
    left, top = _even_down(cut[0] * whole[0]), _even_down(cut[1] * whole[1])
    left, top = min(left, whole[0] - inner.width), min(top, whole[1] - inner.height)
    right, bottom = left + inner.width, top + inner.height
    y, u, v = planes
    half = slice(top // 2, bottom // 2), slice(left // 2, right // 2)
    return y[top:bottom, left:right], u[half], v[half]


def _even(value: float) -> int:
    return max(2, round(value / 2) * 2)


def _even_down(value: float) -> int:
    return int(value) // 2 * 2
