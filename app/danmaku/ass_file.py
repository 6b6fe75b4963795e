"""Danmaku as ASS subtitles: each flight as the stage shows it, for any player with libass. Pure.

Lanes, times and counts are the allocator's, so the file and the picture agree. ASS has hundredths
of a second: a flight's way is computed between its rounded ends, so that it is right in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.danmaku.saying import clean_text, fly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.danmaku.lanes import Geometry, Mode
    from app.danmaku.saying import CountedFlight, Saying

BYTE_ORDER_MARK: Final = "\ufeff"
LINE_END: Final = "\r\n"
OUTLINE: Final = 1.25
COUNT_SHARE: Final = 0.55
"""Of the text's font, as on the stage."""
LIGHTNESS_MIN: Final = 70
_WORD_JOINER: Final = "\u2060"
_STYLE_FIELDS: Final = (
    "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, "
    "Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, "
    "Alignment, MarginL, MarginR, MarginV, Encoding"
)
_EVENT_FIELDS: Final = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"


@dataclass(frozen=True, slots=True)
class AssFont:
    """`line_share` is a line's height in font sizes: ASS gives a font's size as its line's."""

    family: str = "sans-serif"
    line_share: float = 1.17
    opacity: float = 0.9
    is_bold: bool = True


def write_ass(
    sayings: Iterable[Saying],
    geometry: Geometry,
    measure: Callable[[str, float], float],
    *,
    font: AssFont,
    title: str = "",
) -> str:
    """`measure` gives the width of words at a font size. Pixels of the stage."""
    flights = fly(sayings, geometry, measure)
    lines = [_write_head(geometry, font, title)]
    for flight in flights:
        lines.extend(_write_flight(flight, geometry, font))
    return BYTE_ORDER_MARK + LINE_END.join(lines) + LINE_END


def escape_ass(text: str) -> str:
    """No character of a stranger starts a command: `{`, `}` and `\\` show as they are."""
    return (
        text.replace("\\", "\\" + _WORD_JOINER)
        .replace("{", "\\{")
        .replace("}", "\\}")
        .replace("\r", " ")
        .replace("\n", " ")
    )


def write_time(at_ms: float) -> str:
    """h:mm:ss.cc"""
    hundredths = max(0, round(at_ms / 10))
    seconds, hundredths = divmod(hundredths, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{hundredths:02}"


def write_color(color: int) -> str:
    """ASS has blue first."""
    red, green, blue = color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF
    return f"&H{blue:02X}{green:02X}{red:02X}&"


def _write_head(geometry: Geometry, font: AssFont, title: str) -> str:
    alpha = round((1 - font.opacity) * 255)
    bold = -1 if font.is_bold else 0
    family = font.family.replace(",", " ")
    size = geometry.font * font.line_share

    def style(name: str, size: float, alignment: int) -> str:
        return (
            f"Style: {name},{family},{size:.2f},&H{alpha:02X}FFFFFF,&H{alpha:02X}FFFFFF,"
            f"&H{alpha:02X}000000,&H{alpha:02X}000000,{bold},0,0,0,100,100,0,0,1,{OUTLINE},0,"
            f"{alignment},0,0,0,1"
        )

    return LINE_END.join(
        (
            "[Script Info]",
            f"Title: {clean_text(title) or 'Danmaku'}",
            "ScriptType: v4.00+",
            "Collisions: Normal",
            "WrapStyle: 2",
            "ScaledBorderAndShadow: yes",
            f"PlayResX: {round(geometry.width)}",
            f"PlayResY: {round(geometry.height)}",
            "",
            "[V4+ Styles]",
            f"Format: {_STYLE_FIELDS}",
            style("Danmaku", size, 7),
            style("Count", size * COUNT_SHARE, 9),
            "",
            "[Events]",
            f"Format: {_EVENT_FIELDS}",
        )
    )


def _write_flight(one: CountedFlight, geometry: Geometry, font: AssFont) -> list[str]:
    start, end = write_time(one.from_ms), write_time(one.to_ms)
    if start == end:
        return []
    flight, text = one.flight, one.flight.text
    size = geometry.font * text.scale * font.line_share
    top = flight.y(geometry)
    y = top + (text.rows * geometry.line_height - size) / 2
    from_ms, to_ms = round(one.from_ms / 10) * 10.0, round(one.to_ms / 10) * 10.0
    left, right = flight.x(geometry, from_ms), flight.x(geometry, to_ms)
    tags = _write_place(text.mode, left, right, y)
    if text.color != 0xFFFFFF:
        tags += f"\\c{write_color(text.color)}"
    if _lightness(text.color) <= LIGHTNESS_MIN:
        tags += "\\3c&HFFFFFF&"
    if text.scale != 1.0:
        tags += f"\\fs{size:.2f}"
    lines = [f"Dialogue: 0,{start},{end},Danmaku,,0,0,0,,{{{tags}}}{escape_ass(text.text)}"]
    if flight.count > 1:
        tags = _write_place(text.mode, left + text.width, right + text.width, top)
        tags += f"\\fs{size * COUNT_SHARE:.2f}" if text.scale != 1.0 else ""
        lines.append(f"Dialogue: 1,{start},{end},Count,,0,0,0,,{{{tags}}}×{flight.count}")
    return lines


def _write_place(mode: Mode, left: float, right: float, y: float) -> str:
    if mode.is_scrolling:
        return f"\\move({left:.2f},{y:.2f},{right:.2f},{y:.2f})"
    return f"\\pos({left:.2f},{y:.2f})"


def _lightness(color: int) -> int:
    red, green, blue = color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF
    return (max(red, green, blue) + min(red, green, blue)) // 2
