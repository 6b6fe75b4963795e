from __future__ import annotations

import pytest

from app.net.rtmp import amf
from app.net.rtmp.errors import RtmpError


def test_pack_when_parsed_again_then_every_kind_comes_back() -> None:
    values: list[amf.Value] = [
        "connect", 1.0, None, True, {"app": "live", "deep": {"n": 2.5}}, ["a", 1.0], "長" * 30_000,
    ]  # fmt: skip
    assert amf.parse(amf.pack(*values)) == values


def test_parse_when_an_ecma_array_lies_about_its_count_then_the_end_mark_decides() -> None:
    data = b"\x08\x00\x00\x00\x63" + b"\x00\x01a" + amf.pack(1.0) + b"\x00\x00\x09"
    assert amf.parse(data) == [{"a": 1.0}]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00",
        b"\x02\xff\xffabc",
        b"\x03\x00\x01a",
        b"\x0a\xff\xff\xff\xff",
        b"\x0a\x00\x00\x00\x01" * 20,
        b"\x7f",
        b"\x05" * 1000,
    ],
)
def test_parse_when_data_is_hostile_then_it_is_refused(data: bytes) -> None:
    with pytest.raises(RtmpError):
        amf.parse(data)
