"""Samples of a file as packets of a stream: what a decoder needs stands in every keyframe. Pure.

In a file parameter sets stand apart (avcC, hvcC, av1C) and each unit has its length before it; the
decoders of this program take a stream (Annex B, or OBUs), as a broadcast is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.media.replay.fragments import Codec

_START: Final = b"\x00\x00\x00\x01"
_AV1_HEAD_BYTES: Final = 4


class Repacker:
    """Of one track. What does not fit together gives bytes that no decoder will take."""

    def __init__(self, codec: Codec | None, extradata: bytes) -> None:
        self._has_units = codec in {"h264", "h265"}
        self._length_bytes = 4
        self._setup = b""
        try:
            if codec == "h264":
                self._read_avc(extradata)
            elif codec == "h265":
                self._read_hevc(extradata)
            elif codec == "av1":
                self._setup = extradata[_AV1_HEAD_BYTES:]
        except IndexError:
            self._setup = b""

    def repack(self, payload: bytes, *, is_sync: bool) -> bytes:
        setup = self._setup if is_sync else b""
        if not self._has_units:
            return setup + payload
        pieces, at, width = [setup], 0, self._length_bytes
        while at + width <= len(payload):
            size = int.from_bytes(payload[at : at + width], "big")
            at += width
            pieces += (_START, payload[at : at + size])
            at += size
        return b"".join(pieces)

    def _read_avc(self, data: bytes) -> None:
        self._length_bytes = (data[4] & 3) + 1
        at = 5
        for mask in (0x1F, 0xFF):  # sequences, then pictures
            count, at = data[at] & mask, at + 1
            for _ in range(count):
                at = self._take(data, at)

    def _read_hevc(self, data: bytes) -> None:
        self._length_bytes = (data[21] & 3) + 1
        at = 23
        for _ in range(data[22]):
            count, at = int.from_bytes(data[at + 1 : at + 3], "big"), at + 3
            for _ in range(count):
                at = self._take(data, at)

    def _take(self, data: bytes, at: int) -> int:
        """One set more; where the next one begins."""
        size = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + size > len(data):
            raise IndexError(at)
        self._setup += _START + data[at + 2 : at + 2 + size]
        return at + 2 + size
