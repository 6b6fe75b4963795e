"""PNGs made by hand, good ones and others."""

from __future__ import annotations

import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def header(  # what stands in an IHDR
    width: int, height: int, *, depth: int = 8, color: int = 6, rest: bytes = b"\0\0\0"
) -> bytes:
    sides = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return chunk(b"IHDR", sides + bytes((depth, color)) + rest)


def make_png(width: int, height: int, rgba: bytes = b"\xff\x40\x40\xff") -> bytes:
    """One colour."""
    rows = (b"\0" + rgba * width) * height
    return SIGNATURE + header(width, height) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND")
