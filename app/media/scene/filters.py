"""Picture filters by OpenCV, and what each costs.

Loaded only when a filter is wanted: OpenCV takes a quarter of a second to import. There is no
person-finding model in this program, so the background is told from the person by what moves and
by where people sit: a soft oval in the lower middle. It says so where it is switched on.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import numpy.typing as npt

from app.media.capture.opencv import unset_qt_paths
from app.media.scene.scene_item import FilterName

if TYPE_CHECKING:
    from app.media.scene.filters_on_demand import PictureFilter

unset_qt_paths(os.environ, Path(cv2.__file__).parent)

Bgr = npt.NDArray[np.uint8]
Alpha = npt.NDArray[np.uint8]

GREEN_HUE: Final = 60
"""OpenCV counts hue to 180."""
HUE_TOLERANCE: Final = 22
SKIN_SHARE: Final = 0.7
"""How much of the softened picture skin gets: all of it looks like wax."""
_SMALL: Final = 4
"""Masks and blurs are worked out at a quarter of each side: nobody sees the difference."""


def make_filter(name: FilterName) -> PictureFilter:
    filters: dict[FilterName, type[PictureFilter]] = {
        FilterName.SKIN: SkinSmoothing,
        FilterName.CHROMA_KEY: ChromaKey,
        FilterName.BACKGROUND_BLUR: BackgroundBlur,
    }
    return filters[name]()


class SkinSmoothing:
    """Softens what has the colour of skin, whatever its shade; edges and all else stay."""

    def apply(self, picture: Bgr) -> tuple[Bgr, Alpha | None]:
        height, width = picture.shape[:2]
        size = (max(8, width * 2 // 5), max(8, height * 2 // 5))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
        soft = cv2.bilateralFilter(small, 5, 36, 4)
        colour = cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb)
        lowest = np.array((30, 133, 77), np.uint8)
        highest = np.array((255, 180, 135), np.uint8)
        skin = cv2.blur(cv2.inRange(colour, lowest, highest), (9, 9))
        share = skin.astype(np.float32) * (SKIN_SHARE / 255)
        return _blend(cv2.resize(soft, (width, height)), picture, share), None


class ChromaKey:
    """Makes a green cloth transparent and takes its shine off what is left."""

    def apply(self, picture: Bgr) -> tuple[Bgr, Alpha | None]:
        hsv = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
        lowest = np.array((GREEN_HUE - HUE_TOLERANCE, 70, 50), np.uint8)
        highest = np.array((GREEN_HUE + HUE_TOLERANCE, 255, 255), np.uint8)
        cloth = cv2.inRange(hsv, lowest, highest)
        alpha = cv2.bitwise_not(cv2.blur(cv2.dilate(cloth, np.ones((3, 3), np.uint8)), (3, 3)))
        blue, green, red = cv2.split(picture)
        calm = cv2.min(green, cv2.max(blue, red))
        palest, deepest = np.array((35, 40, 0), np.uint8), np.array((85, 255, 255), np.uint8)
        spill = cv2.inRange(hsv, palest, deepest)
        cv2.copyTo(calm, spill, green)
        return np.asarray(cv2.merge((blue, green, red)), np.uint8), np.asarray(alpha, np.uint8)


class BackgroundBlur:
    """Blurs all but the middle where a person sits and what has moved lately."""

    def __init__(self) -> None:
        self._moves = cv2.createBackgroundSubtractorMOG2(240, 24, False)
        self._mask: npt.NDArray[np.float32] | None = None

    def apply(self, picture: Bgr) -> tuple[Bgr, Alpha | None]:
        height, width = picture.shape[:2]
        size = (max(8, width // _SMALL), max(8, height // _SMALL))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        moving = cv2.morphologyEx(
            self._moves.apply(small), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)
        )
        wanted = np.maximum(_portrait(*size), moving.astype(np.float32) / 255 * _reach(*size))
        if self._mask is None or self._mask.shape != wanted.shape:
            self._mask = wanted
        self._mask = np.asarray(self._mask * 0.85 + wanted * 0.15, np.float32)
        mask = cv2.GaussianBlur(self._mask, (15, 15), 0)
        soft = cv2.resize(cv2.GaussianBlur(small, (0, 0), 4), (width, height))
        return _blend(picture, soft, mask), None


def _blend(one: cv2.typing.MatLike, other: cv2.typing.MatLike, share: cv2.typing.MatLike) -> Bgr:
    """`share` of one and the rest of the other; the share may be smaller than the pictures."""
    full = cv2.resize(share, (one.shape[1], one.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.blendLinear(one, other, full, 1.0 - full), np.uint8)


def _portrait(width: int, height: int) -> npt.NDArray[np.float32]:
    """1 where a person in front of a camera usually is."""
    canvas = np.zeros((height, width), np.float32)
    head = (width // 2, int(height * 0.42)), (int(width * 0.14), int(height * 0.32))
    body = (width // 2, int(height * 1.08)), (int(width * 0.3), int(height * 0.5))
    for centre, axes in (head, body):
        cv2.ellipse(canvas, centre, axes, 0, 0, 360, 1.0, -1)
    return canvas


def _reach(width: int, height: int) -> npt.NDArray[np.float32]:
    """How far from the middle a movement still counts as the person's."""
    canvas = np.zeros((height, width), np.float32)
    cv2.ellipse(canvas, (width // 2, height // 2), (int(width * 0.36), height), 0, 0, 360, 1.0, -1)
    return canvas
