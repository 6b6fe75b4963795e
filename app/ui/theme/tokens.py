"""Colours and sizes of the two themes. Text on its ground has a contrast of 4.5 and more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One set of colours, as #rrggbb."""

    name: str
    is_dark: bool
    ground: str
    """Behind everything."""
    rail: str
    surface: str
    """Cards and panels."""
    raised: str
    """Buttons, menus, inputs under the pointer."""
    selected: str
    """Behind the page, the layout or the row that is chosen; carries accent_text."""
    field: str
    line: str
    text: str
    text_soft: str
    accent: str
    accent_hover: str
    on_accent: str
    """Text on the accent."""
    accent_text: str
    """The accent as text on the ground."""
    live: str
    on_live: str
    """Text on the red of "live"."""
    good: str
    warn: str
    bad: str
    focus: str
    on_picture: str = "#ffffff"
    """On a dark ground over any picture, in both themes."""


DARK: Final = Theme(
    name="dark",
    is_dark=True,
    ground="#121318",
    rail="#0c0d11",
    surface="#1b1d24",
    raised="#272a34",
    selected="#3a1f2a",
    field="#16181e",
    line="#343844",
    text="#eceef4",
    text_soft="#a3a9b8",
    accent="#e4456b",
    accent_hover="#ee5c7f",
    on_accent="#16060b",
    accent_text="#ff7f9c",
    live="#ff5a66",
    on_live="#1d0508",
    good="#4cc38a",
    warn="#e9b04a",
    bad="#ff7b78",
    focus="#8ab4ff",
)
LIGHT: Final = Theme(
    name="light",
    is_dark=False,
    ground="#f4f5f8",
    rail="#e9ebf1",
    surface="#ffffff",
    raised="#eceef3",
    selected="#f9dfe7",
    field="#ffffff",
    line="#c9cdd8",
    text="#1a1c22",
    text_soft="#585e6d",
    accent="#c42350",
    accent_hover="#a91b43",
    on_accent="#ffffff",
    accent_text="#b51c47",
    live="#c8202f",
    on_live="#ffffff",
    good="#18794e",
    warn="#8a5a00",
    bad="#b3261e",
    focus="#1f5fd0",
)

GRID: Final = 8
RADIUS: Final = 8
CONTROL_HEIGHT: Final = 36


def contrast(first: str, second: str) -> float:
    """WCAG 2's contrast ratio of two colours, 1 to 21."""
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(color[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
