from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING

import pytest

from benchmarks.harness.packet_schedule import (
    AUDIO_BYTES,
    AUDIO_PER_S,
    BIT_RATE_BPS,
    GOP_S,
    LENGTH_S,
    PACKETS_PER_S,
    VIDEO_PER_S,
    PacketSchedule,
    make_schedule,
    make_video_sizes,
    restamp,
    write_file,
)
from wire.media_packet import Kind, MediaPacket, parse

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def schedule() -> PacketSchedule:
    return make_schedule()


def test_schedule_comes_to_its_bit_rate(schedule: PacketSchedule) -> None:
    assert schedule.message_bytes * 8 == BIT_RATE_BPS * LENGTH_S
    assert len(schedule.packets) == PACKETS_PER_S * LENGTH_S


def test_schedule_of_the_same_seed_is_the_same() -> None:
    assert make_schedule(3) == make_schedule(3)
    assert make_schedule(3) != make_schedule(4)


def test_schedule_is_in_the_order_of_time_within_its_length(schedule: PacketSchedule) -> None:
    due = [each.due_us for each in schedule.packets]
    assert due == sorted(due)
    assert due[0] >= 0
    assert due[-1] < LENGTH_S * 1_000_000


def test_schedule_has_a_keyframe_at_the_start_of_each_gop(schedule: PacketSchedule) -> None:
    keyframes = [each.due_us for each in schedule.packets if each.packet.is_keyframe]
    assert keyframes == [gop * GOP_S * 1_000_000 for gop in range(LENGTH_S // GOP_S)]


def test_video_sizes_are_realistic() -> None:
    sizes = make_video_sizes(random.Random(1))
    keyframes = sizes[:: VIDEO_PER_S * GOP_S]
    others = [size for index, size in enumerate(sizes) if index % (VIDEO_PER_S * GOP_S)]
    assert all(55_000 < size < 65_000 for size in keyframes)
    assert all(2_000 < size < 30_000 for size in others)


def test_audio_packets_have_one_size(schedule: PacketSchedule) -> None:
    audio = [each.packet for each in schedule.packets if each.packet.kind is Kind.AUDIO]
    assert {24 + len(packet.payload) for packet in audio} == {AUDIO_BYTES}


def test_restamp_goes_on_where_the_turn_before_ended(schedule: PacketSchedule) -> None:
    first = next(each for each in schedule.packets if each.packet.kind is Kind.AUDIO)
    again = parse(restamp(first, turn=2, captured_at_unix_us=5))
    assert again == MediaPacket(
        **{
            **first.packet._asdict(),
            "sequence": 2 * AUDIO_PER_S * LENGTH_S,
            "pts_us": first.packet.pts_us + 2 * LENGTH_S * 1_000_000,
            "captured_at_unix_us": 5,
        }
    )


def test_file_holds_every_message(schedule: PacketSchedule, tmp_path: Path) -> None:
    path = tmp_path / "schedule"
    write_file(schedule, path)
    data = path.read_bytes()
    magic, packets, length_us, video, audio = struct.unpack_from("<8sQQQQ", data)
    assert (magic, packets, length_us) == (b"LHSCHED1", len(schedule.packets), 10_000_000)
    assert (video, audio) == (VIDEO_PER_S * LENGTH_S, AUDIO_PER_S * LENGTH_S)
    offset = struct.calcsize("<8sQQQQ")
    for each in schedule.packets:
        due_us, size, _ = struct.unpack_from("<QII", data, offset)
        offset += struct.calcsize("<QII")
        assert due_us == each.due_us
        assert parse(data[offset : offset + size]) == each.packet
        offset += size
    assert offset == len(data)
