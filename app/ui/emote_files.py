"""Pictures of emotes as bytes: a stranger's decoded with care, one's own made small. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from app.ui.small_pictures import decode_small, draw_anew, is_readable_file, pack
from wire.emotes import find_fault
from wire.limits import EMOTE_BYTES_MAX, EMOTE_SIDE_MAX

if TYPE_CHECKING:
    from pathlib import Path

SIDES: Final = (128, 112, 96, 80, 64, 48)
"""Pixels of the longer side: the largest that fits into the bytes is taken."""
SOURCE_SIDE_MAX: Final = 8192
SOURCE_BYTES_MAX: Final = 64 * 1024 * 1024


def decode_emote(picture: bytes) -> QImage | None:
    """None where it is no small PNG; its frame and its size are checked before it is decoded."""
    if find_fault(picture) is not None:
        return None
    image = decode_small(picture, "png", QSize(EMOTE_SIDE_MAX, EMOTE_SIDE_MAX))
    if image is None:
        return None
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def make_emote(path: Path) -> bytes | None:
    """A PNG for the relay of a picture file; None where it cannot be read.

    It is drawn anew: nothing that the file says beside its picture goes along.
    """
    if not is_readable_file(path, SOURCE_BYTES_MAX):
        return None
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > SOURCE_SIDE_MAX:
        return None
    image = reader.read()
    if image.isNull():
        return None
    for side in SIDES:
        picture = pack(_shrink(image, side), "PNG")
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
    return draw_anew(scaled, QImage.Format.Format_ARGB32, Qt.GlobalColor.transparent)
