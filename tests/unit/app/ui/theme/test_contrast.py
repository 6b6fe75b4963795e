"""WCAG AA: every text of both themes on every ground that it may lie on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.ui.discover import card
from app.ui.room import stage
from app.ui.theme import current, style_sheet
from app.ui.theme.tokens import DARK, LIGHT, Theme, contrast

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
GROUNDS = ("ground", "surface", "field", "raised", "rail")
TEXT_MIN = 4.5
EDGE_MIN = 3.0
"""What is no text: the frame of the focus, the edge and the tick of a check box."""


@THEMES
def test_theme_when_text_lies_on_any_ground_then_its_contrast_is_aa(theme: Theme) -> None:
    poor = [
        f"{text} on {ground}: {contrast(getattr(theme, text), getattr(theme, ground)):.2f}"
        for ground in GROUNDS
        for text in ("text", "text_soft", "accent_text", "bad", "good", "warn", "live")
        if contrast(getattr(theme, text), getattr(theme, ground)) < TEXT_MIN
    ]
    assert poor == []


@THEMES
def test_theme_when_a_control_has_the_focus_then_its_frame_is_seen(theme: Theme) -> None:
    for ground in GROUNDS:
        assert contrast(theme.focus, getattr(theme, ground)) >= EDGE_MIN
        assert contrast(theme.text_soft, getattr(theme, ground)) >= EDGE_MIN


@THEMES
def test_style_sheet_when_a_rule_sets_both_colours_then_they_contrast(theme: Theme) -> None:
    pairs = list(pairs_of_rules())
    assert len(pairs) > 8
    poor = [
        f"{selector}: {color} on {ground}"
        for selector, color, ground in pairs
        if contrast(getattr(theme, color), getattr(theme, ground)) < TEXT_MIN
    ]
    assert poor == []


def pairs_of_rules() -> Iterator[tuple[str, str, str]]:
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", style_sheet._RULES):
        for prefix in ("", "selection-"):
            color = re.search(rf"(?<![-\w]){prefix}color: @(\w+)", body)
            ground = re.search(rf"(?<![-\w]){prefix}background(?:-color)?: @(\w+)", body)
            if color and ground:
                yield " ".join(selector.split()), color[1], ground[1]


def test_stage_when_words_lie_over_a_white_picture_then_they_can_be_read() -> None:
    for veil, words in (
        (stage.VEIL, stage.TITLE),
        (stage.VEIL, stage.DETAIL),
        (stage.PANEL, stage.TITLE),
        (card.PILL, QColor("white")),
        (card.LIVE, QColor("white")),
    ):
        assert contrast(words.name(), over_white(veil)) >= TEXT_MIN, (veil, words)


def over_white(color: QColor) -> str:
    share = color.alphaF()
    parts = (color.red(), color.green(), color.blue())
    return "#" + "".join(f"{round(part * share + 255 * (1 - share)):02x}" for part in parts)


@THEMES
def test_check_box_when_it_is_checked_then_shows_a_tick(
    theme: Theme, qapp: object, qtbot: object
) -> None:
    current.apply(qapp, "dark" if theme.is_dark else "light")  # type: ignore[arg-type] # pytest-qt's
    window = QWidget()
    box = QCheckBox("x")
    QVBoxLayout(window).addWidget(box)
    window.show()
    box.setChecked(True)
    image = box.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    inside = [QColor(image.pixel(x, y)).name() for x in range(2, 16) for y in range(image.height())]
    assert theme.accent in inside
    ticks = [color for color in inside if contrast(color, theme.accent) >= EDGE_MIN]
    assert len(ticks) >= 10
    box.setCheckState(Qt.CheckState.Unchecked)
    bare = box.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert theme.accent not in {QColor(bare.pixel(8, y)).name() for y in range(bare.height())}
    window.close()
    current.apply(qapp, "dark")  # type: ignore[arg-type] # pytest-qt's
