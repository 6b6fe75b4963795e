"""The packets of one 2.5 Mbit/s room, the same in every run: sizes, moments and bytes.

    30 video packets a second, a keyframe of about 60 KB every 2 s, the others around 9 KB
    50 audio packets a second of 320 bytes, as Opus at 128 kbit/s makes them

A schedule lasts `LENGTH_S` and is repeated: sequence and pts go on, the payloads come round again.
`write_file` puts it where the C sender reads it, so that both senders send literally the same.
"""

from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from wire.media_packet import HEADER_BYTES, Flags, Kind, MediaPacket, pack

if TYPE_CHECKING:
    from pathlib import Path

BIT_RATE_BPS: Final = 2_500_000
"""Headers included: what one viewer's link carries, less WebSocket and TCP framing."""
VIDEO_PER_S: Final = 30
AUDIO_PER_S: Final = 50
PACKETS_PER_S: Final = VIDEO_PER_S + AUDIO_PER_S
GOP_S: Final = 2
LENGTH_S: Final = 10
KEYFRAME_BYTES: Final = 60_000
AUDIO_BYTES: Final = 320
"""Header included."""
AUDIO_PHASE_US: Final = 7_000
"""Sound is not cut at the same instants as pictures; 7 ms never coincides with them."""

_SIZE_SIGMA: Final = 0.35
"""Spread of the sizes between keyframes (log-normal): the largest are 2.5 times the median."""
_PARAMETER_SETS: Final = bytes.fromhex(
    "00000001 6742c01f da014016 e8400000 03004000 000c83c6 0ca8 00000001 68ce0f2c80"
)
"""Of a baseline encoder at 1280x720."""
_FILE_MAGIC: Final = b"LHSCHED1"
_FILE_HEADER: Final = struct.Struct("<8sQQQQ")
_FILE_RECORD: Final = struct.Struct("<QII")


class ScheduledPacket(NamedTuple):
    due_us: int
    """When it is sent, since the schedule began; also its pts."""
    packet: MediaPacket
    """As of the first time round; `captured_at_unix_us` is 0 until it is sent."""


class PacketSchedule(NamedTuple):
    packets: tuple[ScheduledPacket, ...]
    """In the order of `due_us`."""

    @property
    def message_bytes(self) -> int:
        return sum(HEADER_BYTES + len(each.packet.payload) for each in self.packets)


def make_schedule(seed: int = 1) -> PacketSchedule:
    chance = random.Random(seed)  # noqa: S311 # sizes must repeat, and keep no secret
    video = [
        _scheduled(Kind.VIDEO, index, round(index * 1_000_000 / VIDEO_PER_S), size, chance)
        for index, size in enumerate(make_video_sizes(chance))
    ]
    audio = [
        _scheduled(
            Kind.AUDIO,
            index,
            AUDIO_PHASE_US + round(index * 1_000_000 / AUDIO_PER_S),
            AUDIO_BYTES,
            chance,
        )
        for index in range(AUDIO_PER_S * LENGTH_S)
    ]
    return PacketSchedule(tuple(sorted(video + audio, key=lambda each: each.due_us)))


def make_video_sizes(chance: random.Random) -> list[int]:
    """Message sizes, frame by frame; each GOP comes to exactly its share of the bit rate."""
    gop_bytes = (BIT_RATE_BPS // 8 - AUDIO_PER_S * AUDIO_BYTES) * GOP_S
    sizes: list[int] = []
    for _ in range(LENGTH_S // GOP_S):
        keyframe_bytes = round(KEYFRAME_BYTES * chance.uniform(0.95, 1.05))
        weights = [chance.lognormvariate(0, _SIZE_SIGMA) for _ in range(VIDEO_PER_S * GOP_S - 1)]
        scale = (gop_bytes - keyframe_bytes) / sum(weights)
        others = [round(weight * scale) for weight in weights]
        others[-1] += gop_bytes - keyframe_bytes - sum(others)
        sizes += [keyframe_bytes, *others]
    return sizes


def restamp(each: ScheduledPacket, turn: int, captured_at_unix_us: int) -> bytes:
    """The message of a packet on the given time round (0 is the first)."""
    per_turn = (VIDEO_PER_S if each.packet.kind is Kind.VIDEO else AUDIO_PER_S) * LENGTH_S
    return pack(
        each.packet._replace(
            sequence=each.packet.sequence + turn * per_turn,
            pts_us=each.packet.pts_us + turn * LENGTH_S * 1_000_000,
            captured_at_unix_us=captured_at_unix_us,
        )
    )


def write_file(schedule: PacketSchedule, path: Path) -> None:
    """The file that benchmarks/native/sender.c reads: little-endian, a header, then records.

    header  magic[8], packets, length in us, video packets a turn, audio packets a turn (all u64)
    record  due_us u64, message bytes u32, padding u32, then the message itself
    """
    with path.open("wb") as file:
        file.write(
            _FILE_HEADER.pack(
                _FILE_MAGIC,
                len(schedule.packets),
                LENGTH_S * 1_000_000,
                VIDEO_PER_S * LENGTH_S,
                AUDIO_PER_S * LENGTH_S,
            )
        )
        for each in schedule.packets:
            message = pack(each.packet)
            file.write(_FILE_RECORD.pack(each.due_us, len(message), 0))
            file.write(message)


def _payload(kind: Kind, size: int, chance: random.Random, *, is_keyframe: bool) -> bytes:
    """Chance bytes behind what a recording needs to take them for H.264."""
    head = b""
    if kind is Kind.VIDEO:
        head = _PARAMETER_SETS + b"\0\0\0\1\x65" if is_keyframe else b"\0\0\0\1\x41"
    return head + chance.randbytes(size - len(head))


def _scheduled(
    kind: Kind, index: int, due_us: int, message_bytes: int, chance: random.Random
) -> ScheduledPacket:
    is_keyframe = kind is Kind.VIDEO and index % (VIDEO_PER_S * GOP_S) == 0
    return ScheduledPacket(
        due_us,
        MediaPacket(
            kind=kind,
            layer=0,
            flags=Flags.KEYFRAME if is_keyframe else Flags.NONE,
            sequence=index,
            pts_us=due_us,
            captured_at_unix_us=0,
            payload=_payload(kind, message_bytes - HEADER_BYTES, chance, is_keyframe=is_keyframe),
        ),
    )
