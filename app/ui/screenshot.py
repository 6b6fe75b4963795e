"""A picture of the window, small enough to go with feedback in one message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImageWriter

from wire.limits import SCREENSHOT_BYTES_MAX

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

_TRIES: Final = ((1280, 70), (1280, 50), (1024, 50), (800, 50), (640, 40), (480, 30), (320, 20))
"""Longest side and JPEG quality, the best first; text is still read at 800."""


def pack_screenshot(image: QImage) -> bytes | None:
    """A JPEG within the wire's limit; None where there is nothing to show."""
    if image.isNull():
        return None
    for side, quality in _TRIES:
        small = image
        if max(image.width(), image.height()) > side:
            small = image.scaled(
                QSize(side, side),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QImageWriter(buffer, QByteArray(b"jpeg"))
        writer.setQuality(quality)
        writer.write(small)
        packed = bytes(buffer.data().data())
        if packed and len(packed) <= SCREENSHOT_BYTES_MAX:
            return packed
    return None
