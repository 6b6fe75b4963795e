"""What stands where in the picture that goes out: frozen descriptions, made by others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

CANVAS_WIDTH: Final = 1280
CANVAS_HEIGHT: Final = 720
CANVAS_RATE: Final = Fraction(30)
ITEMS_MAX: Final = 16
CROP_MAX: Final = 0.45
"""Of a side: something is always left."""


class FilterName(StrEnum):
    SKIN = "skin"
    CHROMA_KEY = "chroma_key"
    BACKGROUND_BLUR = "background_blur"


@dataclass(frozen=True, slots=True)
class Crop:
    """Shares of the source's own width and height that are cut off."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    def clamped(self) -> Crop:
        sides = (self.left, self.top, self.right, self.bottom)
        return Crop(*(min(CROP_MAX, max(0.0, side)) for side in sides))


@dataclass(frozen=True, slots=True)
class SceneItem:
    """One source in the picture. Items stand in drawing order, the lowest first."""

    key: str
    """Of the source, as the scene was told."""
    x: float
    y: float
    width: float
    height: float
    """The box, in shares of the canvas. The source is fitted into it in its own shape."""
    mirror: bool = False
    crop: Crop = Crop()
    filters: tuple[FilterName, ...] = ()


@dataclass(frozen=True, slots=True)
class PixelBox:
    """Even numbers, inside the canvas."""

    left: int
    top: int
    width: int
    height: int


def box_in_pixels(item: SceneItem, canvas_width: int, canvas_height: int) -> PixelBox:
    """The item's box on the canvas: even, at least 2x2, cut at the canvas's edges."""

    def even(value: float, most: int) -> int:
        return min(most, max(0, round(value / 2) * 2))

    left = even(item.x * canvas_width, canvas_width - 2)
    top = even(item.y * canvas_height, canvas_height - 2)
    right = even((item.x + item.width) * canvas_width, canvas_width)
    bottom = even((item.y + item.height) * canvas_height, canvas_height)
    return PixelBox(left, top, max(2, right - left), max(2, bottom - top))
