"""Covers of rooms as bytes: a stranger's decoded with care, one's own made small. GUI thread, but
for `decode_cover`, which any thread may call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from app.ui.small_pictures import decode_small, draw_anew, is_readable_file, pack
from wire.covers import find_fault, make_cover_id
from wire.limits import COVER_BYTES_MAX, COVER_HEIGHT_MAX, COVER_WIDTH_MAX

if TYPE_CHECKING:
    from pathlib import Path

SIZES: Final = ((COVER_WIDTH_MAX, COVER_HEIGHT_MAX), (480, 270), (320, 180))
QUALITIES: Final = (88, 78, 66, 54)
"""The best that fits into the bytes is taken."""
SOURCE_SIDE_MAX: Final = 16_384
SOURCE_BYTES_MAX: Final = 64 * 1024 * 1024
READ_SIDE: Final = 1_600
"""A photograph is read no larger: that is a tenth of the work."""


def decode_cover(picture: bytes, cover_id: str) -> QImage | None:
    """None where it is no small plain JPEG or another one than was asked for."""
    if find_fault(picture) is not None or make_cover_id(picture) != cover_id:
        return None
    return decode_small(picture, "jpg", QSize(COVER_WIDTH_MAX, COVER_HEIGHT_MAX))


def read_picture(path: Path) -> QImage | None:
    """A file of the user's; None where it is no picture, or far too large a one."""
    if not is_readable_file(path, SOURCE_BYTES_MAX):
        return None
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    longer = max(size.width(), size.height())
    if not size.isValid() or longer > SOURCE_SIDE_MAX:
        return None
    if longer > READ_SIDE:
        reader.setScaledSize(
            size.scaled(READ_SIDE, READ_SIDE, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(
                QSize(1, 1)
            )
        )
    image = reader.read()
    return None if image.isNull() else image


def make_cover(image: QImage) -> bytes | None:
    """The middle of a picture as a JPEG for the relay, with nothing else in it; None: too rough to
    be made small."""
    for width, height in SIZES:
        small = _fill(image, QSize(width, height))
        for quality in QUALITIES:
            picture = pack(small, "JPG", quality)
            if len(picture) <= COVER_BYTES_MAX:
                return picture if find_fault(picture) is None else None
    return None


def _fill(image: QImage, size: QSize) -> QImage:
    """Never larger than it is; drawn anew, so that no words of the file go along."""
    part = QSize(size).scaled(image.size(), Qt.AspectRatioMode.KeepAspectRatio)
    part = part.expandedTo(QSize(1, 1))
    left, top = (image.width() - part.width()) // 2, (image.height() - part.height()) // 2
    cut = image.copy(left, top, part.width(), part.height())
    if part.width() > size.width():
        cut = cut.scaled(
            size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return draw_anew(cut, QImage.Format.Format_RGB32, Qt.GlobalColor.black)
