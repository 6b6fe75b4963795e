"""Gifts over the stage: banners at the left, and full-stage effects. Painted by the stage.

What shows when is `app.state.gift_show`'s; how it moves is `app.state.gift_motion`'s.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPolygonF,
)

from app.state.gift_motion import Pose, pose, sparks, veil
from app.state.gift_show import (
    BANNER_LEAVES_MS,
    BANNERS_MAX,
    Banner,
    GiftShow,
    ShownGift,
    StageEffect,
)
from app.ui.gift_art import draw_art
from app.ui.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

BANNER_FROM: Final = QColor(200, 40, 86, 235)
BANNER_TO: Final = QColor(94, 58, 160, 200)
COUNT: Final = QColor(255, 214, 92)
WORDS: Final = QColor(255, 255, 255)
VEIL_ALPHA: Final = 120
GLOW: Final = QColor(255, 226, 150, 96)
RAYS: Final = 12
RAYS_REACH: Final = 0.95
RAY_BANDS: Final = 40
RAY_HALF: Final = math.tau / 64
"""Of a ray's angle."""
CAPTION_GROUND: Final = QColor(8, 6, 16, 150)
ARRIVES_MS: Final = 220.0
BEAT_MS: Final = 260.0
"""How long a count swells after it grew."""
MARGIN: Final = 16.0
NAME_CHARACTERS_MAX: Final = 32


def _monotonic_ms() -> float:
    return time.monotonic() * 1000


class GiftLayer:
    """Belongs to the GUI thread; `offer`, then let the stage paint while `is_moving`."""

    def __init__(self, now_ms: Callable[[], float] = _monotonic_ms) -> None:
        self.show = GiftShow()
        self.is_on = True
        self._now_ms = now_ms

    @property
    def is_moving(self) -> bool:
        return self.is_on and self.show.is_moving

    def set_on(self, *, is_on: bool) -> None:
        """Muted by the viewer: nothing shows, and what waits is dropped."""
        self.is_on = is_on
        if not is_on:
            self.show.clear()

    def offer(self, gift: ShownGift) -> None:
        if self.is_on:
            self.show.offer(gift, self._now_ms())

    def clear(self) -> None:
        self.show.clear()

    def paint(self, painter: QPainter, area: QRectF, font: QFont) -> None:
        """All that shows at this moment."""
        if not self.is_moving:
            return
        now_ms = self._now_ms()
        self.show.advance(now_ms)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.show.effect is not None:
            _paint_effect(painter, area, self.show.effect, now_ms, font)
        for banner in self.show.banners:
            _paint_banner(painter, area, banner, now_ms, font)
        painter.restore()


def _paint_effect(
    painter: QPainter, area: QRectF, effect: StageEffect, now_ms: float, font: QFont
) -> None:
    progress = effect.progress(now_ms)
    gift = effect.gift
    painter.fillRect(area, QColor(8, 6, 16, round(VEIL_ALPHA * veil(progress))))
    place = pose(gift.gift_id, progress)
    center = QPointF(area.x() + place.x * area.width(), area.y() + place.y * area.height())
    side = place.size * area.height()
    _paint_rays(painter, center, side, progress, veil(progress))
    for spark in sparks(gift.combo_key, progress):
        color = QColor.fromHsvF(spark.hue, 0.45, 1.0)
        painter.setOpacity(spark.opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        at = QPointF(
            area.center().x() + (spark.x - 0.5) * area.width(), area.y() + spark.y * area.height()
        )
        radius = spark.size * area.height()
        painter.drawEllipse(at, radius, radius)
    _paint_art(painter, center, side, place, gift.gift_id, area.height())
    painter.setOpacity(veil(progress))
    _paint_caption(painter, area, gift, font)
    painter.setOpacity(1.0)


def _paint_rays(
    painter: QPainter, center: QPointF, side: float, progress: float, strength: float
) -> None:
    """Light that turns slowly behind the gift."""
    if side <= 1:
        return
    painter.save()
    painter.setOpacity(strength)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.translate(center)
    painter.rotate(progress * 120)
    painter.scale(side * RAYS_REACH, side * RAYS_REACH)
    # Bands of flat colour, each a little fainter, for a gradient takes three times as long; with
    # smooth edges they would show where they meet.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for number, band in enumerate(_rays()):
        light = QColor(GLOW)
        light.setAlpha(round(GLOW.alpha() * (1 - number / RAY_BANDS)))
        painter.fillPath(band, light)
    painter.restore()


@cache
def _rays() -> tuple[QPainterPath, ...]:
    """Of length 1, from within to without: one path for each band of all rays."""
    bands = []
    for number in range(RAY_BANDS):
        near, far = number / RAY_BANDS, (number + 1) / RAY_BANDS
        band = QPainterPath()
        for ray in range(RAYS):
            left, right = (math.tau * ray / RAYS + way * RAY_HALF for way in (-1, 1))
            corners = ((left, near), (left, far), (right, far), (right, near))
            band.addPolygon(
                QPolygonF([QPointF(math.cos(a) * r, math.sin(a) * r) for a, r in corners])
            )
            band.closeSubpath()
        bands.append(band)
    return tuple(bands)


def _paint_art(
    painter: QPainter, center: QPointF, side: float, place: Pose, gift_id: str, height: float
) -> None:
    # One drawing for all sizes of this stage; steps of 64 keep a resized window from drawing anew.
    steps = max(1, round(height * 0.6 * painter.device().devicePixelRatioF() / 64))
    image: QImage = draw_art(gift_id, steps * 64)
    painter.save()
    painter.setOpacity(place.opacity)
    painter.translate(center)
    painter.rotate(place.turn_degrees)
    painter.drawImage(QRectF(-side / 2, -side / 2, side, side), image)
    painter.restore()


def _paint_caption(painter: QPainter, area: QRectF, gift: ShownGift, font: QFont) -> None:
    """Who gave what, below the gift."""
    shown = QFont(font)
    shown.setPixelSize(max(14, round(area.height() * 0.05)))
    shown.setBold(True)
    metrics = QFontMetricsF(shown)
    words = f"{one_line(gift.sender, NAME_CHARACTERS_MAX)}  ·  {gift.name}"
    words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, area.width() * 0.8)
    height = metrics.height() + 12
    width = metrics.horizontalAdvance(words) + 1.6 * height
    box = QRectF(area.center().x() - width / 2, area.y() + area.height() * 0.83, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(CAPTION_GROUND)
    painter.drawRoundedRect(box, height / 2, height / 2)
    painter.setFont(shown)
    painter.setPen(WORDS)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _paint_banner(
    painter: QPainter, area: QRectF, banner: Banner, now_ms: float, font: QFont
) -> None:
    height = min(64.0, max(36.0, area.height() * 0.085))
    gap = height * 0.25
    name_font, count_font = QFont(font), QFont(font)
    name_font.setPixelSize(round(height * 0.3))
    name_font.setBold(True)
    beat = max(0.0, 1.0 - (now_ms - banner.raised_at_ms) / BEAT_MS)
    count_font.setPixelSize(round(height * (0.52 + 0.22 * beat)))
    count_font.setBold(True)
    count_font.setItalic(True)
    gift = banner.gift
    metrics = QFontMetricsF(name_font)
    room = min(area.width() * 0.4, height * 5.0)
    elide = Qt.TextElideMode.ElideRight
    sender = metrics.elidedText(one_line(gift.sender, NAME_CHARACTERS_MAX), elide, room)
    name = metrics.elidedText(gift.name, elide, room)
    text = max(metrics.horizontalAdvance(sender), metrics.horizontalAdvance(name))
    width = height * 0.5 + text + height * 1.3
    arrived = min(1.0, (now_ms - banner.shown_at_ms) / ARRIVES_MS)
    left = min(1.0, max(0.0, (banner.ends_at_ms - now_ms) / BANNER_LEAVES_MS))
    x = area.x() + MARGIN - (1.0 - arrived) ** 2 * (width + MARGIN)
    y = area.y() + area.height() * 0.4 + (banner.row - (BANNERS_MAX - 1) / 2) * (height + gap)
    box = QRectF(x, y, width, height)
    painter.setOpacity(left)
    ground = QLinearGradient(box.topLeft(), box.topRight())
    ground.setColorAt(0.0, BANNER_FROM)
    ground.setColorAt(1.0, BANNER_TO)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, height / 2, height / 2)
    half = height / 2
    painter.setFont(name_font)
    painter.setPen(WORDS)
    row = QRectF(x + half, y, text + 2, half)
    painter.drawText(row, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, sender)
    painter.setPen(COUNT)
    row.translate(0, half)
    painter.drawText(row, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, name)
    side = height * 1.15
    place = QRectF(box.right() - height * 1.25, y - (side - height) / 2, side, side)
    ratio = painter.device().devicePixelRatioF()
    painter.drawImage(place, draw_art(gift.gift_id, max(1, round(side * ratio))))
    if gift.count > 1:
        painter.setFont(count_font)
        at = QPointF(box.right() + height * 0.15, y + height * 0.72)
        words = f"×{gift.count:,}"
        painter.setPen(QColor(0, 0, 0, 200))
        painter.drawText(at + QPointF(2, 2), words)
        painter.setPen(COUNT)
        painter.drawText(at, words)
    painter.setOpacity(1.0)
