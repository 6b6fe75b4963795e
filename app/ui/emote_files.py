"""Pictures of emotes as bytes: a stranger's decoded with care, one's own made small. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from wire.emotes import find_fault
from wire.limits import EMOTE_BYTES_MAX, EMOTE_SIDE_MAX

if TYPE_CHECKING:
    from pathlib import Path

SIDES: Final = (128, 112, 96, 80, 64, 48)
"""Pixels of the longer side: the largest that fits into the bytes is taken."""
SOURCE_SIDE_MAX: Final = 8192


def decode_emote(picture: bytes) -> QImage | None:
    """None where it is no small PNG; its frame and its size are checked before it is decoded."""
    if find_fault(picture) is not None:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(picture))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"png"))
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not 1 <= size.width() <= EMOTE_SIDE_MAX or not 1 <= size.height() <= EMOTE_SIDE_MAX:
        return None
    image = reader.read()
    if image.isNull() or image.size() != size:
        return None
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def make_emote(path: Path) -> bytes | None:
    """A PNG for the relay of a picture file; None where it cannot be read.

    It is drawn anew: nothing that the file says beside its picture goes along.
    """
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > SOURCE_SIDE_MAX:
        return None
    image = reader.read()
    if image.isNull():
        return None
    for side in SIDES:
        picture = _pack(_shrink(image, side))
        if len(picture) <= EMOTE_BYTES_MAX:
            return picture
    return None


def _shrink(image: QImage, side: int) -> QImage:
    """Never larger than it is."""
    size = image.size()
    if max(size.width(), size.height()) > side:
        size = size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
    size = size.expandedTo(QSize(1, 1))
    scaled = image.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    plain = QImage(size, QImage.Format.Format_ARGB32)
    plain.fill(Qt.GlobalColor.transparent)
    painter = QPainter(plain)
    painter.drawImage(QRectF(0, 0, QSizeF(size).width(), QSizeF(size).height()), scaled)
    painter.end()
    return plain


def _pack(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # the stubs want bytes for the format
    return bytes(buffer.data().data())
