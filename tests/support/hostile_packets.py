"""What a hostile publisher may send to viewers: pictures that are wrong in every way, seeded.

Frames of real encoders are the seeds; each mutation is one trick. What comes out is a codec and a
payload, as a viewer's decoder gets them. Sizes stay within the wire's 2 MB.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

import av
import numpy as np

from tests.support.scheduling import scheduled_as_before
from wire.limits import MEDIA_MESSAGE_BYTES_MAX

START: Final = b"\x00\x00\x00\x01"
PAYLOAD_BYTES_MAX: Final = MEDIA_MESSAGE_BYTES_MAX - 64
CODECS: Final = ("h264", "h265", "av1")
SIZES: Final = ((128, 72), (160, 90), (64, 64), (322, 182))
FRAMES: Final = 8
_ENCODERS: Final = {"h264": "libx264", "h265": "libx265", "av1": "libsvtav1"}
_OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "h264": {"preset": "ultrafast", "tune": "zerolatency"},
    "h265": {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "x265-params": "log-level=none:repeat-headers=1:pools=1:frame-threads=1",
    },
    "av1": {"preset": "11", "svtav1-params": "lp=1:pred-struct=1"},
}
_SEI: Final = {"h264": b"\x06", "h265": b"\x4e\x01", "av1": b"\x2a"}
"""The header of supplemental information; of AV1 an OBU of metadata without a size."""


class HostilePacket(NamedTuple):
    codec: str
    """What the track says that it is."""
    payload: bytes
    trick: str


class Samples:
    """Good pictures of each codec and size, as access units, the first of each a keyframe."""

    def __init__(self) -> None:
        self.units = {
            (codec, size): encode(codec, *size, frames=FRAMES) for codec in CODECS for size in SIZES
        }

    def draw(self, chance: random.Random) -> tuple[str, bytes]:
        codec = chance.choices(CODECS, (6, 3, 1))[0]
        units = self.units[codec, chance.choice(SIZES)]
        return codec, units[0] if chance.random() < 0.5 else chance.choice(units)


@scheduled_as_before()
def encode(codec: str, width: int, height: int, *, frames: int = 1) -> list[bytes]:
    """Access units of moving stripes."""
    os.environ.setdefault("SVT_LOG", "0")  # it writes to standard error by itself
    encoder = av.CodecContext.create(_ENCODERS[codec], "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, 30), Fraction(30)
    encoder.options = dict(_OPTIONS[codec])
    units = []
    for index in range(frames):
        frame = av.VideoFrame(width, height, "yuv420p")
        for plane in frame.planes:
            lines = np.arange(plane.height, dtype=np.uint16)[:, np.newaxis]
            picture = (lines * 3 + index * 7) % 200 + 20
            whole = np.broadcast_to(picture, (plane.height, plane.line_size)).astype(np.uint8)
            plane.update(whole.tobytes())
        frame.pts = index
        units.extend(bytes(packet) for packet in encoder.encode(frame))
    units.extend(bytes(packet) for packet in encoder.encode(None))
    return units


def hostile_packets(seed: int, count: int, samples: Samples) -> Iterator[HostilePacket]:
    """The same for the same seed."""
    chance = random.Random(seed)
    names = tuple(TRICKS)
    weights = [1 if name in RARE else 12 for name in names]
    for _ in range(count):
        codec, unit = samples.draw(chance)
        trick = chance.choices(names, weights)[0]
        codec, payload = TRICKS[trick](chance, codec, unit, samples)
        yield HostilePacket(codec, payload[:PAYLOAD_BYTES_MAX], trick)


# --- tricks ---------------------------------------------------------------------------------------

_Made = tuple[str, bytes]


def _flip_bits(chance: random.Random, codec: str, unit: bytes, _samples: Samples) -> _Made:
    damaged = bytearray(unit)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return codec, bytes(damaged)


def _flip_headers(chance: random.Random, codec: str, unit: bytes, _samples: Samples) -> _Made:
    """Parameter sets and slice headers stand in the first bytes."""
    damaged = bytearray(unit)
    for _ in range(chance.randint(1, 6)):
        damaged[chance.randrange(min(60, len(damaged)))] ^= 1 << chance.randrange(8)
    return codec, bytes(damaged)


def _set_bytes(chance: random.Random, codec: str, unit: bytes, _samples: Samples) -> _Made:
    damaged = bytearray(unit)
    for _ in range(chance.randint(1, 20)):
        damaged[chance.randrange(len(damaged))] = chance.choice((0, 1, 3, 0x7F, 0x80, 0xFF))
    return codec, bytes(damaged)


def _truncate(chance: random.Random, codec: str, unit: bytes, _samples: Samples) -> _Made:
    return codec, unit[: chance.randrange(len(unit))]


def _cut_out(chance: random.Random, codec: str, unit: bytes, _samples: Samples) -> _Made:
    start = chance.randrange(len(unit))
    return codec, unit[:start] + unit[start + chance.randint(1, 40) :]


def _insert(chance: random.Random, codec: str, unit: bytes, _samples: Samples) -> _Made:
    at = chance.randrange(len(unit))
    return codec, unit[:at] + chance.randbytes(chance.randint(1, 40)) + unit[at:]


def _repeat(chance: random.Random, codec: str, unit: bytes, _samples: Samples) -> _Made:
    return codec, unit * chance.randint(2, 8)


def _swap_sizes(chance: random.Random, codec: str, unit: bytes, samples: Samples) -> _Made:
    """Another stream's picture in the middle of this one: its parameter sets change."""
    others = samples.units[codec, chance.choice(SIZES)]
    return codec, chance.choice(others)


def _mix(chance: random.Random, codec: str, unit: bytes, samples: Samples) -> _Made:
    """One stream's parameter sets before another's slices, in one unit."""
    other = samples.units[codec, chance.choice(SIZES)][0]
    return codec, other[: chance.randrange(len(other))] + unit


def _wrong_codec(chance: random.Random, _codec: str, unit: bytes, _samples: Samples) -> _Made:
    return chance.choice(CODECS), unit


def _noise(chance: random.Random, codec: str, _unit: bytes, _samples: Samples) -> _Made:
    return codec, chance.randbytes(chance.randint(1, 2000))


def _noisy_units(chance: random.Random, codec: str, _unit: bytes, _samples: Samples) -> _Made:
    """Every kind of unit there is, full of noise."""
    parts = [
        START + bytes((chance.randrange(128),)) + chance.randbytes(chance.randint(0, 60))
        for _ in range(chance.randint(1, 30))
    ]
    return codec, b"".join(parts)


def _add_noisy_unit(chance: random.Random, codec: str, unit: bytes, _samples: Samples) -> _Made:
    noise = START + bytes((chance.randrange(128),)) + chance.randbytes(chance.randint(0, 60))
    return codec, noise + unit if chance.random() < 0.5 else unit + noise


def _huge_sei(chance: random.Random, codec: str, unit: bytes, _samples: Samples) -> _Made:
    length = chance.choice((1000, 100_000, PAYLOAD_BYTES_MAX - len(unit) - 16))
    body = chance.choice((b"\xff", b"\x00", b"\x05\xff", b"\x04\x80"))
    sei = START + _SEI[codec] + (body * (length // len(body)))
    return codec, sei + unit


def _many_units(chance: random.Random, codec: str, unit: bytes, _samples: Samples) -> _Made:
    """As many start codes as fit."""
    count = chance.choice((1000, 100_000, 400_000))
    return codec, b"\x00\x00\x01\x09" * count + unit


Trick = Callable[[random.Random, str, bytes, Samples], _Made]
TRICKS: Final[Mapping[str, Trick]] = {
    "bits": _flip_bits,
    "headers": _flip_headers,
    "bytes": _set_bytes,
    "truncated": _truncate,
    "cut out": _cut_out,
    "inserted": _insert,
    "repeated": _repeat,
    "other size": _swap_sizes,
    "mixed streams": _mix,
    "wrong codec": _wrong_codec,
    "noise": _noise,
    "noisy units": _noisy_units,
    "one more unit": _add_noisy_unit,
    "huge SEI": _huge_sei,
    "many units": _many_units,
}
RARE: Final = frozenset({"huge SEI", "many units"})
"""Up to 2 MB each: a few of them are enough."""
