"""Which NAL units an Annex B access unit holds. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_START: Final = b"\x00\x00\x01"
_SETS: Final = {"h264": frozenset({7, 8}), "h265": frozenset({32, 33, 34})}
"""SPS and PPS; VPS, SPS and PPS."""

_HEAD_BYTES_MAX: Final = 4096
"""Parameter sets stand at the head: slices behind are not searched."""


def is_annex_b(data: bytes) -> bool:
    return data.startswith((_START, b"\x00" + _START))


def nal_types(data: bytes, codec: str) -> Iterator[int]:
    """The types of the NAL units in `data`, in order. `codec` is `h264` or `h265`."""
    place = data.find(_START)
    while 0 <= place < len(data) - 3:
        header = data[place + 3]
        yield header & 0x1F if codec == "h264" else header >> 1 & 0x3F
        place = data.find(_START, place + 3)


def has_parameter_sets(data: bytes, codec: str) -> bool:
    """Whether the head of an access unit holds all that a decoder needs to begin."""
    return _SETS[codec] <= set(nal_types(data[:_HEAD_BYTES_MAX], codec))
