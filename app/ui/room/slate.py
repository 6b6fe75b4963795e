"""The picture that stands on the stage while the broadcast gives none.

The last picture, out of focus and dimmed, or a ground of its own; over it the host's initial, what
is going on, what will happen, and whose room this is. Always dark, as the stage is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QLinearGradient,
    QPainter,
    QRadialGradient,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUND: Final = QColor(10, 11, 14)
GLOW: Final = QColor(92, 34, 58)
"""The accent's hue, dark enough that text on it keeps a contrast of 7."""
VEIL_TOP: Final = QColor(10, 11, 14, 150)
VEIL_BOTTOM: Final = QColor(10, 11, 14, 225)
TITLE: Final = QColor(244, 245, 249)
DETAIL: Final = QColor(198, 203, 214)
DISC: Final = QColor(228, 69, 107)
ON_DISC: Final = QColor(22, 6, 11)
BADGE: Final = QColor(0, 0, 0, 150)
DOT: Final = QColor(233, 176, 74)
BLUR_SIZES: Final = (QSize(24, 24), QSize(96, 96), QSize(384, 384))
"""Down to the first and up again: each step smooths what the step before left."""
SMALL_HEIGHT: Final = 260
"""Below it only the words have room."""


class StageWords(NamedTuple):
    """What the stage says. All empty while a picture moves."""

    title: str = ""
    detail: str = ""
    badge: str = ""
    """One or two words in the corner."""
    room: str = ""
    host: str = ""


def blur(picture: QImage) -> QImage:
    """The picture far out of focus, in its own shape."""
    small = picture
    for size in BLUR_SIZES:
        small = small.scaled(
            size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return small


def paint_slate(
    painter: QPainter, area: QRectF, words: StageWords, cover: QImage | None, font: QFont
) -> None:
    """Fills `area`. `cover` is what `blur` made of the last picture."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ground(painter, area, cover)
    inner = _without_margin(area)
    is_roomy = area.height() >= SMALL_HEIGHT
    if is_roomy and words.badge:
        _paint_badge(painter, inner, words.badge, font)
    if is_roomy and words.room:
        _paint_room(painter, inner, words, font)
    _paint_middle(painter, inner, words, font, has_disc=is_roomy and bool(words.host))


def paint_badge(painter: QPainter, area: QRectF, words: str, font: QFont) -> None:
    """The badge alone, over a picture that stands."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_badge(painter, _without_margin(area), words, font)


def _without_margin(area: QRectF) -> QRectF:
    margin = max(12.0, min(32.0, area.height() / 20))
    return area.adjusted(margin, margin, -margin, -margin)


def _paint_ground(painter: QPainter, area: QRectF, cover: QImage | None) -> None:
    painter.fillRect(area, GROUND)
    if cover is None:
        glow = QRadialGradient(area.center(), max(area.width(), area.height()) * 0.62)
        glow.setColorAt(0.0, GLOW)
        glow.setColorAt(1.0, GROUND)
        painter.fillRect(area, glow)
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    filled = cover.size().scaled(
        area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
    )
    target = QRectF(QPointF(0, 0), filled.toSizeF())
    target.moveCenter(area.center())
    painter.save()
    painter.setClipRect(area)
    painter.drawImage(target, cover)
    painter.restore()
    veil = QLinearGradient(area.topLeft(), area.bottomLeft())
    veil.setColorAt(0.0, VEIL_TOP)
    veil.setColorAt(1.0, VEIL_BOTTOM)
    painter.fillRect(area, veil)


def _paint_middle(
    painter: QPainter, area: QRectF, words: StageWords, font: QFont, *, has_disc: bool
) -> None:
    """Disc, title and detail as one block around the middle."""
    title, detail = _sized(font, area, 13, 15, 34), _sized(font, area, 26, 12, 18)
    title.setWeight(QFont.Weight.DemiBold)
    lines = [
        line for line in ((title, TITLE, words.title), (detail, DETAIL, words.detail)) if line[2]
    ]
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    column = QRectF(area)
    column.setWidth(min(area.width(), 720.0))
    column.moveCenter(area.center())
    heights = [
        QFontMetricsF(face).boundingRect(column, int(flags), text).height()
        for face, _color, text in lines
    ]
    disc = max(48.0, min(96.0, area.height() / 6)) if has_disc else 0.0
    gap = disc / 4
    top = area.center().y() - (disc + gap + sum(heights) + 8) / 2
    if has_disc:
        _paint_disc(
            painter, QRectF(area.center().x() - disc / 2, top, disc, disc), words.host, font
        )
    top += disc + gap
    for (face, color, text), height in zip(lines, heights, strict=True):
        painter.setFont(face)
        painter.setPen(color)
        painter.drawText(QRectF(column.left(), top, column.width(), height), int(flags), text)
        top += height + 8


def _paint_disc(painter: QPainter, area: QRectF, host: str, font: QFont) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(DISC)
    painter.drawEllipse(area)
    face = QFont(font)
    face.setPixelSize(round(area.height() * 0.45))
    face.setWeight(QFont.Weight.DemiBold)
    painter.setFont(face)
    painter.setPen(ON_DISC)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, host[:1].upper())


def _paint_badge(painter: QPainter, area: QRectF, words: str, font: QFont) -> None:
    face = _sized(font, area, 32, 12, 15)
    metrics = QFontMetricsF(face)
    height = metrics.height() + 12
    width = min(area.width(), metrics.horizontalAdvance(words) + height + 8)
    box = QRectF(area.left(), area.top(), width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(BADGE)
    painter.drawRoundedRect(box, height / 2, height / 2)
    painter.setBrush(DOT)
    painter.drawEllipse(QPointF(box.left() + height / 2, box.center().y()), 4, 4)
    painter.setFont(face)
    painter.setPen(TITLE)
    text = box.adjusted(height - 4, 0, -8, 0)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


def _paint_room(painter: QPainter, area: QRectF, words: StageWords, font: QFont) -> None:
    """The room's title and its host, in the lower left corner."""
    bottom = area.bottom()
    for face, color, text in _signature(words, area, font):
        metrics = QFontMetricsF(face)
        painter.setFont(face)
        painter.setPen(color)
        line = QRectF(area.left(), bottom - metrics.height(), area.width(), metrics.height())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        bottom -= metrics.height() + 2


def _signature(words: StageWords, area: QRectF, font: QFont) -> Iterator[tuple[QFont, QColor, str]]:
    """From below."""
    if words.host and words.host != words.room:
        yield _sized(font, area, 32, 12, 15), DETAIL, words.host
    room = _sized(font, area, 26, 13, 18)
    room.setWeight(QFont.Weight.DemiBold)
    yield room, TITLE, words.room


def _sized(font: QFont, area: QRectF, share: int, least: int, most: int) -> QFont:
    """A share of the height, within bounds."""
    face = QFont(font)
    face.setPixelSize(max(least, min(most, int(area.height() / share))))
    return face
