"""The picture that goes out, put together from items.

Planes are copied, not converted: an item is scaled once for each of its pictures, and what lies
under an item that covers everything is not touched. A picture that is whole as it comes is handed
on without a copy; when nothing has changed the last picture is given again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import av
import numpy as np

from app.media.picture import BLACK, NEUTRAL, PIXEL_FORMAT, Plane, planes_of, tag_bt709
from app.media.scene.fitted import Fitted, ItemFitter
from app.media.scene.scene_item import (
    CANVAS_HEIGHT,
    CANVAS_WIDTH,
    FilterName,
    SceneItem,
    box_in_pixels,
)

if TYPE_CHECKING:
    from app.media.capture.source import VideoFrame


class Compositor:
    """Belongs to one thread. The frames that it returns are never changed afterwards."""

    def __init__(self, width: int = CANVAS_WIDTH, height: int = CANVAS_HEIGHT) -> None:
        self.width = width
        self.height = height
        self._fitters: dict[tuple[str, int], ItemFitter] = {}
        self._shown: tuple[Fitted, ...] | None = None
        self._last: av.VideoFrame | None = None

    def compose(
        self, items: Sequence[SceneItem], pictures: Mapping[str, VideoFrame]
    ) -> av.VideoFrame:
        """Items whose source has given no picture yet are left out."""
        fitted = self._uncovered(self._fit_all(items, pictures))
        same = self._shown is not None and len(fitted) == len(self._shown)
        if same and self._last is not None and self._shown is not None:
            same = all(one is other for one, other in zip(fitted, self._shown, strict=True))
            if same:
                return self._last
        self._shown = fitted
        self._last = self._draw(fitted)
        return self._last

    def costs_ms(self) -> dict[tuple[str, FilterName], float]:
        """What each filter takes for a picture, by source and filter. Any thread."""
        return {
            (key, name): cost
            for (key, _), fitter in list(self._fitters.items())
            for name, cost in fitter.cost_ms.items()
        }

    def _fit_all(
        self, items: Sequence[SceneItem], pictures: Mapping[str, VideoFrame]
    ) -> tuple[Fitted, ...]:
        fitted: list[Fitted] = []
        used: set[tuple[str, int]] = set()
        seen: dict[str, int] = {}
        for item in items:
            picture = pictures.get(item.key)
            if picture is None:
                continue
            place = item.key, seen.get(item.key, 0)
            seen[item.key] = place[1] + 1
            used.add(place)
            if place not in self._fitters:
                self._fitters[place] = ItemFitter()
            box = box_in_pixels(item, self.width, self.height)
            fitted.append(self._fitters[place].fit(item, picture, box))
        if len(used) != len(self._fitters):
            self._fitters = {place: self._fitters[place] for place in used}
        return tuple(fitted)

    def _uncovered(self, fitted: tuple[Fitted, ...]) -> tuple[Fitted, ...]:
        for index in range(len(fitted) - 1, 0, -1):
            if self._covers(fitted[index]):
                return fitted[index:]
        return fitted

    def _covers(self, item: Fitted) -> bool:
        size = item.box.width, item.box.height
        return item.alpha is None and size == (self.width, self.height)

    def _draw(self, fitted: tuple[Fitted, ...]) -> av.VideoFrame:
        if len(fitted) == 1 and self._covers(fitted[0]) and fitted[0].image is not None:
            return fitted[0].image
        canvas = av.VideoFrame(self.width, self.height, PIXEL_FORMAT)
        tag_bt709(canvas)
        planes = planes_of(canvas)
        if not fitted or not self._covers(fitted[0]):
            for plane, fill in zip(planes, (BLACK, NEUTRAL, NEUTRAL), strict=True):
                plane[:] = fill
        for item in fitted:
            _put(planes, item)
        return canvas


def _put(planes: tuple[Plane, Plane, Plane], item: Fitted) -> None:
    box = item.box
    for index, (plane, part) in enumerate(zip(planes, item.planes, strict=True)):
        step = 2 if index else 1
        top, left = box.top // step, box.left // step
        target = plane[top : top + part.shape[0], left : left + part.shape[1]]
        part = part[: target.shape[0], : target.shape[1]]  # noqa: PLW2901 # never past the edge
        if item.alpha is None:
            target[:] = part
            continue
        weight = item.alpha[::step, ::step][: part.shape[0], : part.shape[1]].astype(np.uint16)
        weight += weight >> 7  # 255 is wholly there
        target[:] = (target * (256 - weight) + part * weight) >> 8
