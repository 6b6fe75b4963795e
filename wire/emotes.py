"""Emotes: `:name:` in a text. The names that every room has, and what a picture may be. Pure.

Both ends check a picture before anything decodes it: the relay when it is added, a client when it
comes. Chunks that carry words, times or places are not allowed: a picture is a picture.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

from wire import limits
from wire.picture_checks import PictureFaultError, describe_fault, name_by_content

BUILT_IN: Final = (
    "heart",
    "laugh",
    "cry",
    "wow",
    "cool",
    "angry",
    "sleepy",
    "clap",
    "fire",
    "party",
    "cat",
    "flower",
    "star",
    "gg",
)
"""Drawn by the client itself, in every room."""
_NAME: Final = re.compile(
    f"[a-z0-9_]{{{limits.EMOTE_NAME_CHARACTERS_MIN},{limits.EMOTE_NAME_CHARACTERS_MAX}}}"
)
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER_BYTES: Final = 13
_AROUND_BYTES: Final = 12
"""Of a chunk: its length, its kind and its checksum."""
_DEPTHS: Final = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
"""By colour type."""
_BESIDE: Final = frozenset({b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"tRNS"})


def is_name(name: str) -> bool:
    """Whether a room's emote may be called so."""
    return _NAME.fullmatch(name) is not None and name not in BUILT_IN


def make_emote_id(picture: bytes) -> str:
    return name_by_content(picture)


def find_fault(picture: bytes) -> str | None:
    """What keeps a picture from being an emote, in words; None: it may be one."""
    return describe_fault(_check, picture)


def _check(picture: bytes) -> None:
    if len(picture) > limits.EMOTE_BYTES_MAX:
        raise PictureFaultError(f"an emote has at most {limits.EMOTE_BYTES_MAX} bytes")
    if not picture.startswith(_SIGNATURE):
        raise PictureFaultError("an emote is a PNG")
    kinds: list[bytes] = []
    at = len(_SIGNATURE)
    while at < len(picture):
        end = at + _AROUND_BYTES + int.from_bytes(picture[at : at + 4], "big")
        if end > len(picture):
            raise PictureFaultError("the PNG is cut off")
        kind, body = picture[at + 4 : at + 8], picture[at + 8 : end - 4]
        if zlib.crc32(kind + body) != int.from_bytes(picture[end - 4 : end], "big"):
            raise PictureFaultError("the PNG is damaged")
        _check_chunk(kind, body, kinds)
        kinds.append(kind)
        at = end
    if kinds[-1:] != [b"IEND"] or b"IDAT" not in kinds:
        raise PictureFaultError("the PNG is cut off")


def _check_chunk(kind: bytes, body: bytes, before: list[bytes]) -> None:
    if not before or kind == b"IHDR":
        if before or kind != b"IHDR":
            raise PictureFaultError("the PNG does not begin with its header")
        _check_header(body)
    elif before[-1] == b"IEND":
        raise PictureFaultError("something follows the end of the PNG")
    elif kind == b"IDAT":
        if b"IDAT" in before and before[-1] != b"IDAT":
            raise PictureFaultError("the picture stands in two places of the PNG")
    elif kind == b"PLTE" or kind in _BESIDE:
        if kind in before or b"IDAT" in before:
            raise PictureFaultError("the PNG is damaged")
    elif kind != b"IEND":
        raise PictureFaultError(
            "the PNG holds more than a picture: save it without text and extras"
        )
    elif body:
        raise PictureFaultError("the PNG is damaged")


def _check_header(body: bytes) -> None:
    if len(body) != _HEADER_BYTES:
        raise PictureFaultError("the PNG does not begin with its header")
    width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
    side_max = limits.EMOTE_SIDE_MAX
    if not (1 <= width <= side_max and 1 <= height <= side_max):
        raise PictureFaultError(f"an emote is at most {side_max} x {side_max} pixels")
    depth, color, packing, filtering, interlacing = body[8:]
    if depth not in _DEPTHS.get(color, ()) or packing or filtering or interlacing > 1:
        raise PictureFaultError("the PNG is of no known kind")
