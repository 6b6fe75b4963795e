"""The studio's sources, the four layouts, and where a dragged box may rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

SIDE_MIN: Final = 0.05
SNAP: Final = 0.015
"""Share of the canvas within which an edge jumps to a line."""
EDGE: Final = 0.025
"""Layouts keep this from the border, and boxes snap to it."""

ItemKind = Literal["camera", "screen", "file", "url", "testcard", "image", "text"]
LayoutName = Literal["camera", "screen", "screen_camera", "slides"]
LAYOUTS: Final[tuple[LayoutName, ...]] = ("camera", "screen", "screen_camera", "slides")


@dataclass(frozen=True, slots=True)
class Box:
    """In shares of the canvas."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def clamped(self) -> Box:
        """Inside the canvas, and large enough to be caught again."""
        width = min(1.0, max(SIDE_MIN, self.width))
        height = min(1.0, max(SIDE_MIN, self.height))
        x = min(1.0 - width, max(0.0, self.x))
        y = min(1.0 - height, max(0.0, self.y))
        return Box(x, y, width, height)

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x <= self.right and self.y <= y <= self.bottom


FULL: Final = Box(0.0, 0.0, 1.0, 1.0)
_CORNER: Final = Box(0.725, 0.7, 0.25, 0.25)
_SLIDE: Final = Box(0.025, 0.08, 0.7, 0.84)
_BESIDE: Final = Box(0.74, 0.3, 0.235, 0.4)

_Boxes = dict[ItemKind, Box]
_CAMERA: Final[_Boxes] = {"camera": FULL, "testcard": FULL, "file": FULL, "url": FULL}
_SCREEN: Final[_Boxes] = {"screen": FULL, "file": FULL, "url": FULL, "testcard": FULL}
_BOTH: Final[_Boxes] = {
    "screen": FULL,
    "file": FULL,
    "url": FULL,
    "camera": _CORNER,
    "testcard": _CORNER,
}
_SLIDES: Final[_Boxes] = {
    "image": _SLIDE,
    "screen": _SLIDE,
    "file": _SLIDE,
    "url": _SLIDE,
    "camera": _BESIDE,
    "testcard": _BESIDE,
}
LAYOUT_BOXES: Final[dict[LayoutName, _Boxes]] = {
    "camera": _CAMERA,
    "screen": _SCREEN,
    "screen_camera": _BOTH,
    "slides": _SLIDES,
}
_OVERLAYS: Final = frozenset({"text", "image"})


@dataclass(frozen=True, slots=True)
class StudioItem:
    """A source in the scene."""

    key: str
    kind: ItemKind
    label: str
    """A device's or a file's name; for a text, the text."""
    address: str = ""
    """What opens it: a source's text, an image's path."""
    box: Box = FULL
    is_visible: bool = True
    is_mirrored: bool = False
    filters: tuple[str, ...] = ()
    signal: str = "running"
    shape: float = 16 / 9
    """Width over height of its picture."""


def arrange(items: Sequence[StudioItem], layout: LayoutName) -> tuple[StudioItem, ...]:
    """A layout shows the first source of each of its places and hides its rivals.

    The place is the box; texts and images that the layout does not know stay as they are.
    """
    boxes = LAYOUT_BOXES[layout]
    preferred = _preference(layout)
    ranked = sorted(
        (item for item in items if item.kind in boxes),
        key=lambda item: preferred.index(item.kind) if item.kind in preferred else len(preferred),
    )
    taken: dict[Box, str] = {}
    for item in ranked:
        taken.setdefault(boxes[item.kind], item.key)
    places = _fill_main({key: box for box, key in taken.items()}, ranked, layout)
    placed = [
        replace(item, box=places[item.key], is_visible=True)
        if item.key in places
        else (item if item.kind in _OVERLAYS else replace(item, is_visible=False))
        for item in items
    ]
    # Large pictures lie under small ones, overlays on top; the order is otherwise the user's.
    return tuple(sorted(placed, key=_depth))


def _fill_main(
    places: dict[str, Box], ranked: Sequence[StudioItem], layout: LayoutName
) -> dict[str, Box]:
    """No layout is empty in the middle: a rival takes the main place, or the only one has it."""
    main = _SLIDE if layout == "slides" else FULL
    if main in places.values() or not places:
        return places
    rival = next((item for item in ranked if item.key not in places), None)
    if rival is None:
        return dict.fromkeys(places, FULL)
    return {**places, rival.key: main}


def _preference(layout: LayoutName) -> tuple[ItemKind, ...]:
    if layout == "camera":
        return ("camera", "testcard", "file", "url")
    if layout == "slides":
        return ("image", "screen", "camera", "file", "url", "testcard")
    return ("screen", "camera", "file", "url", "testcard")


def _depth(item: StudioItem) -> tuple[int, float]:
    return (1 if item.kind == "text" else 0), -item.box.width * item.box.height


def snap(box: Box, others: Sequence[Box], *, resizing: bool) -> Box:
    """The box with its edges on nearby lines: the canvas's, its middle, the other boxes'."""
    xs = [0.0, EDGE, 0.5, 1.0 - EDGE, 1.0]
    ys = [0.0, EDGE, 0.5, 1.0 - EDGE, 1.0]
    for other in others:
        xs += [other.x, other.right]
        ys += [other.y, other.bottom]
    if resizing:
        right = box.right + _pull([box.right], xs)
        bottom = box.bottom + _pull([box.bottom], ys)
        return Box(box.x, box.y, right - box.x, bottom - box.y).clamped()
    x = box.x + _pull([box.x, box.x + box.width / 2, box.right], xs)
    y = box.y + _pull([box.y, box.y + box.height / 2, box.bottom], ys)
    return Box(x, y, box.width, box.height).clamped()


def _pull(edges: Sequence[float], lines: Sequence[float]) -> float:
    """The shortest way from an edge to a line, 0 where none is near."""
    ways = [line - edge for edge in edges for line in lines if abs(line - edge) <= SNAP]
    return min(ways, key=abs, default=0.0)
