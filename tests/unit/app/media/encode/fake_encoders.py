"""Encoders that behave, die, or fall silent, as a test wants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.media.encode.video_encoder import EncodedPicture, EncoderSettings
from app.media.errors import EncoderFailed

if TYPE_CHECKING:
    import av

KEYFRAME = b"\x00\x00\x00\x01\x67\x00\x00\x00\x01\x68\x00\x00\x00\x01\x65\x00"
PICTURE = b"\x00\x00\x00\x01\x41\x00"


class FakeEncoder:
    def __init__(self, name: str, bench: EncoderBench) -> None:
        self.name = name
        self._bench = bench
        self.bit_rate_bps = 0
        self.settings: EncoderSettings | None = None
        self.encoded = 0

    def encode(
        self, image: av.VideoFrame, *, pts_us: int, force_keyframe: bool
    ) -> list[EncodedPicture]:
        if self.name in self._bench.dying and self.encoded >= self._bench.lives:
            raise EncoderFailed("the driver is gone")
        if self.name in self._bench.silent and self.encoded >= self._bench.lives:
            return []
        self.encoded += 1
        return [EncodedPicture(KEYFRAME if force_keyframe else PICTURE, pts_us, force_keyframe)]

    def set_bit_rate(self, bit_rate_bps: int) -> None:
        self.bit_rate_bps = bit_rate_bps

    def flush(self) -> list[EncodedPicture]:
        return []

    def close(self) -> None:
        self._bench.closed.append(self.name)


@dataclass
class EncoderBench:
    """Opens fake encoders; those named in `broken` do not open."""

    broken: frozenset[str] = frozenset()
    dying: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    lives: int = 5
    opened: list[FakeEncoder] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    def open(self, name: str, settings: EncoderSettings) -> FakeEncoder:
        if name in self.broken:
            raise EncoderFailed(f"{name} has no device")
        encoder = FakeEncoder(name, self)
        encoder.bit_rate_bps = settings.bit_rate_bps
        encoder.settings = settings
        self.opened.append(encoder)
        return encoder
