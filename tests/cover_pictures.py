"""Covers for tests: a good frame around bytes that need no decoder."""

from __future__ import annotations

BEGIN, END = b"\xff\xd8", b"\xff\xd9"
JFIF = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"


def segment(kind: int, body: bytes) -> bytes:
    return bytes((0xFF, kind)) + (len(body) + 2).to_bytes(2, "big") + body


def frame(width: int, height: int, kind: int = 0xC0) -> bytes:
    sides = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return segment(kind, b"\x08" + sides + b"\x01\x01\x11\0")


def make_jpeg(width: int = 640, height: int = 360, scan: bytes = b"\x12\xff\0\x34") -> bytes:
    head = BEGIN + segment(0xE0, JFIF) + segment(0xDB, b"\0" * 65) + frame(width, height)
    return head + segment(0xC4, b"\0" * 17) + segment(0xDA, b"\x01\x01\0\0\x3f\0") + scan + END
