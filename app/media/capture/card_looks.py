"""What a test card is painted on: the colour bars, or a small landscape.

Only for people, who tell rooms apart by it: the number, the time and the flash are read from luma
that is drawn over every look alike. Each painter takes the places of the pixels as shares of the
picture, `x` of shape (1, width) and `y` of shape (height, 1), and gives RGB from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from app.media.picture import BLACK, NEUTRAL, WHITE, Plane

Field = npt.NDArray[np.float64]
Colour = tuple[float, float, float]

BARS: Final = "bars"


def paint_look(look: str, width: int, height: int) -> tuple[Plane, Plane, Plane]:
    """The planes of a yuv420p picture. Raises KeyError for an unknown look."""
    x = (np.arange(width) + 0.5)[None, :] / width
    y = (np.arange(height) + 0.5)[:, None] / height
    return _to_planes(_PAINTERS[look](x, y))


def _paint_dusk(x: Field, y: Field) -> Field:
    picture = _fade(x, y / 0.62, (0.20, 0.12, 0.36), (0.98, 0.58, 0.33))
    sun = np.hypot((x - 0.34) * 16 / 9, y - 0.47)
    _lay(picture, sun < 0.11, (1.0, 0.86, 0.55))
    _lay(picture, y > _ridge(x, 0.60, 0.07, 1.3), (0.31, 0.17, 0.36))
    water = _fade(x, (y - 0.62) / 0.38, (0.62, 0.33, 0.38), (0.13, 0.09, 0.25))
    return np.where((y > 0.62)[..., None], water, picture)


def _paint_forest(x: Field, y: Field) -> Field:
    picture = _fade(x, y, (0.80, 0.91, 0.80), (0.55, 0.78, 0.60))
    for step, shade in enumerate(((0.45, 0.68, 0.50), (0.26, 0.51, 0.37), (0.11, 0.32, 0.25))):
        trees = 0.10 * np.abs((x * (9 - 2 * step) + 0.3 * step) % 1 - 0.5)
        _lay(picture, y > _ridge(x, 0.36 + 0.15 * step, 0.05, 2.0 + step) + trees, shade)
    return picture


def _paint_sea(x: Field, y: Field) -> Field:
    picture = _fade(x, y, (0.78, 0.91, 0.98), (0.60, 0.82, 0.95))
    _lay(picture, np.hypot((x - 0.2) * 16 / 9, y - 0.17) < 0.08, (1.0, 0.95, 0.78))
    for step in range(5):
        depth = step / 4
        shade = (0.30 - 0.24 * depth, 0.64 - 0.38 * depth, 0.84 - 0.36 * depth)
        _lay(picture, y > 0.38 + 0.13 * step + 0.025 * np.sin(x * (14 - step) + step * 2), shade)
    return picture


def _paint_night(x: Field, y: Field) -> Field:
    picture = _fade(x, y, (0.04, 0.05, 0.16), (0.16, 0.22, 0.42))
    for number in range(90):
        star_x, star_y = number * 0.618034 % 1, number * 0.754878 % 0.58
        size = 0.0025 + 0.0025 * (number % 3)
        near = np.hypot((x - star_x) * 16 / 9, y - star_y) < size
        _lay(picture, near, (0.90, 0.92, 1.0))
    moon = np.hypot((x - 0.24) * 16 / 9, y - 0.22)
    shadow = np.hypot((x - 0.265) * 16 / 9, y - 0.205)
    _lay(picture, (moon < 0.10) & (shadow > 0.09), (0.98, 0.95, 0.82))
    _lay(picture, y > _ridge(x, 0.62, 0.09, 1.7), (0.05, 0.08, 0.15))
    return picture


def _paint_plum(x: Field, y: Field) -> Field:
    picture = _fade(x, y, (0.97, 0.88, 0.90), (0.90, 0.70, 0.78))
    for number in range(14):
        centre = (number * 0.618034 % 1, 0.05 + number * 0.754878 % 0.72)
        away = np.hypot((x - centre[0]) * 16 / 9, y - centre[1])
        around = np.arctan2(y - centre[1], (x - centre[0]) * 16 / 9)
        petals = (0.055 + 0.02 * (number % 3)) * (0.80 + 0.20 * np.cos(5 * around + number))
        shade = (0.80 - 0.06 * (number % 4), 0.27 + 0.06 * (number % 3), 0.46)
        _lay(picture, away < petals, shade)
        _lay(picture, away < 0.014, (0.99, 0.87, 0.55))
    return picture


_PAINTERS: Final[dict[str, Callable[[Field, Field], Field]]] = {
    "dusk": _paint_dusk,
    "forest": _paint_forest,
    "sea": _paint_sea,
    "night": _paint_night,
    "plum": _paint_plum,
}
LOOKS: Final = (BARS, *_PAINTERS)


def _fade(x: Field, share: Field, first: Colour, last: Colour) -> Field:
    """From one colour to another, as `share` goes from 0 to 1."""
    along = np.broadcast_to(np.clip(share, 0, 1), (share.shape[0], x.shape[1]))[..., None]
    return np.array(first) * (1 - along) + np.array(last) * along


def _lay(picture: Field, where: npt.NDArray[np.bool_], colour: Colour) -> None:
    picture[np.broadcast_to(where, picture.shape[:2])] = colour


def _ridge(x: Field, base: float, height: float, pace: float) -> Field:
    """A line of hills: their tops as shares of the picture's height."""
    waves = np.sin(x * pace * 5 + pace) + 0.5 * np.sin(x * pace * 11 + 2 * pace)
    return base - height * (0.5 + waves / 3)


def _to_planes(rgb: Field) -> tuple[Plane, Plane, Plane]:
    """BT.709 limited; a chroma sample is the mean of four pixels."""
    luma = rgb @ np.array((0.2126, 0.7152, 0.0722))
    height, width = luma.shape
    planes = [BLACK + (WHITE - BLACK) * luma]
    for channel, scale in ((2, 1.8556), (0, 1.5748)):
        full = NEUTRAL + 224 * (rgb[..., channel] - luma) / scale
        planes.append(full.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3)))
    luma8, blue8, red8 = (np.rint(plane).astype(np.uint8) for plane in planes)
    return luma8, blue8, red8
