"""Small pictures as bytes: a stranger's decoded with care, one's own drawn anew and packed.

Any thread may call these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

if TYPE_CHECKING:
    from pathlib import Path

THUMBNAIL_MAX: Final = QSize(1024, 1024)
"""Of what is live in a room."""
STILL_MAX: Final = QSize(2048, 2048)
"""Of a recording."""


def decode_small(picture: bytes, file_format: str, largest: QSize) -> QImage | None:
    """None where it is no picture of that format, or not a small one: the size that it says is
    looked at before it is decoded."""
    buffer = QBuffer()
    buffer.setData(QByteArray(picture))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(file_format.encode()))
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not 1 <= size.width() <= largest.width() or not 1 <= size.height() <= largest.height():
        return None
    image = reader.read()
    return None if image.isNull() or image.size() != size else image


def is_readable_file(path: Path, bytes_max: int) -> bool:
    """Of the user's. A pipe, which a file's name may be too, would be waited for without end."""
    try:
        return path.is_file() and path.stat().st_size <= bytes_max
    except (OSError, ValueError):  # gone meanwhile, not ours to see, a name with a NUL
        return False


def draw_anew(image: QImage, pixels: QImage.Format, ground: Qt.GlobalColor) -> QImage:
    """Its pixels alone: no words of the file go along."""
    plain = QImage(image.size(), pixels)
    plain.fill(ground)
    painter = QPainter(plain)
    painter.drawImage(QRectF(0, 0, image.width(), image.height()), image)
    painter.end()
    return plain


def pack(image: QImage, file_format: str, quality: int = -1) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, file_format, quality)  # type: ignore[call-overload] # the stubs want bytes for the format
    return bytes(buffer.data().data())
