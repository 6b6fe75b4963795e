"""What a room's cover may be: a small plain JPEG. Pure.

Both ends read its frame before anything decodes it: the relay when it is set, a client when it
comes. Segments that carry words, times or places are not allowed: a picture is a picture.
"""

from __future__ import annotations

from typing import Final

from wire import limits
from wire.picture_checks import PictureFaultError, describe_fault, name_by_content

_BEGIN: Final = b"\xff\xd8"
_END: Final = b"\xff\xd9"
_TABLES: Final = frozenset({0xDB, 0xC4, 0xDD})
"""Of quantisation, of codes, and how often a scan may be taken up anew."""
_FRAME: Final = 0xC0
"""Baseline: what every decoder reads in one go."""
_SCAN: Final = 0xDA
_HEAD: Final = 0xE0
_HEAD_BYTES: Final = 14
"""JFIF's, without a small picture inside."""
_RESTARTS: Final = frozenset(range(0xD0, 0xD8))
_COMPONENTS: Final = frozenset({1, 3})


def make_cover_id(picture: bytes) -> str:
    return name_by_content(picture)


def is_cover_id(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


def find_fault(picture: bytes) -> str | None:
    """What keeps a picture from being a cover, in words; None: it may be one."""
    return describe_fault(_check, picture)


def _check(picture: bytes) -> None:
    if len(picture) > limits.COVER_BYTES_MAX:
        raise PictureFaultError(f"a cover has at most {limits.COVER_BYTES_MAX} bytes")
    if not picture.startswith(_BEGIN):
        raise PictureFaultError("a cover is a JPEG")
    kinds: list[int] = []
    at = len(_BEGIN)
    while _SCAN not in kinds:
        if at + 4 > len(picture) or picture[at] != 0xFF:
            raise PictureFaultError("the JPEG is damaged or cut off")
        kind, end = picture[at + 1], at + 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
        if end < at + 4 or end > len(picture):
            raise PictureFaultError("the JPEG is damaged or cut off")
        _check_segment(kind, picture[at + 4 : end], kinds)
        kinds.append(kind)
        at = end
    _check_scan(picture, at)


def _check_segment(kind: int, body: bytes, before: list[int]) -> None:
    if kind == _HEAD:
        if before or len(body) != _HEAD_BYTES or not body.startswith(b"JFIF\0"):
            raise PictureFaultError("the JPEG holds more than a picture: save it without extras")
    elif kind == _FRAME:
        if _FRAME in before:
            raise PictureFaultError("the JPEG is damaged or cut off")
        _check_frame(body)
    elif kind == _SCAN:
        if _FRAME not in before:
            raise PictureFaultError("the JPEG is damaged or cut off")
    elif 0xC0 <= kind <= 0xCF and kind not in _TABLES:
        raise PictureFaultError("the JPEG is of a rare kind: save it as a baseline JPEG")
    elif kind not in _TABLES:
        raise PictureFaultError("the JPEG holds more than a picture: save it without extras")


def _check_frame(body: bytes) -> None:
    if len(body) < 6 or body[0] != 8 or body[5] not in _COMPONENTS:
        raise PictureFaultError("the JPEG is of a rare kind: save it as a baseline JPEG")
    if len(body) != 6 + 3 * body[5]:
        raise PictureFaultError("the JPEG is damaged or cut off")
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    wide, high = limits.COVER_WIDTH_MAX, limits.COVER_HEIGHT_MAX
    if not (1 <= width <= wide and 1 <= height <= high):
        raise PictureFaultError(f"a cover is at most {wide} x {high} pixels")


def _check_scan(picture: bytes, at: int) -> None:
    """One scan to the very end: nothing follows it."""
    while True:
        at = picture.find(b"\xff", at)
        if at < 0 or at + 1 >= len(picture):
            raise PictureFaultError("the JPEG is damaged or cut off")
        kind = picture[at + 1]
        if kind == _END[1]:
            break
        if kind != 0 and kind not in _RESTARTS:
            raise PictureFaultError("the JPEG is of a rare kind: save it as a baseline JPEG")
        at += 2
    if at + len(_END) != len(picture):
        raise PictureFaultError("something follows the end of the JPEG")
