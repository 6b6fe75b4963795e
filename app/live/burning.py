"""Danmaku painted into a clip: the stage's own rule, and pictures of texts from whoever can paint.

Runs on the thread that cuts. Pictures are asked for one after the other as they are needed, and
the newest `BYTES_MAX` of them are kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from app.danmaku.lanes import DURATION_MS, LINE_HEIGHT, Geometry, Text
from app.danmaku.saying import CountedFlight, Saying, fly
from app.media.clipping.overlay import Pixels, Placed, Sprite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.danmaku.choices import DanmakuSettings

BYTES_MAX: Final = 64 * 1024 * 1024
FONT_MIN: Final = 12.0
MEASURED_AT_ONCE: Final = 200


class TextPainter(Protocol):
    """Any thread may call these; each waits until it is done. They raise LivehouseError."""

    def measure(self, texts: Sequence[tuple[str, float]]) -> list[float]:
        """The width of each text at its font size. Pixels."""

    def paint(self, text: Text, font: float) -> Pixels: ...

    def paint_count(self, count: int, font: float) -> Pixels: ...


def stage_for(width: float, height: float, settings: DanmakuSettings) -> Geometry:
    """As the window makes it for a stage of this size."""
    return Geometry(
        width=width,
        height=height,
        font=max(FONT_MIN, float(round(settings.font * height / 720.0))),
        area=settings.area,
        duration_ms=DURATION_MS / settings.speed,
        density=settings.density,
    )


def measured(
    sayings: Iterable[Saying], geometry: Geometry, painter: TextPainter
) -> Callable[[str, float], float]:
    """The widths of all texts, asked for a few hundred at a time."""
    wanted = list(
        dict.fromkeys(
            (one.text, geometry.font * scale)
            for one in sayings
            for scale in {one.scale, min(one.scale, 1.0)}
        )
    )
    widths: dict[tuple[str, float], float] = {}
    for start in range(0, len(wanted), MEASURED_AT_ONCE):
        part = wanted[start : start + MEASURED_AT_ONCE]
        widths.update(zip(part, painter.measure(part), strict=True))
    return lambda words, font: widths[words, font]


class _Look(NamedTuple):
    """What one picture is of."""

    words: str
    color: int
    font: float
    copies: int
    is_bt709: bool


class BurnedDanmaku:
    """Gives what lies over each picture; moments only grow."""

    def __init__(
        self, sayings: Sequence[Saying], painter: TextPainter, settings: DanmakuSettings
    ) -> None:
        self._sayings = sayings
        self._painter = painter
        self._settings = settings
        self._geometry: Geometry | None = None
        self._flights: tuple[CountedFlight, ...] = ()
        self._next = 0
        self._shown: list[CountedFlight] = []
        self._sprites: OrderedDict[_Look, Sprite] = OrderedDict()
        self._bytes = 0

    def lay(self, at_ms: float, width: int, height: int, is_bt709: bool) -> list[Placed]:  # noqa: FBT001 # as PassOver has it
        geometry = self._geometry
        if geometry is None or (geometry.width, geometry.height) != (width, height):
            geometry = self._geometry = stage_for(width, height, self._settings)
            self._flights = fly(
                self._sayings, geometry, measured(self._sayings, geometry, self._painter)
            )
            self._next, self._shown = 0, []
        while self._next < len(self._flights) and self._flights[self._next].from_ms <= at_ms:
            self._shown.append(self._flights[self._next])
            self._next += 1
        self._shown = [one for one in self._shown if one.to_ms > at_ms]
        placed: list[Placed] = []
        for one in sorted(self._shown, key=lambda shown: shown.flight.serial):
            placed += self._place(one, geometry, at_ms, is_bt709=is_bt709)
        return placed

    def _place(
        self, one: CountedFlight, geometry: Geometry, at_ms: float, *, is_bt709: bool
    ) -> list[Placed]:
        flight, text = one.flight, one.flight.text
        x = flight.x(geometry, at_ms)
        if x >= geometry.width or x + text.width <= 0:
            return []
        font = geometry.font * text.scale
        y = flight.y(geometry) + (text.rows * geometry.line_height - LINE_HEIGHT * font) / 2
        sprite = self._access(_Look(text.text, text.color, font, 0, is_bt709), text)
        placed = [Placed(sprite, round(x), round(y))]
        if flight.count > 1:
            badge = self._access(_Look("", 0, font, flight.count, is_bt709), text)
            placed.append(Placed(badge, round(max(x, x + text.width - badge.width)), round(y)))
        return placed

    def _access(self, look: _Look, text: Text) -> Sprite:
        found = self._sprites.get(look)
        if found is not None:
            self._sprites.move_to_end(look)
            return found
        if look.copies:
            pixels = self._painter.paint_count(look.copies, look.font)
        else:
            pixels = self._painter.paint(text, look.font)
        sprite = Sprite(pixels, is_bt709=look.is_bt709, opacity=self._settings.opacity)
        self._sprites[look] = sprite
        self._bytes += sprite.bytes_held
        while self._bytes > BYTES_MAX and len(self._sprites) > 1:
            _, oldest = self._sprites.popitem(last=False)
            self._bytes -= oldest.bytes_held
        return sprite
