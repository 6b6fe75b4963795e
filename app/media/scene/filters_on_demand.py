"""Filters without importing OpenCV before one is wanted."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from app.media.scene.scene_item import FilterName

Pixels = npt.NDArray[np.uint8]


class PictureFilter(Protocol):
    """Belongs to one thread: it may remember earlier pictures."""

    def apply(self, picture: Pixels) -> tuple[Pixels, Pixels | None]:
        """A new picture; alpha 0 where it is to be transparent, None where it is opaque."""
        ...


class _Unfiltered:
    """What stands in where OpenCV is not installed."""

    def apply(self, picture: Pixels) -> tuple[Pixels, Pixels | None]:
        return picture, None


def load_filter(name: FilterName) -> PictureFilter:
    """The filter, or one that changes nothing where OpenCV is missing."""
    try:
        module = importlib.import_module("app.media.scene.filters")
    except ImportError:
        return _Unfiltered()
    return cast("PictureFilter", module.make_filter(name))
