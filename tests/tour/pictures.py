"""Screenshots as small PNG files: 256 colours, the interface's own kept exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter

COLOURS_MAX: Final = 256
EXACT_COLOURS_MAX: Final = 120
EXACT_SHARE: Final = 0.0002
"""Of the picture: colours as frequent as this are the interface's and stay as they are."""
_SAMPLE: Final = 24_000
_SHADE: Final = QColor(0, 0, 0, 110)


def lay_over(page: QImage, sheet: QImage) -> QImage:
    """A sheet in the middle of a darkened page."""
    together = page.copy()
    painter = QPainter(together)
    painter.fillRect(together.rect(), _SHADE)
    place = QPoint((page.width() - sheet.width()) // 2, (page.height() - sheet.height()) // 2)
    painter.drawImage(place, sheet)
    painter.end()
    return together


def lay_at(page: QImage, sheet: QImage, place: QPoint) -> QImage:
    """A popup where it stands over the page."""
    together = page.copy()
    painter = QPainter(together)
    painter.drawImage(place, sheet)
    painter.end()
    return together


def save_small(image: QImage, path: Path) -> int:
    """Write it and return its size in bytes."""
    rgb = _to_array(image)
    flat = rgb.reshape(-1, 3)
    coarse = (flat.astype(np.uint32) << np.array([16, 8, 0], np.uint32)).sum(axis=1)
    colours, where, counts = np.unique(coarse, return_inverse=True, return_counts=True)
    palette = _choose_palette(flat, colours, counts)
    channels = np.stack([colours >> 16 & 255, colours >> 8 & 255, colours & 255], axis=1)
    nearest = _find_nearest(channels.astype(np.float32), palette)
    indices = nearest[where].reshape(rgb.shape[:2]).astype(np.uint8)
    height, width = indices.shape
    stride = (width + 3) // 4 * 4
    padded = np.zeros((height, stride), np.uint8)
    padded[:, :width] = indices
    small = QImage(padded.data, width, height, stride, QImage.Format.Format_Indexed8)
    small.setColorTable([0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b in palette])
    if not small.save(str(path), "PNG", 0):
        raise OSError(f"cannot write {path}")
    return path.stat().st_size


def _to_array(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    return rows[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3).copy()


def _choose_palette(flat: np.ndarray, colours: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The frequent colours exactly; for the rest, which is pictures, its clusters."""
    order = np.argsort(counts)[::-1]
    frequent = [
        int(colours[index])
        for index in order[:EXACT_COLOURS_MAX]
        if counts[index] >= EXACT_SHARE * len(flat)
    ]
    exact = np.array([(c >> 16, c >> 8 & 255, c & 255) for c in frequent], np.uint8).reshape(-1, 3)
    left = COLOURS_MAX - len(exact)
    step = max(1, len(flat) // _SAMPLE)
    sample = flat[::step].astype(np.float32)
    sample = sample[_find_distance(sample, exact.astype(np.float32)) > 9]
    if len(sample) <= left:
        return np.concatenate([exact, sample.astype(np.uint8)])
    cv2.setRNGSeed(1)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    _, _, centres = cv2.kmeans(sample, left, None, criteria, 1, cv2.KMEANS_PP_CENTERS)
    return np.concatenate([exact, np.rint(centres).astype(np.uint8)])


def _find_distance(points: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """Squared distance to the nearest colour of the palette."""
    if not len(palette):
        return np.full(len(points), np.inf)
    return ((points[:, None] - palette[None]) ** 2).sum(axis=2).min(axis=1)


def _find_nearest(points: np.ndarray, palette: np.ndarray) -> np.ndarray:
    matcher = cv2.BFMatcher(cv2.NORM_L2)
    found = matcher.match(points, palette.astype(np.float32))
    return np.array([match.trainIdx for match in found])
