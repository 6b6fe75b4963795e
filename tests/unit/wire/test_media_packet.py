"""The binary header: golden files, bounds, and whatever bytes may come."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import PacketError
from wire.limits import LAYERS_MAX, MEDIA_MESSAGE_BYTES_MAX, PTS_US_MAX
from wire.media_packet import (
    HEADER_BYTES,
    SEQUENCE_MODULUS,
    Flags,
    Kind,
    MediaPacket,
    pack,
    parse,
    parse_header,
    sequence_distance,
)

GOLDEN = Path(__file__).parent / "golden"
GOLDEN_NAMES = sorted(path.stem for path in GOLDEN.glob("*.bin"))

packets = st.builds(
    MediaPacket,
    kind=st.sampled_from(Kind),
    layer=st.integers(-1, LAYERS_MAX),
    flags=st.integers(0, 15).map(Flags),
    sequence=st.integers(0, SEQUENCE_MODULUS - 1),
    pts_us=st.integers(-1, PTS_US_MAX + 1),
    captured_at_unix_us=st.integers(-1, PTS_US_MAX + 1),
    payload=st.binary(max_size=64),
)


def a_packet(**changes: Any) -> MediaPacket:
    packet = MediaPacket(Kind.VIDEO, 1, Flags.KEYFRAME, 7, 1_000, 1_700_000_000_000_000, b"payload")
    return packet._replace(**changes)


def golden_packet(name: str) -> MediaPacket:
    fields = msgspec.json.decode((GOLDEN / f"{name}.json").read_bytes())
    return MediaPacket(
        Kind(fields["kind"]),
        fields["layer"],
        Flags(fields["flags"]),
        fields["sequence"],
        fields["pts_us"],
        fields["captured_at_unix_us"],
        bytes.fromhex(fields["payload_hex"]),
    )


def test_golden_files_when_listed_then_each_has_both_halves() -> None:
    assert len(GOLDEN_NAMES) >= 4
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == GOLDEN_NAMES


@pytest.mark.parametrize("name", GOLDEN_NAMES)
def test_pack_when_given_golden_fields_then_makes_golden_bytes(name: str) -> None:
    assert pack(golden_packet(name)).hex(" ") == (GOLDEN / f"{name}.bin").read_bytes().hex(" ")


@pytest.mark.parametrize("name", GOLDEN_NAMES)
def test_parse_when_given_golden_bytes_then_reads_golden_fields(name: str) -> None:
    assert parse((GOLDEN / f"{name}.bin").read_bytes()) == golden_packet(name)


@given(packets)
def test_pack_when_a_field_does_not_fit_then_refuses_else_round_trips(packet: MediaPacket) -> None:
    try:
        message = pack(packet)
    except ValueError:
        assert not _fits(packet)
    else:
        assert _fits(packet)
        assert parse(message) == packet


def _fits(packet: MediaPacket) -> bool:
    highest = LAYERS_MAX - 1 if packet.kind is Kind.VIDEO else 0
    return (
        0 <= packet.layer <= highest
        and 0 <= packet.pts_us <= PTS_US_MAX
        and 0 <= packet.captured_at_unix_us <= PTS_US_MAX
    )


@given(st.binary(max_size=200))
def test_parse_when_given_random_bytes_then_raises_nothing_but_packet_error(message: bytes) -> None:
    try:
        packet = parse(message)
    except PacketError:
        return
    assert pack(packet) == message


@pytest.mark.parametrize(
    ("offset", "value", "words"),
    [
        (0, 0, "version 0"),
        (0, 2, "version 2"),
        (1, 0, "kind 0"),
        (1, 4, "kind 4"),
        (2, LAYERS_MAX, "layer 4"),
        (3, 16, "flags 0x10"),
        (8, 0x80, "63-bit"),
        (16, 0x80, "63-bit"),
    ],
)
def test_parse_when_one_byte_is_wrong_then_names_it(offset: int, value: int, words: str) -> None:
    message = bytearray(pack(a_packet()))
    message[offset] = value
    with pytest.raises(PacketError, match=words):
        parse_header(bytes(message))


@pytest.mark.parametrize("kind", [Kind.AUDIO, Kind.DATA])
def test_parse_when_sound_or_data_has_a_layer_then_refuses(kind: Kind) -> None:
    message = bytearray(pack(a_packet(kind=kind, layer=0)))
    message[2] = 1
    with pytest.raises(PacketError, match="layer 1"):
        parse_header(bytes(message))


@pytest.mark.parametrize("size", [0, 1, HEADER_BYTES - 1])
def test_parse_when_shorter_than_a_header_then_refuses(size: int) -> None:
    with pytest.raises(PacketError, match=f"got {size}"):
        parse(bytes(size))


def test_largest_message_when_packed_then_parses_and_one_byte_more_does_not() -> None:
    payload = bytes(MEDIA_MESSAGE_BYTES_MAX - HEADER_BYTES)
    message = pack(a_packet(payload=payload))
    assert len(message) == MEDIA_MESSAGE_BYTES_MAX
    assert parse(message).payload == payload
    with pytest.raises(ValueError, match="too large"):
        pack(a_packet(payload=payload + b"x"))
    with pytest.raises(PacketError, match="at most"):
        parse_header(message + b"x")


def test_pack_when_the_sequence_wraps_then_starts_again_at_zero() -> None:
    assert parse(pack(a_packet(sequence=SEQUENCE_MODULUS))).sequence == 0
    assert parse(pack(a_packet(sequence=SEQUENCE_MODULUS + 5))).sequence == 5


@pytest.mark.parametrize(
    ("earlier", "later", "distance"),
    [
        (0, 0, 0),
        (5, 6, 1),
        (6, 5, -1),
        (SEQUENCE_MODULUS - 1, 0, 1),
        (SEQUENCE_MODULUS - 10, 15, 25),
        (0, SEQUENCE_MODULUS - 1, -1),
        (0, SEQUENCE_MODULUS // 2 - 1, SEQUENCE_MODULUS // 2 - 1),
        (0, SEQUENCE_MODULUS // 2, -(SEQUENCE_MODULUS // 2)),
    ],
)
def test_sequence_distance_when_across_the_wrap_then_counts_on(
    earlier: int, later: int, distance: int
) -> None:
    assert sequence_distance(earlier, later) == distance


@given(
    st.integers(0, SEQUENCE_MODULUS - 1),
    st.integers(-(SEQUENCE_MODULUS // 2), SEQUENCE_MODULUS // 2 - 1),
)
def test_sequence_distance_when_a_number_of_packets_later_then_is_that_number(
    start: int, steps: int
) -> None:
    assert sequence_distance(start, (start + steps) % SEQUENCE_MODULUS) == steps
