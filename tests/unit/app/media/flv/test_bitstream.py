from __future__ import annotations

import pytest

from app.media.errors import SourceUnsupported
from app.media.flv.bitstream import (
    START,
    find_avc_config,
    pack_units,
    parse_avc_config,
    parse_hevc_config,
    split_annex_b,
)

SPS, PPS, SLICE = b"\x67\x42\xc0\x1f\xaa", b"\x68\xce\x3c\x80\x01", b"\x65" + b"\x88\x84\x05" * 90


def _annex_b(*units: bytes) -> bytes:
    return b"".join(START + unit for unit in units)


def test_split_when_start_codes_are_short_and_long_then_all_units_come() -> None:
    assert split_annex_b(START + SPS + b"\x00\x00\x01" + PPS + START + SLICE) == [SPS, PPS, SLICE]


def test_to_annex_b_when_what_was_packed_comes_back_then_it_is_the_same_access_unit() -> None:
    units = split_annex_b(_annex_b(SPS, PPS, SLICE))
    config = find_avc_config(units)
    assert config is not None
    parsed = parse_avc_config(config)
    assert parsed.to_annex_b(pack_units(units), is_keyframe=True) == _annex_b(SPS, PPS, SLICE)


def test_to_annex_b_when_it_is_no_keyframe_then_no_sets_are_added() -> None:
    config = find_avc_config([SPS, PPS])
    assert config is not None
    packed = pack_units([b"\x41" + SLICE])
    assert parse_avc_config(config).to_annex_b(packed, is_keyframe=False) == _annex_b(
        b"\x41" + SLICE
    )


@pytest.mark.parametrize("size", range(30))
def test_parse_when_the_setup_is_cut_short_then_it_is_refused(size: int) -> None:
    config = find_avc_config([SPS, PPS])
    assert config is not None
    with pytest.raises(SourceUnsupported):
        parse_avc_config(config[: min(size, len(config) - 1)])
    with pytest.raises(SourceUnsupported):
        parse_hevc_config(bytes(size))


def test_to_annex_b_when_a_unit_is_longer_than_the_picture_then_it_is_refused() -> None:
    config = find_avc_config([SPS, PPS])
    assert config is not None
    with pytest.raises(SourceUnsupported):
        parse_avc_config(config).to_annex_b(b"\x00\x00\x00\xffabc", is_keyframe=False)
