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

CANVAS_SHAPE: Final = 16 / 9
_SAME: Final = 1e-6
"""Two places nearer than this are one."""

FILTERS: Final = ("skin", "chroma_key", "background_blur")
MISSING: Final = "missing"
"""The signal of a source that is remembered and not there."""

Corner = Literal["top_left", "top_right", "bottom_left", "bottom_right"]
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


def arrange(
    items: Sequence[StudioItem], layout: LayoutName, *, newest: str = ""
) -> tuple[StudioItem, ...]:
    """A layout shows the first source of each of its places and hides its rivals; `newest`, a
    source's key, goes before all.

    The place is the box; texts and images that the layout does not know stay as they are.
    """
    boxes = LAYOUT_BOXES[layout]
    preferred = _preference(layout)

    def rank(item: StudioItem) -> tuple[bool, int]:
        known = item.kind in preferred
        return item.key != newest, preferred.index(item.kind) if known else len(preferred)

    ranked = sorted((item for item in items if item.kind in boxes), key=rank)
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


def snap(box: Box, others: Sequence[Box]) -> Box:
    """The moved box with an edge or its middle on a nearby line: the canvas's, the other boxes'."""
    xs, ys = _lines(others)
    x = box.x + _pull([box.x, box.x + box.width / 2, box.right], xs)
    y = box.y + _pull([box.y, box.y + box.height / 2, box.bottom], ys)
    return Box(x, y, box.width, box.height).clamped()


def resize(box: Box, corner: Corner, way: float, shape: float, others: Sequence[Box]) -> Box:
    """The box whose `corner` was dragged `way` to the right, the opposite corner staying.

    The height follows from the picture's `shape`. Of the two edges that move, the one that is
    nearer to a line jumps to it, and the other follows.
    """
    is_left, is_top = corner in {"top_left", "bottom_left"}, corner in {"top_left", "top_right"}
    anchor_x = box.right if is_left else box.x
    anchor_y = box.bottom if is_top else box.y
    tall = CANVAS_SHAPE / shape  # height over width of the box, both in shares of the canvas
    room_x = anchor_x if is_left else 1.0 - anchor_x
    room_y = anchor_y if is_top else 1.0 - anchor_y
    widest = max(SIDE_MIN, min(room_x, room_y / tall))

    def made(width: float) -> Box:
        width = min(widest, max(SIDE_MIN, width))
        height = width * tall
        x = anchor_x - width if is_left else anchor_x
        y = anchor_y - height if is_top else anchor_y
        return Box(x, y, width, height)

    free = made(box.width - way if is_left else box.width + way)
    xs, ys = _lines(others)
    pull_x = _pull([free.x if is_left else free.right], xs)
    pull_y = _pull([free.y if is_top else free.bottom], ys)
    wider = [-pull_x if is_left else pull_x, (-pull_y if is_top else pull_y) / tall]
    return made(free.width + min((step for step in wider if step), key=abs, default=0.0))


def find_guides(box: Box, others: Sequence[Box]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The vertical and horizontal lines on which the box rests now, to be shown while dragging."""
    xs, ys = _lines(others)
    edges_x, edges_y = (
        (box.x, box.x + box.width / 2, box.right),
        (box.y, box.y + box.height / 2, box.bottom),
    )
    return (
        tuple(sorted({x for x in xs if any(abs(x - edge) < _SAME for edge in edges_x)})),
        tuple(sorted({y for y in ys if any(abs(y - edge) < _SAME for edge in edges_y)})),
    )


def _lines(others: Sequence[Box]) -> tuple[list[float], list[float]]:
    xs = [0.0, EDGE, 0.5, 1.0 - EDGE, 1.0]
    ys = list(xs)
    for other in others:
        xs += [other.x, other.right]
        ys += [other.y, other.bottom]
    return xs, ys


def _pull(edges: Sequence[float], lines: Sequence[float]) -> float:
    """The shortest way from an edge to a line, 0 where none is near."""
    ways = [line - edge for edge in edges for line in lines if abs(line - edge) <= SNAP]
    return min(ways, key=abs, default=0.0)
